"""Who saw or took out personal data, what must be kept, and what was erased. The flow is in `revealing.py` and `retention.py`.

ErasureRun   begun ─→ finished        of those by time, one at a time is unfinished; a killed one is taken up again
Hold         placed ─→ released       of a record, one at a time is in force
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from yingting.foundation.people.models import Person
from yingting.foundation.privacy.fields import SealedText
from yingting.kernel.ids import new_id


class Ways(models.TextChoices):
    """How personal data was seen or left."""

    REVEAL = "reveal", _("Reveal")
    EXPORT = "export", _("Export")


class Disclosure(models.Model):
    """One reveal or export. `path` is the unit of the record (of an export: the part of the tree that was asked for).

    `question` holds codes and ids of what was asked; `fields` the names of what was seen. What somebody wrote about it is a
    `DisclosureNote`: it can be erased, this row cannot.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    way = models.CharField(max_length=8, choices=Ways)
    path = models.CharField(max_length=255)
    kind = models.CharField(max_length=48)
    record = models.UUIDField(null=True)
    fields = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=1)
    question = models.JSONField(default=dict)
    reason = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=64)
    at = models.DateTimeField()
    only_grows = True

    class Meta:
        ordering = ("-at", "-id")
        indexes = [
            models.Index(fields=["at"], name="privacy_disclosure_at"),
            models.Index(fields=["by", "at"], name="privacy_disclosure_by"),
            models.Index(fields=["record"], name="privacy_disclosure_record"),
        ]


class DisclosureNote(models.Model):
    """What somebody wrote about a reveal or an export."""

    disclosure = models.OneToOneField(Disclosure, primary_key=True, on_delete=models.PROTECT, related_name="+")
    text = SealedText("privacy.disclosure_note")


class Hold(models.Model):
    """A record that must be kept (a lawsuit, an investigation), whatever its class says. `reason` names no customer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=48)
    record = models.UUIDField()
    path = models.CharField(max_length=255)
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=64)
    at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_label = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-at",)
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=models.Q(released_at__isnull=True), name="privacy_one_hold"
            )
        ]


class ErasureRun(models.Model):
    """One run of erasure, by time or at a person's request. `counts` tells by kind how many records; which, the facts tell."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    on_request = models.BooleanField()
    reason = models.CharField(max_length=200, blank=True)
    by_label = models.CharField(max_length=64)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)

    class Meta:
        ordering = ("-begun_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["on_request"],
                condition=models.Q(finished_at__isnull=True, on_request=False),
                name="privacy_one_run_by_time",
            )
        ]
