"""State of detection: alarms about staff numbers, looks with their issues and batches, models of categories, audits.

UnawareAlarm ── AlarmComplaint (a case, and whether it still counts)
Look ──┬─ HotIssue (a category at a place, with what was expected)
└─ Batch ── BatchMember (a case, and how much of its text it shares with the first)
AuditRound ── AuditItem (a reveal or an export) ── AuditJudgement, AuditNote, AuditCase
"""

from __future__ import annotations

from typing import Any

from django.db import models

from yingting.domains.cases.models import Case
from yingting.domains.detection.rules.auditing import Judgement
from yingting.domains.detection.rules.unaware import Sort
from yingting.foundation.people.models import Person
from yingting.foundation.privacy.fields import SealedText
from yingting.foundation.privacy.models import Disclosure
from yingting.foundation.sites.models import Unit
from yingting.kernel.ids import new_id

_KEEP: dict[str, Any] = {"on_delete": models.PROTECT, "related_name": "+"}


class UnawareAlarm(models.Model):
    """Complaints of unaware subscription that come back to one staff number. `first` and `last` are first days of months.

    `is_reached`: do those that still count reach the rule? An alarm stays when they do not, with that written beside it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, **_KEEP)
    unit = models.ForeignKey(Unit, **_KEEP)
    sort = models.CharField(max_length=8, choices=[(one.value, one.title) for one in Sort])
    first = models.DateField()
    last = models.DateField()
    raised_at = models.DateTimeField()
    is_reached = models.BooleanField(default=True)
    case = models.ForeignKey(Case, null=True, **_KEEP)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-raised_at", "-id")
        constraints = [models.UniqueConstraint(fields=["person", "sort", "first"], name="detection_alarm_once")]


class AlarmComplaint(models.Model):
    """A complaint of an alarm. `why` is why it counts no longer, "" while it does; `since` is when that was seen."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    alarm = models.ForeignKey(UnawareAlarm, **_KEEP)
    case = models.ForeignKey(Case, **_KEEP)
    why = models.CharField(max_length=12, blank=True)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alarm", "case"], name="detection_complaint_once")]


class Look(models.Model):
    """A look over all cases up to a day: how many cells were tested, and how much more than Poisson numbers scatter by height."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    last = models.DateField()
    at = models.DateTimeField()
    by_label = models.CharField(max_length=64)
    cells = models.PositiveIntegerField()
    scatter = models.JSONField()
    rule = models.JSONField()
    texts = models.PositiveIntegerField()

    class Meta:
        ordering = ("-at", "-id")


class HotIssue(models.Model):
    """An unusual number of cases of a category ("" : all) at a unit and below it, in the latest `window` days of a look."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    look = models.ForeignKey(Look, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, **_KEEP)
    category = models.CharField(max_length=64, blank=True)
    window = models.PositiveSmallIntegerField()
    seen = models.PositiveIntegerField()
    expected = models.FloatField()
    by_chance = models.FloatField()
    share_false = models.FloatField()
    since = models.DateField()
    part_of = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="+")
    # Cases a day, up to the look's last day: the picture of the trend.
    daily = models.JSONField()

    class Meta:
        ordering = ("place",)
        constraints = [models.UniqueConstraint(fields=["look", "place"], name="detection_issue_place")]


class Batch(models.Model):
    """Texts that are nearly the same. Nothing of them is kept here: only which cases, and how much they have in common."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    look = models.ForeignKey(Look, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()
    size = models.PositiveIntegerField()

    class Meta:
        ordering = ("place",)


class BatchMember(models.Model):
    """A case of a batch. `percent` is the share of groups of characters that it has in common with the batch's first text."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, **_KEEP)
    percent = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "case"], name="detection_member_once")]


class SuggestionModel(models.Model):
    """A model of categories learnt from the closed cases of a unit, by number; the highest is in use.

    `numbers` are packed weights (of keyed hashes, never of words); only the highest of a unit keeps them. `key_mark` tells with
    which of the installation's secrets its hashes were made.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, **_KEEP)
    number = models.PositiveIntegerField()
    learnt_at = models.DateTimeField()
    by_label = models.CharField(max_length=64)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    verdict = models.CharField(max_length=16)
    categories = models.JSONField(default=list)
    warmth = models.FloatField(default=1.0)
    numbers = models.BinaryField(default=bytes)
    key_mark = models.CharField(max_length=22, blank=True)
    figures = models.JSONField()

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["unit", "number"], name="detection_model_number")]


class AuditRound(models.Model):
    """An audit of a unit's reveals and exports in a period: how it was drawn, by when it is to be judged, whether it is closed.

    `apart` are rounds below it that were drawn before, [path, first, last]: what they cover is not drawn again. `rule` is the rule
    as it was, `acts` how many acts there were.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, **_KEEP)
    first = models.DateField()
    last = models.DateField()
    seed = models.CharField(max_length=32)
    apart = models.JSONField(default=list)
    rule = models.JSONField()
    acts = models.PositiveIntegerField()
    drawn_at = models.DateTimeField()
    drawn_label = models.CharField(max_length=64)
    due_on = models.DateField()
    overdue_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_label = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-first", "unit__path")
        constraints = [models.UniqueConstraint(fields=["unit", "first"], name="detection_round_once")]


class AuditItem(models.Model):
    """An act in the sample of a round, and what stood out in it. Fixed when the round is drawn."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(AuditRound, **_KEEP)
    disclosure = models.ForeignKey(Disclosure, **_KEEP)
    person = models.ForeignKey(Person, null=True, **_KEEP)
    marks = models.JSONField(default=list)
    only_grows = True

    class Meta:
        ordering = ("disclosure__at", "id")
        constraints = [models.UniqueConstraint(fields=["round", "disclosure"], name="detection_item_once")]


class AuditJudgement(models.Model):
    """What an auditor finds about an item: once, and for good."""

    item = models.OneToOneField(AuditItem, primary_key=True, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=12, choices=[(one.value, one.title) for one in Judgement])
    by = models.ForeignKey(Person, **_KEEP)
    at = models.DateTimeField()
    only_grows = True


class AuditCase(models.Model):
    """The violation case that was opened from a finding."""

    item = models.OneToOneField(AuditItem, primary_key=True, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, **_KEEP)
    by = models.ForeignKey(Person, **_KEEP)
    at = models.DateTimeField()
    only_grows = True


class AuditNote(models.Model):
    """What somebody wrote about an item: the auditor's reason, or what the person concerned says. It can be erased."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(AuditItem, **_KEEP)
    is_reason = models.BooleanField()
    by = models.ForeignKey(Person, **_KEEP)
    at = models.DateTimeField()
    text = SealedText("detection.audit_note")

    class Meta:
        ordering = ("at", "id")
