"""What superiors do about a case: rungs of the escalation, the meeting, guidance."""

from __future__ import annotations

from django.db import models

from yingting.domains.cases.models.case import Case
from yingting.domains.cases.models.clocks import Clock
from yingting.domains.cases.models.keeping import KEEP
from yingting.foundation.people.models import Person
from yingting.foundation.privacy.fields import SealedText
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.sites.models import Unit
from yingting.kernel.ids import new_id


class Escalation(models.Model):
    """A rung that a case reached: at which moment, who was told or got it, and which levels below had been passed over."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, **KEEP)
    cycle = models.PositiveSmallIntegerField()
    clock = models.ForeignKey(Clock, **KEEP)
    percent = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=10)
    post = models.CharField(max_length=40)
    deed = models.CharField(max_length=10)
    reached_at = models.DateTimeField()
    done_at = models.DateTimeField()
    person = models.ForeignKey(Person, null=True, **KEEP)
    skipped = models.JSONField(default=list)

    class Meta:
        ordering = ("reached_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["clock", "percent", "level", "post", "deed"], name="cases_rung_once")
        ]


class MeetingItem(models.Model):
    """A case on the agenda of the management meeting, and what was decided there (CMP-20)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, **KEEP)
    unit = models.ForeignKey(Unit, **KEEP)
    raised_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decision = SealedText("cases.decision", DataKind.TEXT)
    by = models.ForeignKey(Person, null=True, **KEEP)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "unit"], condition=models.Q(decided_at__isnull=True), name="cases_item_once"
            )
        ]


class Acknowledgement(models.Model):
    """Who was told on a rung of the escalation says that they know (CMP-25)."""

    escalation = models.OneToOneField(Escalation, primary_key=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, **KEEP)
    at = models.DateTimeField()


class Guidance(models.Model):
    """What a superior tells the handler to do, and what the handler did of it (CMP-26)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, **KEEP)
    text = SealedText("cases.guidance", DataKind.TEXT)
    by = models.ForeignKey(Person, **KEEP)
    at = models.DateTimeField()
    done = SealedText("cases.guidance_done", DataKind.TEXT)
    done_by = models.ForeignKey(Person, null=True, **KEEP)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at", "id")
