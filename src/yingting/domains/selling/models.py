"""State of selling. The latest entry on a ticket counts; a correction is a new entry and leaves the earlier ones as they were."""

from __future__ import annotations

from typing import Any

from django.db import models

from yingting.domains.queueing.models import Ticket
from yingting.foundation.catalogue.models import BusinessType
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
from yingting.kernel.ids import new_id

_KEEP: dict[str, Any] = {"on_delete": models.PROTECT, "related_name": "+"}
# Tickets are written on the hot path: what points at them takes no lock there (docs/decisions/0004).
_TICKET: dict[str, Any] = {**_KEEP, "db_constraint": False}


class RecommendationRecord(models.Model):
    """What came of the combined recommendation with a ticket (四位一体): one current entry a ticket, earlier ones kept.

    `answers` is {part: [result, offer, reason]}, all codes. `is_full` was decided by the rule in force that day.
    `why` says why this entry corrects the one before it; it may name people and never enters the journal.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, **_KEEP)
    business_day = models.DateField()
    ticket = models.ForeignKey(Ticket, **_TICKET)
    business = models.ForeignKey(BusinessType, **_KEEP)
    entry = models.PositiveSmallIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    answers = models.JSONField()
    is_full = models.BooleanField()
    is_late = models.BooleanField()
    why = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(Person, null=True, **_KEEP)
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "entry"], name="selling_entry_once"),
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(is_current=True), name="selling_one_current_entry"
            ),
        ]
        indexes = [models.Index(fields=["hall", "business_day"], name="selling_record_day")]


class IdleMark(models.Model):
    """A suggested task of a quiet moment, done or put off."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, **_KEEP)
    business_day = models.DateField()
    task = models.CharField(max_length=24)
    is_done = models.BooleanField()
    by = models.ForeignKey(Person, null=True, **_KEEP)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["hall", "business_day", "by"], name="selling_idle_day")]
