"""Who is answerable for what happened: findings, objections to them, and what follows by the staff rules."""

from __future__ import annotations

from django.db import models

from yingting.domains.cases.models.case import Case
from yingting.domains.cases.models.keeping import KEEP
from yingting.foundation.people.models import Person
from yingting.foundation.privacy.fields import SealedText
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.sites.models import Unit
from yingting.kernel.ids import new_id


class FindingState(models.TextChoices):
    """Where a finding stands: proposed → confirmed or dropped; confirmed → appealed → upheld or reversed."""

    PROPOSED = "proposed"
    DROPPED = "dropped"
    CONFIRMED = "confirmed"
    APPEALED = "appealed"
    UPHELD = "upheld"
    REVERSED = "reversed"


GONE = (FindingState.DROPPED, FindingState.REVERSED)


class Finding(models.Model):
    """Who is answerable for what happened: a person, a unit, or nobody. Proposed by one, judged by another; the answerable one
    may appeal until `appeal_until`. Nothing of it is erased.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, **KEEP)
    cycle = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, null=True, **KEEP)
    unit = models.ForeignKey(Unit, null=True, **KEEP)
    step = models.CharField(max_length=64, blank=True)
    is_main = models.BooleanField(default=True)
    cause = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=FindingState, default=FindingState.PROPOSED)
    words = SealedText("cases.finding", DataKind.TEXT)
    by = models.ForeignKey(Person, **KEEP)
    at = models.DateTimeField()
    judged_by = models.ForeignKey(Person, null=True, **KEEP)
    judged_at = models.DateTimeField(null=True)
    judged_words = SealedText("cases.finding_judged", DataKind.TEXT)
    appeal_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at", "id")
        indexes = [models.Index(fields=["state", "at"], name="cases_finding_waits")]
        constraints = [
            # Who proposes does not judge, and nobody judges what is said of themselves.
            models.CheckConstraint(
                condition=models.Q(judged_by__isnull=True)
                | ~models.Q(judged_by=models.F("by"))
                & (models.Q(person__isnull=True) | ~models.Q(judged_by=models.F("person"))),
                name="cases_finding_judged_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) | models.Q(unit__isnull=True),
                name="cases_finding_person_or_unit",
            ),
        ]


class Appeal(models.Model):
    """Who is found answerable objects, once; somebody who has not judged the finding decides."""

    finding = models.OneToOneField(Finding, primary_key=True, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, **KEEP)
    words = SealedText("cases.appeal", DataKind.TEXT)
    by = models.ForeignKey(Person, **KEEP)
    at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, **KEEP)
    decided_at = models.DateTimeField(null=True)
    decision = SealedText("cases.appeal_decision", DataKind.TEXT)
    # Until when it is to be decided; when that was noticed to have run over. Once it has, it stays so.
    due_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("by")),
                name="cases_appeal_decided_by_another",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(decided_at__isnull=True, breached_at__isnull=True),
                name="cases_appeal_due",
            )
        ]


class Penalty(models.Model):
    """What follows from a finding by the staff rules, decided once: measures, each with the article that it rested on then, from a
    day on; or none, and why.
    """

    finding = models.OneToOneField(Finding, primary_key=True, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, **KEEP)
    measures = models.JSONField(default=list)  # {"code", "basis"}
    in_force_on = models.DateField(null=True)
    words = SealedText("cases.penalty", DataKind.TEXT)
    by = models.ForeignKey(Person, **KEEP)
    at = models.DateTimeField()
