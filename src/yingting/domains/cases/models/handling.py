"""How a case is handled: who holds it, the steps, what goes to the customer and comes back, whom the owner asks."""

from __future__ import annotations

from django.db import models

from yingting.domains.cases.models.case import Case
from yingting.domains.cases.models.keeping import KEEP
from yingting.foundation.people.models import Person
from yingting.foundation.privacy.fields import SealedText
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.sites.models import Unit
from yingting.kernel.ids import new_id


class Holding(models.Model):
    """A person owns the case, from accepting it until somebody else does."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, **KEEP)
    cycle = models.PositiveSmallIntegerField()
    owner = models.ForeignKey(Person, **KEEP)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    why = models.CharField(max_length=16)

    class Meta:
        ordering = ("since", "id")
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(until__isnull=True), name="cases_one_owner"),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="cases_holding_forward",
            ),
        ]
        indexes = [models.Index(fields=["owner", "since"], name="cases_holding_owner")]


class Handover(models.Model):
    """A hand-over: offered by the owner, and then accepted, declined or withdrawn. The giver is charged until it is accepted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, **KEEP)
    giver = models.ForeignKey(Person, **KEEP)
    receiver = models.ForeignKey(Person, **KEEP)
    reason = models.CharField(max_length=200)
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=12, blank=True)
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(answered_at__isnull=True), name="cases_one_handover"
            )
        ]
        indexes = [
            models.Index(
                fields=["receiver"], condition=models.Q(answered_at__isnull=True), name="cases_handover_to_answer"
            )
        ]


class StepVisit(models.Model):
    """A stay in a step: who owned it, the limit that held, when it was due, what came of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, **KEEP)
    cycle = models.PositiveSmallIntegerField()
    n = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=64)
    owner = models.ForeignKey(Person, null=True, **KEEP)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    left_by = models.ForeignKey(Person, null=True, **KEEP)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("n",)
        constraints = [
            models.UniqueConstraint(fields=["case", "n"], name="cases_step_once"),
            models.UniqueConstraint(fields=["case"], condition=models.Q(left_at__isnull=True), name="cases_one_step"),
        ]


class Message(models.Model):
    """Something that was told to the customer: by which channel, and when it reached them (null: not yet, or never)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, **KEEP)
    cycle = models.PositiveSmallIntegerField()
    is_answer = models.BooleanField()
    is_consent = models.BooleanField(default=False)
    channel = models.CharField(max_length=16)
    text = SealedText("cases.message", DataKind.TEXT)
    sent_at = models.DateTimeField()
    reached_at = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, null=True, **KEEP)

    class Meta:
        ordering = ("sent_at", "id")
        indexes = [models.Index(fields=["case", "sent_at"], name="cases_message_case")]


class Promise(models.Model):
    """A time that was promised to the customer; kept when the answer reached them by then."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, **KEEP)
    cycle = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    by = models.ForeignKey(Person, **KEEP)
    kept = models.BooleanField(null=True)

    class Meta:
        ordering = ("made_at", "id")


class CallBack(models.Model):
    """An attempt to call the customer back, by somebody who did not handle the case."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, **KEEP)
    cycle = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    band = models.CharField(max_length=24)
    outcome = models.CharField(max_length=24)
    reached = models.BooleanField()
    solved = models.CharField(max_length=8, blank=True)
    satisfied = models.PositiveSmallIntegerField(null=True)
    words = SealedText("cases.call_back", DataKind.TEXT)
    # How the handling was, item by item of the rule: yes, no, unseen. Empty where nobody was reached.
    manners = models.JSONField(default=dict)
    # None: the customer said it by themselves, on the follow page.
    by = models.ForeignKey(Person, null=True, **KEEP)

    class Meta:
        ordering = ("at", "id")


class Consult(models.Model):
    """The owner asks a colleague; the owner stays the owner."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, **KEEP)
    asked = models.ForeignKey(Person, **KEEP)
    by = models.ForeignKey(Person, **KEEP)
    question = SealedText("cases.consult_question", DataKind.TEXT)
    asked_at = models.DateTimeField()
    answer = SealedText("cases.consult_answer", DataKind.TEXT)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["asked"], condition=models.Q(answered_at__isnull=True), name="cases_consult_to_answer")
        ]


class SupportRating(models.Model):
    """How the front line rates the back office's help in a round of a request: points by item, and the unit that helped."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, **KEEP)
    cycle = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, **KEEP)
    points = models.JSONField()
    words = SealedText("cases.support_rating", DataKind.TEXT)
    by = models.ForeignKey(Person, **KEEP)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "cycle"], name="cases_rated_once")]
        indexes = [models.Index(fields=["unit", "at"], name="cases_rating_unit")]


class AdditionSort(models.TextChoices):
    """What a customer says later on."""

    MORE = "more"
    WITHDRAW = "withdraw"
    NOT_SOLVED = "not_solved"


class Addition(models.Model):
    """What the customer said later, on the follow page: something more, that they withdraw, that it is not solved."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, **KEEP)
    # On whose page it was said: of this case, or of one that was merged into it. Only there it is shown again.
    page = models.ForeignKey(Case, **KEEP)
    cycle = models.PositiveSmallIntegerField()
    sort = models.CharField(max_length=12, choices=AdditionSort)
    text = SealedText("cases.addition", DataKind.TEXT)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
        indexes = [models.Index(fields=["case", "at"], name="cases_addition_case")]
