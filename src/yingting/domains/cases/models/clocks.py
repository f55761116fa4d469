"""The clocks of a case, their ledgers, and corrections of these."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yingting.domains.cases.models.case import Case
from yingting.domains.cases.models.keeping import KEEP
from yingting.foundation.people.models import Person
from yingting.kernel.ids import new_id


class Clock(models.Model):
    """A clock on a case: a rule of its process, a promise, the limit of its present step. What it says follows from its ledger;
    the due moment and the breach are kept beside it for queues, and made anew when calendar or ledger change.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, **KEEP)
    cycle = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=64)
    sort = models.CharField(max_length=12)  # rule, step, promise
    limit = models.JSONField()
    calendar = models.CharField(max_length=24)
    calendar_version = models.CharField(max_length=64)
    is_running = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True)
    is_provisional = models.BooleanField(default=False)
    # When its next rung of the escalation is reached; none where it has none left, or is not reported upwards.
    next_rung_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    breach_s = models.BigIntegerField(null=True)  # natural seconds, once it was stopped

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "cycle", "code"], name="cases_clock_once")]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(is_running=True, breached_at__isnull=True), name="cases_clock_due"
            ),
            models.Index(fields=["calendar_version"], condition=models.Q(is_running=True), name="cases_clock_calendar"),
        ]


class ClockEntry(models.Model):
    """One event of a clock's ledger, in the order in which it was recorded."""

    only_grows: ClassVar[bool] = True
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    clock = models.ForeignKey(Clock, **KEEP)
    n = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by_label = models.CharField(max_length=64)
    reason = models.CharField(max_length=200, blank=True)
    limit = models.JSONField(null=True)
    annuls = models.UUIDField(null=True)

    class Meta:
        ordering = ("n",)
        constraints = [models.UniqueConstraint(fields=["clock", "n"], name="cases_entry_once")]


class ClockCorrection(models.Model):
    """A correction of a clock's ledger: proposed by one, decided by another; only an approved one changes what the clock says."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    clock = models.ForeignKey(Clock, **KEEP)
    entry = models.ForeignKey(ClockEntry, **KEEP)
    at = models.DateTimeField(null=True)  # when it really was; none: it never happened
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(Person, **KEEP)
    proposed_at = models.DateTimeField()
    approved = models.BooleanField(null=True)
    decided_by = models.ForeignKey(Person, null=True, **KEEP)
    decided_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=models.Q(decided_at__isnull=True), name="cases_one_correction"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(by=models.F("decided_by")),
                name="cases_correction_by_other",
            ),
        ]
