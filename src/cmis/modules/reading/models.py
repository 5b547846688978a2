"""Reading books, their periods and rows, and the append-only readings behind them (READ)."""

from django.db import models


class Book(models.Model):
    """A reading book (sổ ghi chỉ số): points read on one walk."""

    code = models.CharField(max_length=20, unique=True)
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT)
    name = models.CharField(max_length=120, blank=True)
    is_boundary = models.BooleanField(default=False)
    reader = models.ForeignKey("organisation.Staff", null=True, on_delete=models.PROTECT)


class BookPeriod(models.Model):
    """A book in one billing month: the run that passes through the recorded steps."""

    class State(models.TextChoices):
        PREPARED = "prepared"
        EXPORTED = "exported"
        RECEIVED = "received"
        CHECKED = "checked"
        CONFIRMED = "confirmed"
        RATED = "rated"
        CLEARED = "cleared"  # result confirmed (gate 2)
        ISSUED = "issued"
        SENT = "sent"
        LOCKED = "locked"

    code = models.CharField(max_length=40, unique=True)  # PX0100101-2026-7-1
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="periods")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT)
    year = models.IntegerField()
    month = models.IntegerField()
    cycle = models.IntegerField()
    first_day = models.DateField()
    planned_last_day = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices)
    holder = models.CharField(max_length=80, blank=True)  # who has the book out; one at a time
    exported_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    row_count = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["book", "year", "month", "cycle"], name="one_period_of_a_book"
            )
        ]


class BookRow(models.Model):
    """One register in one period. Facts of the export never change; the last block does."""

    class State(models.TextChoices):
        OPEN = "open"  # no accepted reading yet
        RECEIVED = "received"  # a reading was accepted, not checked
        HELD = "held"  # a finding waits for somebody
        CONFIRMED = "confirmed"  # may be billed
        BILLED = "billed"
        CARRIED = "carried"  # never settled: the next period of the book goes on from here

    period = models.ForeignKey(BookPeriod, on_delete=models.PROTECT, related_name="rows")
    key = models.BigIntegerField()  # register-in-period id of the exchange files
    point = models.ForeignKey("metering.MeteringPoint", on_delete=models.PROTECT)
    installation = models.ForeignKey("metering.Installation", on_delete=models.PROTECT)
    register_kind = models.CharField(max_length=2)
    walk_code = models.CharField(max_length=12, blank=True)
    position = models.IntegerField()  # order in the file
    multiplier = models.DecimalField(max_digits=12, decimal_places=3)
    dial_digits = models.IntegerField(null=True)
    previous_index = models.DecimalField(max_digits=14, decimal_places=3)
    previous_kwh = models.DecimalField(max_digits=16, decimal_places=3)
    history_kwh = models.JSONField(default=list)  # three periods, newest first, as strings
    removed_kwh = models.DecimalField(max_digits=16, decimal_places=3)
    direct_kwh = models.DecimalField(max_digits=16, decimal_places=3)
    first_day = models.DateField()
    planned_last_day = models.DateField()
    household_count = models.DecimalField(max_digits=8, decimal_places=2)
    price_text = models.CharField(max_length=400)
    exchange = models.JSONField()  # outbound columns as text, in file order

    state = models.CharField(max_length=10, choices=State.choices)
    current_index = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    state_code = models.CharField(max_length=1, blank=True)
    consumption_kwh = models.DecimalField(max_digits=16, decimal_places=3, null=True)
    last_day = models.DateField(null=True)
    is_estimated = models.BooleanField(default=False)
    reading = models.ForeignKey("ReadingEvent", null=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "key"], name="one_row_of_a_key")]
        indexes = [
            models.Index(fields=["point", "register_kind"], name="row_point_register"),
            models.Index(fields=["key"], name="row_key"),
        ]


class ReadingEvent(models.Model):
    """One reading as it came, for ever (a trigger refuses change; SEC-01, READ-12, READ-19)."""

    event_uuid = models.UUIDField(unique=True)
    row = models.ForeignKey(BookRow, on_delete=models.PROTECT, related_name="events")
    source = models.CharField(max_length=16)  # handheld, remote, typed, customer, estimate, recheck
    index = models.DecimalField(max_digits=14, decimal_places=3)
    state_code = models.CharField(max_length=1, blank=True)
    consumption_kwh = models.DecimalField(max_digits=16, decimal_places=3)
    last_day = models.DateField()
    read_at = models.DateTimeField(null=True)
    latitude = models.DecimalField(max_digits=18, decimal_places=15, null=True)
    longitude = models.DecimalField(max_digits=18, decimal_places=15, null=True)
    person = models.CharField(max_length=80, blank=True)
    device = models.CharField(max_length=80, blank=True)
    photo = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=400, blank=True)
    is_abnormal_confirmed = models.BooleanField(default=False)
    reason = models.CharField(max_length=400, blank=True)
    detail = models.JSONField(default=dict)  # estimate: method, inputs, band; file: device columns
    file = models.ForeignKey("ImportedFile", null=True, on_delete=models.PROTECT)
    supersedes = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()


class RowFinding(models.Model):
    """A doubt about a row: found by a rule, worked off by a person."""

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        SIGNED = "signed"  # the unit head let it pass (gate 1)
        ESTIMATED = "estimated"
        SENT_BACK = "sent_back"
        OVERTAKEN = "overtaken"  # a newer reading made it void

    row = models.ForeignKey(BookRow, on_delete=models.PROTECT, related_name="findings")
    #: the reading it is about; none while the row has no reading
    reading = models.ForeignKey(ReadingEvent, null=True, on_delete=models.PROTECT)
    period = models.ForeignKey(BookPeriod, on_delete=models.PROTECT)
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT)
    rule = models.CharField(max_length=40)
    severity = models.CharField(max_length=8)
    values = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices)
    found_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "state", "severity"], name="finding_queue")]


class ImportedFile(models.Model):
    """A file that came back, known by its content; after a cancelled receipt it may come again."""

    sha256 = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=200)
    byte_count = models.IntegerField()
    imported_by = models.CharField(max_length=80)
    imported_at = models.DateTimeField()
    row_count = models.IntegerField()
    accepted_count = models.IntegerField()
    held_count = models.IntegerField()
    refused_count = models.IntegerField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"],
                condition=models.Q(cancelled_at=None),
                name="one_file_of_a_content",
            )
        ]


class FileOfPeriod(models.Model):
    """Which book periods a file brought rows for."""

    file = models.ForeignKey(ImportedFile, on_delete=models.PROTECT, related_name="touched")
    period = models.ForeignKey(BookPeriod, on_delete=models.PROTECT, related_name="files")


class ImportVerdict(models.Model):
    """The verdict on one row of an imported file; rows without any doubt are not stored."""

    file = models.ForeignKey(ImportedFile, on_delete=models.PROTECT, related_name="verdicts")
    row_number = models.IntegerField(null=True)  # null: the row never came
    key = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    further = models.JSONField(default=list)
