"""Versions of rules. A version is written once and never changed; a later one takes its place on its first day."""

from __future__ import annotations

from django.db import models

from yingting.foundation.sites.models import Unit
from yingting.kernel.ids import new_id


class RuleVersion(models.Model):
    """One version of one rule for a unit and every hall below it, in force from a business day on.

    `kind` names the rule (`kinds.Kind`), `key` what it is about where a kind has a rule for each of many things (a business
    type's code), "" otherwise. `body` is the rule's shape as JSON. A version that is not yet in force may be withdrawn.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=48)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64, blank=True)
    number = models.PositiveIntegerField()
    valid_from = models.DateField()
    body = models.JSONField()
    reason = models.CharField(max_length=200, blank=True)
    author_label = models.CharField(max_length=64)
    written_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("kind", "unit", "key", "-valid_from", "-number")
        constraints = [models.UniqueConstraint(fields=["kind", "unit", "key", "number"], name="rulebook_version_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
