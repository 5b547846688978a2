"""What the portal itself must remember: who asked how often, so that nobody can try for ever."""

from django.db import models


class ClientAttempt(models.Model):
    """One counted request of one client address, kept for a few hours."""

    client_hash = models.CharField(max_length=64)  # keyed hash: no address is stored
    action = models.CharField(max_length=16)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["action", "client_hash", "at"], name="portal_attempt")]
