"""Bills: what a confirmed reading costs, line by line (BILL)."""

from django.db import models


class Bill(models.Model):
    class State(models.TextChoices):
        HELD = "held"  # gate 2: waits for the unit head
        CLEARED = "cleared"
        ISSUED = "issued"
        WITHDRAWN = "withdrawn"  # undone before it was issued

    code = models.CharField(max_length=40, unique=True)  # unit-unique machine id (BILL-12)
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT)
    period = models.ForeignKey("reading.BookPeriod", on_delete=models.PROTECT)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT)
    contract = models.ForeignKey("customers.Contract", on_delete=models.PROTECT)
    point = models.ForeignKey("metering.MeteringPoint", on_delete=models.PROTECT)
    walk_code = models.CharField(max_length=12, blank=True)
    position = models.IntegerField()
    year = models.IntegerField()
    month = models.IntegerField()
    cycle = models.IntegerField()
    first_day = models.DateField()
    last_day = models.DateField()
    energy_kwh = models.BigIntegerField()
    net_vnd = models.BigIntegerField()
    vat_percent = models.CharField(max_length=8)
    vat_vnd = models.BigIntegerField()
    total_vnd = models.BigIntegerField()
    is_estimated = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices)
    #: canonical JSON of the rating case: from it and the law the bill is explained again
    case = models.TextField()
    #: readings behind the bill, for documents: list of rows (register, old, new, multiplier …)
    readings = models.JSONField()
    law_digest = models.CharField(max_length=64)
    findings = models.JSONField(default=list)
    rated_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "year", "month"], name="bill_customer_month"),
            models.Index(fields=["unit", "state"], name="bill_unit_state"),
            models.Index(fields=["point", "year", "month"], name="bill_point_month"),
        ]


class BillLine(models.Model):
    """One price × one quantity. No database foreign key: loading is four times faster without;
    ``cmis night`` checks the link."""

    bill_id = models.BigIntegerField(db_index=True)
    line_no = models.IntegerField()
    label = models.CharField(max_length=12)  # tier number or register: "1" … "6", KT, BT, CD, TD
    item_code = models.CharField(max_length=24)
    decision = models.CharField(max_length=40)
    energy_kwh = models.DecimalField(max_digits=18, decimal_places=3)
    price_vnd_per_kwh = models.IntegerField()
    amount_vnd = models.BigIntegerField()
