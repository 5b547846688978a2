"""The effective-dated unit tree, its people and their roles (ORG-01 … ORG-06)."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Unit(models.Model):
    """A node of the tree. What may change (name, parent, tax data) stands in its versions."""

    class Level(models.TextChoices):
        GROUP = "group"
        CORPORATION = "corporation"
        COMPANY = "company"
        DISTRICT = "district"

    code = models.CharField(max_length=12, unique=True)
    level = models.CharField(max_length=12, choices=Level.choices)


class UnitVersion(models.Model):
    """Facts of a unit from ``valid_from`` up to, not including, ``valid_to``."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="versions")
    parent = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=400, blank=True)
    tax_code = models.CharField(max_length=14, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=120, blank=True)
    website = models.CharField(max_length=100, blank=True)
    bank_name = models.CharField(max_length=200, blank=True)
    bank_bin = models.CharField(max_length=6, blank=True)
    bank_account = models.CharField(max_length=30, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            # a version replaced on its own first day stays in history with no days left
            models.UniqueConstraint(
                fields=["unit", "valid_from"],
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="one_unit_version_a_day",
            )
        ]


class UnitParameter(models.Model):
    """A named switch or threshold of a unit, effective-dated; the nearest unit upwards wins."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT)
    name = models.CharField(max_length=60)
    value = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    set_by = models.CharField(max_length=80)
    set_at = models.DateTimeField()


class StaffManager(BaseUserManager["Staff"]):
    def get_by_natural_key(self, username: str | None) -> "Staff":
        return self.get(username=username)


class Staff(AbstractBaseUser):
    """A person with a personal account (SEC-01); belongs to one unit."""

    username = models.CharField(max_length=60, unique=True)
    full_name = models.CharField(max_length=120)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT)
    language = models.CharField(max_length=2, default="vi")
    is_active = models.BooleanField(default=True)
    failed_login_count = models.IntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    objects = StaffManager()
    USERNAME_FIELD = "username"


class RoleAssignment(models.Model):
    """A role somebody holds in a unit for a time."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="role_assignments")
    role = models.CharField(max_length=30)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    granted_by = models.CharField(max_length=80)
    granted_at = models.DateTimeField()
