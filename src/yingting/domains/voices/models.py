"""State of voices.

Suggestion    open ─→ judged          joined to an earlier one: its votes go along     (owner, clocks, steps: its case)
Consultation  open ─→ finished | given_up      Invitation  asked ─→ answered ─→ what became of it
Effect        what an indicator said before and after an adopted suggestion was carried out
RuleGround    upon which consultation a version of a rule was published, or why without one
Order         issued ─→ told ─→ withdrawn      Receipt  told ─→ confirmed      ComplianceCheck  complied, or a case
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from yingting.domains.cases.models import Case
from yingting.foundation.people.models import Person
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.kernel.ids import new_id

_KEEP: dict[str, Any] = {"on_delete": models.PROTECT, "related_name": "+"}


class Campaign(models.Model):
    """A stretch of days with a theme, for a unit and all below it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, **_KEEP)
    title = models.CharField(max_length=80)
    theme = models.TextField()
    first = models.DateField()
    last = models.DateField()
    by = models.ForeignKey(Person, **_KEEP)
    at = models.DateTimeField()
    thanks = models.TextField(blank=True)

    class Meta:
        ordering = ("-first", "-at")
        constraints = [
            models.CheckConstraint(condition=models.Q(first__lte=models.F("last")), name="voices_campaign_forward")
        ]

    def __str__(self) -> str:
        return self.title


class Suggestion(models.Model):
    """A suggestion of a member of staff. `shared_path` is the unit whose people may read it: as the rule was when it was made.

    `is_named` false: colleagues do not see who made it; who has to answer does.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.OneToOneField(Case, **_KEEP)
    unit = models.ForeignKey(Unit, **_KEEP)
    shared_path = models.CharField(max_length=160)
    author = models.ForeignKey(Person, **_KEEP)
    is_named = models.BooleanField()
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    text = models.TextField()
    effect = models.CharField(max_length=400)
    cost_fen = models.BigIntegerField(null=True)
    campaign = models.ForeignKey(Campaign, null=True, **_KEEP)
    at = models.DateTimeField()
    votes = models.PositiveIntegerField(default=0)
    judgement = models.CharField(max_length=8, blank=True)
    why = models.TextField(blank=True)
    judged_by = models.ForeignKey(Person, null=True, **_KEEP)
    judged_at = models.DateTimeField(null=True)
    joined_into = models.ForeignKey("self", null=True, **_KEEP)

    class Meta:
        ordering = ("-at", "-id")
        indexes = [
            models.Index(fields=["shared_path", "-at"], name="voices_shared"),
            models.Index(fields=["author", "-at"], name="voices_own"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(judgement="", judged_at__isnull=True)
                | (~models.Q(judgement="") & models.Q(judged_at__isnull=False) & ~models.Q(why="")),
                name="voices_judged_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(judged_by__isnull=True) | ~models.Q(judged_by=models.F("author")),
                name="voices_judged_by_other",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Vote(models.Model):
    """A colleague supports a suggestion. `came_with` is the suggestion that was joined, if the vote came along with it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    suggestion = models.ForeignKey(Suggestion, **_KEEP)
    person = models.ForeignKey(Person, **_KEEP)
    at = models.DateTimeField()
    came_with = models.ForeignKey(Suggestion, null=True, **_KEEP)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["suggestion", "person"], name="voices_one_vote")]


class Effect(models.Model):
    """What an indicator of the catalogue said before and after an adopted suggestion was carried out, once for each indicator.

    `units` are the paths where it was carried out; `verdict` is what may be said of the change (indicators/before_after.py).
    """

    only_grows: ClassVar[bool] = True
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    suggestion = models.ForeignKey(Suggestion, **_KEEP)
    indicator = models.CharField(max_length=80)
    units = models.JSONField()
    before_first = models.DateField()
    before_last = models.DateField()
    before_value = models.FloatField(null=True)
    before_n = models.PositiveIntegerField()
    after_first = models.DateField()
    after_last = models.DateField()
    after_value = models.FloatField(null=True)
    after_n = models.PositiveIntegerField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    verdict = models.CharField(max_length=16)
    by = models.ForeignKey(Person, **_KEEP)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at",)
        constraints = [models.UniqueConstraint(fields=["suggestion", "indicator"], name="voices_measured_once")]


