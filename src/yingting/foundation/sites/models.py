"""The organisation tree, halls, and what stands in a hall."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from yingting.kernel.clocks import HallClock
from yingting.kernel.ids import new_id


class UnitLevel(models.TextChoices):
    """Levels of the tree; a unit stands under a higher one, levels may be skipped."""

    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    DISTRICT = "district", _("District")
    BRANCH = "branch", _("Branch")
    HALL = "hall", _("Hall")


class Unit(models.Model):
    """A node of the organisation tree. `path` is the codes from the root down, each closed by a slash: "GD/GZ/TH/".

    Everything in scope of a unit is found by prefix of its path. A code never changes; names may.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=10, choices=UnitLevel)
    code = models.CharField(max_length=24)
    path = models.CharField(max_length=160, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("path",)

    def __str__(self) -> str:
        return self.name


class Ownership(models.TextChoices):
    """Who built and who runs a hall (ORG-04); the same standard applies to all."""

    OWN = "own", _("Own")
    OWN_BUILT_OTHER_RUN = "own_built_other_run", _("Own-built, run by others")
    OTHER_BUILT_OTHER_RUN = "other_built_other_run", _("Built and run by others")


class Hall(models.Model):
    """A service hall. `config_version` rises with every change of what the queue's hot path keeps in memory about it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=24, unique=True)
    ownership = models.CharField(max_length=24, choices=Ownership, default=Ownership.OWN)
    # A code of the rule `sites.hall_types`: what the hall is compared with, and which targets it has.
    hall_type = models.CharField(max_length=40, blank=True, default="")
    timezone = models.CharField(max_length=40, default="Asia/Shanghai")
    address = models.CharField(max_length=160, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    # Where the hall stands, in degrees (WGS 84); both or neither.
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    # Seats for waiting customers (FAC-10); NULL where nobody has counted them.
    seats = models.PositiveSmallIntegerField(null=True, blank=True)
    config_version = models.PositiveIntegerField(default=1)
    # A demo hall lives on a simulated clock; NULL anchors mean the system's clock.
    clock_anchor_real = models.DateTimeField(null=True, blank=True, editable=False)
    clock_anchor_hall = models.DateTimeField(null=True, blank=True, editable=False)
    clock_speed = models.FloatField(default=1.0, editable=False)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code

    @property
    def clock(self) -> HallClock:
        """The clock that the hall lives by: the system's, or in a demo a simulated one."""
        return HallClock(self.clock_anchor_real, self.clock_anchor_hall, self.clock_speed)


class ZoneFunction(models.TextChoices):
    """The five functions of a hall (FAC-01)."""

    MARKETING = "marketing", _("Product marketing")
    HANDLING = "handling", _("Business handling")
    SERVICE = "service", _("Customer service")
    EXPERIENCE = "experience", _("Customer experience")
    IMAGE = "image", _("Image display")


class Zone(models.Model):
    """A function area of a hall with its size (FAC-04)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    function = models.CharField(max_length=12, choices=ZoneFunction, default=ZoneFunction.HANDLING)
    area_m2 = models.DecimalField(max_digits=7, decimal_places=1, null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("position", "name")
        constraints = [models.UniqueConstraint(fields=["hall", "name"], name="sites_zone_name")]

    def __str__(self) -> str:
        return self.name


class Counter(models.Model):
    """A counter (台席). `number` is what the board shows and the voice says."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    zone = models.ForeignKey(Zone, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=6)
    name = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["hall", "number"], name="sites_counter_number")]

    def __str__(self) -> str:
        return self.number


class OpeningSpan(models.Model):
    """One weekly span of opening hours; a weekday may have several (lunch)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField(
        choices=[
            (0, _("Monday")),
            (1, _("Tuesday")),
            (2, _("Wednesday")),
            (3, _("Thursday")),
            (4, _("Friday")),
            (5, _("Saturday")),
            (6, _("Sunday")),
        ]
    )
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ("weekday", "opens")
        constraints = [
            models.CheckConstraint(condition=models.Q(opens__lt=models.F("closes")), name="sites_opening_forward")
        ]


class OpeningException(models.Model):
    """A date with hours of its own, or closed (no times), and why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)
    reason = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ("on", "opens")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens__isnull=True, closes__isnull=True) | models.Q(opens__lt=models.F("closes")),
                name="sites_exception_forward",
            )
        ]


class DeviceKind(models.TextChoices):
    """Kinds of paired device."""

    KIOSK = "kiosk", _("Kiosk")
    BOARD = "board", _("Hall board")


class Device(models.Model):
    """A kiosk or board of a hall, paired by a short-lived code and known by a revocable token (only its digest is kept)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=DeviceKind)
    name = models.CharField(max_length=40)
    # Where the slips come out: "" (browser print), "tcp://10.0.0.7:9100", "usb://04b8:0202".
    printer = models.CharField(max_length=120, blank=True)
    pairing_digest = models.CharField(max_length=64, blank=True, editable=False)
    pairing_until = models.DateTimeField(null=True, blank=True, editable=False)
    token_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - NULL: no token
    paired_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_seen_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("hall", "kind", "name")
        constraints = [models.UniqueConstraint(fields=["hall", "name"], name="sites_device_name")]

    def __str__(self) -> str:
        return self.name
