"""Actions that are linked to a case."""

from __future__ import annotations

from django.db import models

from yingting.domains.cases.models.case import Case
from yingting.domains.cases.models.keeping import KEEP
from yingting.foundation.lake.models import Baseline
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Unit
from yingting.kernel.ids import new_id


class RemedyState(models.TextChoices):
    """Where a linked action stands. Only a verified one, or one given up by its verifier with a reason, is no longer open."""

    OPEN = "open"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    CANCELLED = "cancelled"


OPEN_REMEDIES = (RemedyState.OPEN, RemedyState.SUBMITTED)


REMEDY_WORDS = 400  # characters


class Remedy(models.Model):
    """Something that is done because of a case: by its owner until a day, checked by another person, its effect looked at later."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, **KEEP)
    cycle = models.PositiveSmallIntegerField()
    sort = models.CharField(max_length=12)
    what = models.CharField(max_length=REMEDY_WORDS)
    unit = models.ForeignKey(Unit, **KEEP)
    owner = models.ForeignKey(Person, **KEEP)
    verifier = models.ForeignKey(Person, **KEEP)
    set_by = models.ForeignKey(Person, **KEEP)
    set_at = models.DateTimeField()
    due_on = models.DateField()
    first_due_on = models.DateField()
    asked_due_on = models.DateField(null=True)
    asked_why = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=RemedyState, default=RemedyState.OPEN)
    done_note = models.CharField(max_length=REMEDY_WORDS, blank=True)
    submitted_at = models.DateTimeField(null=True)
    returns = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    end_note = models.CharField(max_length=REMEDY_WORDS, blank=True)
    # The effect: when it is looked at, by which figures kept before, and what was seen.
    look_on = models.DateField(null=True)
    baseline = models.ForeignKey(Baseline, null=True, **KEEP)
    effect = models.CharField(max_length=8, blank=True)
    effect_note = models.CharField(max_length=REMEDY_WORDS, blank=True)
    effect_at = models.DateTimeField(null=True)
    effect_by = models.ForeignKey(Person, null=True, **KEEP)
    # The last day on which the worker told its owner (or who looks at the effect) that it is due.
    told_on = models.DateField(null=True)

    class Meta:
        ordering = ("due_on", "id")
        indexes = [
            models.Index(fields=["owner", "state", "due_on"], name="cases_remedy_owner"),
            models.Index(fields=["verifier", "state"], name="cases_remedy_verifier"),
            models.Index(fields=["case"], name="cases_remedy_case"),
            models.Index(fields=["state", "effect", "look_on"], name="cases_remedy_effect"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(owner=models.F("verifier")), name="cases_remedy_verified_by_other"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=OPEN_REMEDIES, ended_at__isnull=True)
                | models.Q(state="verified", ended_at__isnull=False)
                | (models.Q(state="cancelled", ended_at__isnull=False) & ~models.Q(end_note="")),
                name="cases_remedy_ended_with_reason",
            ),
        ]
