"""Who did what, when, with which counts: the audit trail and the ledger of runs and steps."""

from django.db import models


class AuditEntry(models.Model):
    """One act of a person or of the night. Append-only (a trigger refuses change)."""

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=80)
    unit_code = models.CharField(max_length=12, db_index=True)
    action = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_code = models.CharField(max_length=80, db_index=True)
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)


class Night(models.Model):
    """The night of one date for one unit and everything below it.

    The lease (``worker`` and ``heartbeat_at``) keeps two processes from running the same night; a
    night whose worker stopped beating is taken over.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        FINISHED = "finished"
        FAILED = "failed"

    date = models.DateField()
    unit_code = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=State.choices)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    worker = models.CharField(max_length=80, blank=True)
    heartbeat_at = models.DateTimeField(null=True)
    start_count = models.IntegerField(default=0)
    phase = models.CharField(max_length=20, blank=True)
    progress_done_count = models.IntegerField(default=0)
    progress_total_count = models.IntegerField(default=0)
    summary = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["date", "unit_code"], name="one_night")]


class StepRecord(models.Model):
    """One executed step of one subject (a book period, a file), with counts that balance."""

    night = models.ForeignKey(Night, null=True, on_delete=models.PROTECT)
    subject_kind = models.CharField(max_length=20)
    subject_code = models.CharField(max_length=80, db_index=True)
    unit_code = models.CharField(max_length=12, db_index=True)
    step = models.CharField(max_length=20)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    input_count = models.IntegerField()
    done_count = models.IntegerField()
    held_count = models.IntegerField(default=0)
    failed_count = models.IntegerField(default=0)
    result = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    input_count=models.F("done_count")
                    + models.F("held_count")
                    + models.F("failed_count")
                ),
                name="step_counts_balance",
            )
        ]