class ConsultationState(models.TextChoices):
    """Where a consultation stands."""

    OPEN = "open"
    FINISHED = "finished"
    GIVEN_UP = "given_up"


class Consultation(models.Model):
    """A draft that was put before people. `rule_kind` "" is a measure that stands in `text` only; else `body` is the rule drafted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, **_KEEP)
    title = models.CharField(max_length=120)
    text = models.TextField()
    rule_kind = models.CharField(max_length=48, blank=True)
    rule_key = models.CharField(max_length=64, blank=True)
    body = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    opened_by = models.ForeignKey(Person, **_KEEP)
    opened_at = models.DateTimeField()
    closes_on = models.DateField()
    state = models.CharField(max_length=10, choices=ConsultationState, default=ConsultationState.OPEN)
    summary = models.TextField(blank=True)
    ended_by = models.ForeignKey(Person, null=True, **_KEEP)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-opened_at",)
        indexes = [models.Index(fields=["rule_kind", "rule_key", "unit"], name="voices_consulted_rule")]

    def __str__(self) -> str:
        return self.title


class Invitation(models.Model):
    """Somebody was asked; what they said, and what became of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    consultation = models.ForeignKey(Consultation, **_KEEP)
    person = models.ForeignKey(Person, **_KEEP)
    is_front = models.BooleanField()
    stance = models.CharField(max_length=8, blank=True)
    words = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, blank=True)
    outcome_words = models.CharField(max_length=400, blank=True)
    outcome_by = models.ForeignKey(Person, null=True, **_KEEP)

    class Meta:
        ordering = ("person__staff_no",)
        constraints = [models.UniqueConstraint(fields=["consultation", "person"], name="voices_asked_once")]


class RuleGround(models.Model):
    """Upon what a version of a rule that needs a consultation was published: its record, or a reason that it could not wait."""

    only_grows: ClassVar[bool] = True
    version = models.OneToOneField(RuleVersion, primary_key=True, **_KEEP)
    consultation = models.ForeignKey(Consultation, null=True, **_KEEP)
    is_as_drafted = models.BooleanField()
    urgent = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Person, null=True, **_KEEP)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(consultation__isnull=False, urgent="")
                | (models.Q(consultation__isnull=True) & ~models.Q(urgent="")),
                name="voices_consulted_or_urgent",
            )
        ]


class Order(models.Model):
    """Something that people of a unit have to read and obey: a version of a rule, or a text of its own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, **_KEEP)
    version = models.OneToOneField(RuleVersion, null=True, **_KEEP)
    title = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    roles = models.JSONField(default=list)
    by = models.ForeignKey(Person, null=True, **_KEEP)
    at = models.DateTimeField()
    confirm_by = models.DateTimeField()
    check_on = models.DateField()
    # The worker tells people after the order was issued; null: not all of them are told yet.
    told_at = models.DateTimeField(null=True)
    check_told = models.BooleanField(default=False)
    # When its time to be confirmed was found to be over: what is not confirmed by then is late.
    ran_over_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-at",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(version__isnull=False) | (~models.Q(title="") & ~models.Q(text="")),
                name="voices_order_says_something",
            )
        ]


class Receipt(models.Model):
    """An order went to a person; when they confirmed, how often they were reminded."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, **_KEEP)
    person = models.ForeignKey(Person, **_KEEP)
    confirmed_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "person"], name="voices_received_once")]
        indexes = [
            models.Index(fields=["person"], condition=models.Q(confirmed_at__isnull=True), name="voices_to_confirm")
        ]


class ComplianceCheck(models.Model):
    """Somebody looked whether an order is complied with at a unit. `value` and `target` are the indicator's, where it was one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, **_KEEP)
    unit = models.ForeignKey(Unit, **_KEEP)
    by = models.ForeignKey(Person, **_KEEP)
    at = models.DateTimeField()
    complied = models.BooleanField()
    words = models.TextField(blank=True)
    indicator = models.CharField(max_length=80, blank=True)
    first = models.DateField(null=True)
    last = models.DateField(null=True)
    value = models.FloatField(null=True)
    target = models.FloatField(null=True)
    n = models.PositiveIntegerField(null=True)
    case = models.OneToOneField(Case, null=True, **_KEEP)

    class Meta:
        ordering = ("-at",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(complied=True) | models.Q(case__isnull=False), name="voices_not_complied_has_case"
            )
        ]
