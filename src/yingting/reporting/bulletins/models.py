"""State of bulletins.

Bulletin   draft ─→ issued ─→ withdrawn      what was issued stands in IssuedText, which never changes
Receipt    told ─→ opened ─→ confirmed
Duty       open ─→ done ─→ checked           done ─→ open again, when whoever checks is not satisfied
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from yingting.foundation.people.models import Person, Role
from yingting.foundation.sites.models import Unit
from yingting.kernel.ids import new_id


class BulletinState(models.TextChoices):
    """Where a bulletin stands."""

    DRAFT = "draft", _("draft")
    ISSUED = "issued", _("issued")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Bulletin(models.Model):
    """A bulletin of a unit for some days. `rule` and `figures` are what it was made with and from (`contracts`), as JSON."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    first = models.DateField()
    last = models.DateField()
    title = models.CharField(max_length=120)
    opening = models.TextField(blank=True)
    closing = models.TextField(blank=True)
    rule = models.JSONField()
    figures = models.JSONField()
    has_figures = models.BooleanField()
    state = models.CharField(max_length=10, choices=BulletinState, default=BulletinState.DRAFT)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    confirm_by = models.DateField(null=True)
    withdrawn_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-drafted_at",)
        indexes = [models.Index(fields=["unit", "kind", "first"], name="bulletins_of_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind", "first", "last"],
                condition=models.Q(state="issued", corrects__isnull=True, has_figures=True),
                name="bulletins_once_a_period",
            )
        ]

    def __str__(self) -> str:
        return self.title


class IssuedText(models.Model):
    """What was issued, for good: triggers stop every change. `body` is canonical JSON, `digest` its SHA-256."""

    only_grows = True

    bulletin = models.OneToOneField(Bulletin, primary_key=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=60)
    body = models.TextField()
    digest = models.CharField(max_length=64)
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "year", "number"], name="bulletins_number_once")]

    def __str__(self) -> str:
        return self.reference


class Quote(models.Model):
    """A case whose trace and findings a bulletin quotes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    bulletin = models.ForeignKey(Bulletin, on_delete=models.CASCADE, related_name="+")
    case = models.UUIDField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulletin", "case"], name="bulletins_quoted_once")]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.case}"


class Receipt(models.Model):
    """A bulletin went to a person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulletin", "person"], name="bulletins_received_once")]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.person_id}"


class DutyState(models.TextChoices):
    """Where a duty stands."""

    OPEN = "open", _("to be done")
    DONE = "done", _("done, to be checked")
    CHECKED = "checked", _("checked")


class Duty(models.Model):
    """What is put right, by a person or by who holds a post at a unit, and by when. `about` is a shortcoming's place in the
    figures, NULL for a duty of its own.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    bulletin = models.ForeignKey(Bulletin, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    about = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField(blank=True)
    what = models.TextField()
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.ForeignKey(Role, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    due = models.DateField()
    state = models.CharField(max_length=10, choices=DutyState, default=DutyState.OPEN)
    done_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    evidence = models.TextField(blank=True)
    checked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=300, blank=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("position",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, role__isnull=True)
                | models.Q(person__isnull=True, role__isnull=False, unit__isnull=False),
                name="bulletins_person_or_post",
            ),
            models.CheckConstraint(
                condition=models.Q(checked_by__isnull=True) | ~models.Q(checked_by=models.F("done_by")),
                name="bulletins_checked_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.position}"


class WordTemplate(models.Model):
    """A Word template that a unit put in the place of the shipped one, for its own bulletins and those of units below."""

    unit = models.OneToOneField(Unit, primary_key=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    file = models.BinaryField()
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
