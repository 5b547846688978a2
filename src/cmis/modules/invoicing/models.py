"""Invoices: numbered, signed once, bytes kept (BILL-12 … BILL-14, SEC-03)."""

from django.db import models


class InvoiceSymbol(models.Model):
    """A number range: one counter per seller, form and symbol. ``next_number`` moves only inside
    the transaction that stores the signed bytes, so there is no gap and no reuse."""

    seller = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=1)
    symbol = models.CharField(max_length=6)
    year = models.IntegerField()
    next_number = models.IntegerField(default=1)
    last_invoice_date = models.DateField(null=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "form", "symbol"], name="one_symbol_of_seller"
            ),
            models.UniqueConstraint(fields=["site", "form", "year"], name="one_symbol_of_site"),
        ]


class Invoice(models.Model):
    bill = models.OneToOneField("billing.Bill", on_delete=models.PROTECT)
    symbol = models.ForeignKey(InvoiceSymbol, on_delete=models.PROTECT)
    number = models.IntegerField()
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT)
    invoice_date = models.DateField()
    due_date = models.DateField()
    net_vnd = models.BigIntegerField()
    vat_vnd = models.BigIntegerField()
    total_vnd = models.BigIntegerField()
    lookup_code = models.CharField(max_length=20, unique=True)
    sha256 = models.CharField(max_length=64)
    format_version = models.CharField(max_length=8)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["symbol", "number"], name="one_invoice_of_a_number")
        ]
        indexes = [models.Index(fields=["customer", "invoice_date"], name="invoice_customer")]


class InvoiceDocument(models.Model):
    """The exact signed bytes, compressed with a versioned dictionary (a trigger refuses change)."""

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, primary_key=True)
    dictionary_version = models.IntegerField()
    compressed = models.BinaryField()


class StorageDictionary(models.Model):
    """A compression dictionary of one seller and certificate. Never changed, never deleted: stored
    invoices need it (a trigger refuses change). Its version number is ``999 + id``."""

    seller = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT)
    certificate_sha256 = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    made_at = models.DateTimeField()
