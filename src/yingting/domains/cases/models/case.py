"""A case itself: by which edition of its process it runs, who says what, its rounds, and its links with other cases."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models

from yingting.domains.cases.models.keeping import KEEP
from yingting.foundation.people.models import Person
from yingting.foundation.privacy.fields import SealedText, SearchKey
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.sites.models import Hall, Unit
from yingting.kernel.ids import new_id


class ProcessEdition(models.Model):
    """A process as it was when a case began by it: kept whole, so that a running case keeps its version whatever is edited or
    shipped later. One row for each different text.
    """

    only_grows: ClassVar[bool] = True
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    body = models.JSONField()
    # Where it was written: the unit's path and the number of the version there; "" and 0 for the shipped one.
    path = models.CharField(max_length=160, blank=True)
    number = models.PositiveIntegerField()
    first_used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "digest", "path", "number"], name="cases_edition_once")]


class CaseState(models.TextChoices):
    """Whether anything is still to be done, and by whom it is waited for."""

    OPEN = "open"
    WAITS_CUSTOMER = "waits_customer"
    WAITS_OTHERS = "waits_others"
    CLOSED = "closed"
    # Another system closed it before it came here, without what our gate asks for. Never a way to close a case of ours.
    ELSEWHERE = "elsewhere"
    WITHDRAWN = "withdrawn"
    OUT_OF_SCOPE = "out_of_scope"
    MERGED = "merged"


OPEN_STATES = (CaseState.OPEN, CaseState.WAITS_CUSTOMER, CaseState.WAITS_OTHERS)
# The same for questions to the database (a constraint holds the two together): a partial index is only used where its condition
# stands in the question without parameters.
OPEN = models.Q(closed_at__isnull=True)
# The order of the work queue: its indexes hold all that its questions ask, so that none reads a row that is not shown.
QUEUE = ("next_due_at", "registered_at", "id")


class Case(models.Model):
    """One case. `number` is what the house calls it, `public_number` what the customer follows it by."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=32, unique=True)
    public_number = models.CharField(max_length=12, unique=True)
    # What the sender calls this registration: sent again, it is the same case.
    client_id = models.UUIDField(null=True, unique=True)
    kind = models.CharField(max_length=16)
    process = models.CharField(max_length=64)
    edition = models.ForeignKey(ProcessEdition, **KEEP)
    unit = models.ForeignKey(Unit, **KEEP)
    hall = models.ForeignKey(Hall, null=True, **KEEP)
    business_day = models.DateField()
    channel = models.CharField(max_length=24)
    channel_number = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField()
    registered_at = models.DateTimeField()
    severity = models.CharField(max_length=24)
    category = models.CharField(max_length=64, blank=True)
    cause = models.CharField(max_length=64, blank=True)
    verification = models.CharField(max_length=8, blank=True)
    result = models.CharField(max_length=8, blank=True)
    effect = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=16, choices=CaseState, default=CaseState.OPEN)
    step = models.CharField(max_length=64)
    cycle = models.PositiveSmallIntegerField(default=1)
    first_asker = models.ForeignKey(Person, null=True, **KEEP)
    owner = models.ForeignKey(Person, null=True, **KEEP)
    bounces = models.PositiveSmallIntegerField(default=0)
    # The nearest due moment of its running clocks: the order of the work queue.
    next_due_at = models.DateTimeField(null=True)
    is_due_provisional = models.BooleanField(default=False)
    # When the next rung of the escalation is reached; the highest level that was told so far ("" : none).
    next_rung_at = models.DateTimeField(null=True)
    told_level = models.CharField(max_length=10, blank=True)
    merged_into = models.ForeignKey("self", null=True, **KEEP)
    # What it grew out of or is about: a ticket, a visit, another record; by kind and public id.
    origin_kind = models.CharField(max_length=32, blank=True)
    origin_id = models.UUIDField(null=True)
    about_person = models.ForeignKey(Person, null=True, **KEEP)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    # The version of its last fact: where it stands changes only together with a fact (a trigger holds that).
    fact_version = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["owner", *QUEUE, "unit"], condition=OPEN, name="cases_queue_owner"),
            models.Index(fields=["unit", *QUEUE], condition=OPEN, name="cases_queue_unit"),
            models.Index(fields=["first_asker", *QUEUE, "unit"], condition=OPEN, name="cases_queue_first_asker"),
            models.Index(fields=["next_rung_at"], condition=OPEN, name="cases_rungs_to_climb"),
            models.Index(fields=[*QUEUE, "unit"], condition=OPEN, name="cases_queue_all"),
            models.Index(fields=["origin_id"], condition=models.Q(origin_id__isnull=False), name="cases_by_origin"),
            models.Index(fields=["channel_number"], name="cases_by_channel_number"),
            models.Index(fields=["unit", "registered_at"], name="cases_by_unit_and_time"),
            models.Index(fields=["process", "category", "registered_at"], name="cases_by_category"),
            models.Index(fields=["about_person", "registered_at"], name="cases_by_person"),
        ]
        constraints = [
            # An open case has an owner, always; a closed one has none.
            models.CheckConstraint(
                condition=models.Q(state__in=OPEN_STATES, owner__isnull=False, closed_at__isnull=True)
                | (~models.Q(state__in=OPEN_STATES) & models.Q(owner__isnull=True, closed_at__isnull=False)),
                name="cases_open_has_owner",
            ),
            models.CheckConstraint(
                condition=models.Q(received_at__lte=models.F("registered_at")), name="cases_received_first"
            ),
            models.UniqueConstraint(
                fields=["channel", "channel_number"],
                condition=~models.Q(channel_number=""),
                name="cases_channel_number",
            ),
        ]

    @property
    def place(self) -> UUID:
        """What its facts carry as their hall: the hall, or the unit itself where it has none (foundation/lake/offices.py)."""
        return self.hall_id or self.unit_id


