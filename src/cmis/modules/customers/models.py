"""Customers, contracts and the prices agreed in them. History by dated versions."""

from django.db import models


class Customer(models.Model):
    class Kind(models.TextChoices):
        HOUSEHOLD = "household"
        NON_HOUSEHOLD = "non_household"

    code = models.CharField(max_length=20, unique=True)
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT)
    kind = models.CharField(max_length=16, choices=Kind.choices)


class CustomerVersion(models.Model):
    """Name, address and contacts from ``valid_from`` up to, not including, ``valid_to``."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="versions")
    name = models.CharField(max_length=400)
    address = models.CharField(max_length=400, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=120, blank=True)
    tax_code = models.CharField(max_length=14, blank=True)
    language = models.CharField(max_length=2, default="vi")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["customer", "valid_from"], name="customer_version")]


class CustomerSearch(models.Model):
    """What one search box looks through: folded name and address, codes, phones, serials."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True)
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT)
    words = models.TextField()  # kernel.text.search_key of name and address
    codes = models.TextField()  # kernel.text.code_key of code, phone, point, serials; by blanks


class Contract(models.Model):
    code = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contracts")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT)
    starts_on = models.DateField(null=True)  # null: began before this system knew it
    ends_on = models.DateField(null=True)


class PriceApplication(models.Model):
    """How the energy of one metering point is priced, dated (CUS-07, CUS-10).

    ``terms`` is a list of ``{"segment", "share_percent", "group_code", "sub_code"}``; ``text`` is
    the exchange form of the same agreement, kept to the letter.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT)
    point_code = models.CharField(max_length=20, db_index=True)
    household_count = models.DecimalField(max_digits=8, decimal_places=2)
    text = models.CharField(max_length=400)
    terms = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()


class ContactPreference(models.Model):
    """Where messages of one purpose go (CUS-05)."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="preferences")
    purpose = models.CharField(max_length=12)  # payment, outage, general
    channel = models.CharField(max_length=8)  # email, sms, none
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    set_by = models.CharField(max_length=80)


class OneTimeCode(models.Model):
    """A log-in code sent to a customer; only its hash is kept."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    code_hash = models.CharField(max_length=128)
    sent_to_channel = models.CharField(max_length=8)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    failed_count = models.IntegerField(default=0)


class ClientAttempt(models.Model):
    """One counted request of one client of the portal, kept for a few hours."""

    client_hash = models.CharField(max_length=64)
    action = models.CharField(max_length=16)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["action", "client_hash", "at"], name="client_attempt")]
