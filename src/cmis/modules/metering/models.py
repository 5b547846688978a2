"""Metering points, meters and their installations in time (MTR)."""

from django.db import models


class MeterType(models.Model):
    """Catalogue of meter types: the first three characters of a meter code."""

    code = models.CharField(max_length=8, unique=True)
    dial_digits = models.IntegerField(null=True)
    phase_count = models.IntegerField(default=1)
    name = models.CharField(max_length=120, blank=True)


class Meter(models.Model):
    code = models.CharField(max_length=24, unique=True)
    serial = models.CharField(max_length=20, db_index=True)
    type_code = models.CharField(max_length=8)


class MeteringPoint(models.Model):
    code = models.CharField(max_length=20, unique=True)
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT)
    contract = models.ForeignKey("customers.Contract", on_delete=models.PROTECT)
    station_code = models.CharField(max_length=20, blank=True)


class PointPlace(models.Model):
    """Which book a point is read in, at which step of the walk; pole and box. Dated."""

    point = models.ForeignKey(MeteringPoint, on_delete=models.PROTECT, related_name="places")
    book_code = models.CharField(max_length=20, db_index=True)
    walk_code = models.CharField(max_length=12, blank=True)
    pole_code = models.CharField(max_length=20, blank=True)
    box_code = models.CharField(max_length=20, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)


class Installation(models.Model):
    """A meter at a point from the day it was installed to the day it was removed."""

    point = models.ForeignKey(MeteringPoint, on_delete=models.PROTECT, related_name="installations")
    meter = models.ForeignKey(Meter, on_delete=models.PROTECT)
    multiplier = models.DecimalField(max_digits=12, decimal_places=3)
    buys_reactive = models.BooleanField(default=False)
    installed_on = models.DateField()
    removed_on = models.DateField(null=True)


class InstalledRegister(models.Model):
    """One register of an installation, with its index at installation and at removal."""

    installation = models.ForeignKey(
        Installation, on_delete=models.PROTECT, related_name="registers"
    )
    kind = models.CharField(max_length=2)
    install_index = models.DecimalField(max_digits=14, decimal_places=3)
    removal_index = models.DecimalField(max_digits=14, decimal_places=3, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["installation", "kind"], name="one_register_of_a_kind")
        ]