class Complainant(models.Model):
    """Who complains, suggests or reports: sealed. A case without one is anonymous."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT, related_name="+")
    name = SealedText("cases.complainant_name", DataKind.NAME)
    phone = SealedText("cases.complainant_phone", DataKind.PHONE)
    phone_key = SearchKey(of="phone")
    number = SealedText("cases.complainant_number", DataKind.PHONE)  # the number that the case is about
    number_key = SearchKey(of="number")
    prefers = models.CharField(max_length=24, blank=True)  # how and when they want to be called


class Words(models.Model):
    """What was said and asked for, in the customer's words: sealed."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT, related_name="+")
    text = SealedText("cases.text", DataKind.TEXT)
    demand = SealedText("cases.demand", DataKind.TEXT)
    reason = SealedText("cases.reason", DataKind.TEXT)
    result = SealedText("cases.result", DataKind.TEXT)
    product = models.CharField(max_length=120, blank=True)
    model = models.CharField(max_length=120, blank=True)


class Cycle(models.Model):
    """One round of a case, from opening or reopening to its close."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, **KEEP)
    n = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    reason = models.CharField(max_length=64, blank=True)
    accepted_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, null=True, **KEEP)
    outcome = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "n"], name="cases_cycle_once")]


class Numbering(models.Model):
    """The last number that a unit gave to a case on a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, **KEEP)
    day = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "day"], name="cases_numbering_once")]


class LinkSort(models.TextChoices):
    """What one case is to another."""

    LIKE = "like"
    REPEAT = "repeat"
    SPLIT = "split"


class Link(models.Model):
    """A case is like another, repeats it, or was split off it. By nobody: the house found the repeat itself. One that was taken back
    (`Unlink`) stays, and may be made anew.
    """

    only_grows: ClassVar[bool] = True
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, **KEEP)
    other = models.ForeignKey(Case, **KEEP)
    sort = models.CharField(max_length=8, choices=LinkSort)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, **KEEP)

    class Meta:
        indexes = [models.Index(fields=["case", "other", "sort"], name="cases_link_pair")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(case=models.F("other")), name="cases_link_other"),
        ]


class Unlink(models.Model):
    """A link was taken back, and why."""

    only_grows: ClassVar[bool] = True
    link = models.OneToOneField(Link, primary_key=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, **KEEP)
