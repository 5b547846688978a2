"""The outbox: every message to a customer, its attempts and its terminal state."""

from django.db import models


class Message(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"  # terminal: every attempt on every channel failed
        CANCELLED = "cancelled"  # terminal: no longer wanted

    #: what the message is about, unique: the same notice is never queued twice
    key = models.CharField(max_length=120, unique=True)
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT)
    purpose = models.CharField(max_length=12)  # payment, outage, general, login
    template = models.CharField(max_length=40)
    channel = models.CharField(max_length=8)  # email, sms
    language = models.CharField(max_length=2)
    values = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices)
    attempt_count = models.IntegerField(default=0)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="message_due")]


class DeliveryAttempt(models.Model):
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attempts")
    channel = models.CharField(max_length=8)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12)  # accepted, retry, refused
    reply = models.CharField(max_length=400, blank=True)
