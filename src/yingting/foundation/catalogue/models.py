"""What a hall does for customers: business classes and types with their limits, and self-service equipment."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from yingting.foundation.sites.models import Hall, Unit, Zone
from yingting.kernel.ids import new_id


class BusinessKind(models.TextChoices):
    """Single or combined business; each has its own time limit (QUE-04)."""

    SINGLE = "single", _("Single")
    COMBINED = "combined", _("Combined")


class BusinessClass(models.Model):
    """The first tap at the kiosk. Belongs to a unit and holds for every hall below it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("position", "code")
        constraints = [models.UniqueConstraint(fields=["unit", "code"], name="catalogue_class_code")]

    def __str__(self) -> str:
        return self.name


class BusinessType(models.Model):
    """The second tap at the kiosk: one thing a customer comes for.

    `limit_min` is the promised handling time in minutes, `expected_s` the usual one in seconds (for the quoted range).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    business_class = models.ForeignKey(BusinessClass, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=8, choices=BusinessKind, default=BusinessKind.SINGLE)
    limit_min = models.PositiveSmallIntegerField(default=3)
    expected_s = models.PositiveIntegerField(default=150)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("position", "code")
        constraints = [models.UniqueConstraint(fields=["business_class", "code"], name="catalogue_type_code")]

    def __str__(self) -> str:
        return self.name


class EquipmentKind(models.TextChoices):
    """Kinds of self-service equipment (SLF-01, SLF-02) and the smart clients of roving staff (QUE-35)."""

    PAYMENT = "payment", _("Payment kiosk")
    HANDLING = "handling", _("Business kiosk")
    PRINTER = "printer", _("Bill and invoice printer")
    CARD = "card", _("SIM card vending")
    ROBOT = "robot", _("Service robot")
    SMART_CLIENT = "smart_client", _("Smart client of roving staff")


class EquipmentState(models.TextChoices):
    """Whether equipment works."""

    WORKING = "working", _("Working")
    BROKEN = "broken", _("Out of order")
    OFF = "off", _("Switched off")


class Equipment(models.Model):
    """A self-service terminal or smart client of a hall, and the businesses that it takes. Changes of state stay in its history."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    zone = models.ForeignKey(Zone, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=EquipmentKind)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    business_types = models.ManyToManyField(BusinessType, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=EquipmentState, default=EquipmentState.WORKING)
    state_reason = models.CharField(max_length=80, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("kind", "name")
        constraints = [models.UniqueConstraint(fields=["hall", "name"], name="catalogue_equipment_name")]

    def __str__(self) -> str:
        return self.name
