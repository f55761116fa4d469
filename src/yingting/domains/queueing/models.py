"""State of the queue: fields, constraints and filters. The flow is in `actions.py`, the hot SQL in `statements.py`.

Ticket states (a ticket is a visit):

    waiting ─call→ called ─start→ serving ─finish→ finished
       ▲             │ │             │ └─park→ parked ─resume→ serving
       │             │ └─no-show→ missed ─return→ waiting
       ├──transfer───┴───────────────┘
       └─leave→ left          (also from missed and parked)
    waiting, called, missed, parked ─close of the day→ lapsed

Counter sessions: open ⇄ paused, either → closed.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yingting.foundation.catalogue.models import BusinessClass, BusinessType
from yingting.foundation.customers.models import Customer
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Counter, Hall, Unit, Zone
from yingting.kernel.ids import new_id, new_short_secret

# What the hot tables point at is never deleted (retired at most), and the actions write only ids that they have just read.
# So these keys carry neither a database check nor an index of their own: on PostgreSQL the checks lock the same few hall and
# queue rows for every ticket, and with the extra indexes they cost more than the operation itself (docs/decisions/0004).
_REFERENCE: dict[str, Any] = {"db_constraint": False, "db_index": False}


class PriorityClass(models.Model):
    """How early a kind of customer is called.

    Lower `tier` is always called before higher (0: the care lane, 爱心通道). Within a tier a class's waiting time counts
    from `head_start_min` minutes before its ticket: everybody ages at the same pace, so nobody starves.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    tier = models.PositiveSmallIntegerField(default=1)
    head_start_min = models.PositiveSmallIntegerField(default=0)
    letter = models.CharField(max_length=1, blank=True)
    is_care = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("tier", "-head_start_min", "code")
        constraints = [models.UniqueConstraint(fields=["unit", "code"], name="queueing_priority_code")]

    def __str__(self) -> str:
        return self.name


class Queue(models.Model):
    """A line in a hall: the business classes it takes, the letter of its numbers, the zone where people wait."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    zone = models.ForeignKey(Zone, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    letter = models.CharField(max_length=1)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    business_classes = models.ManyToManyField(BusinessClass, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("position", "letter")
        constraints = [models.UniqueConstraint(fields=["hall", "letter"], name="queueing_queue_letter")]

    def __str__(self) -> str:
        return self.name


class CounterQueue(models.Model):
    """A counter serves this queue. A counter without any row serves every queue of its hall."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    counter = models.ForeignKey(Counter, on_delete=models.CASCADE, related_name="+")
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["counter", "queue"], name="queueing_counter_queue_once")]


class PersonSkill(models.Model):
    """A person can do this class of business. A person without any row can do all."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    business_class = models.ForeignKey(BusinessClass, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "business_class"], name="queueing_skill_once")]


class HallDay(models.Model):
    """One business day of a hall: opened by its first ticket or sign-in, closed by the job or by the next day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    business_day = models.DateField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hall", "business_day"], name="queueing_day_once")]


class ForcedMode(models.Model):
    """A stretch of forced diversion (强制分流) in a hall, within one business day: who began it and why, who ended it (QUE-09)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    business_day = models.DateField()
    reason = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hall"], condition=models.Q(ended_at__isnull=True), name="queueing_one_forced_mode"
            )
        ]
        indexes = [models.Index(fields=["hall", "business_day"], name="queueing_forced_day")]


class InstalledWaitModel(models.Model):
    """A wait model that a hall has or had in use (`twin.waits`): one at a time, all are kept. A row never changes but for
    `replaced_at`, so that each ticket's range can be traced to what it came from.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()  # counts the hall's models from 1; 0 on a ticket means none
    body = models.JSONField()
    inputs = models.CharField(max_length=64)  # digest of what it was learnt from
    from_day = models.CharField(max_length=10, blank=True)
    to_day = models.CharField(max_length=10, blank=True)
    stated = models.FloatField()
    coverage = models.FloatField()  # measured on days that it did not know
    made_on = models.DateField()
    installed_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hall", "number"], name="queueing_waits_number"),
            models.UniqueConstraint(
                fields=["hall"], condition=models.Q(replaced_at__isnull=True), name="queueing_one_wait_model"
            ),
        ]


class Series(models.Model):
    """The last number given out under one letter on one day of a hall.

    `last_at` is the latest issue instant of the series: a clock that jumps back cannot put a ticket ahead of earlier ones.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+", **_REFERENCE)
    business_day = models.DateField()
    letter = models.CharField(max_length=1)
    last = models.PositiveIntegerField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hall", "business_day", "letter"], name="queueing_series_once")]


class TicketState(models.TextChoices):
    """States of a ticket, drawn in the module's docstring."""

    WAITING = "waiting", _("Waiting")
    CALLED = "called", _("Called")
    SERVING = "serving", _("Being served")
    PARKED = "parked", _("Parked")
    MISSED = "missed", _("No-show")
    FINISHED = "finished", _("Finished")
    LEFT = "left", _("Left")
    LAPSED = "lapsed", _("Lapsed at closing")


class Ticket(models.Model):
    """A visit with its visible number. `version` counts its changes; the journal holds one fact for each.

    Order of calling is (tier, rank_at, id): all three are stored, so the claim is one index scan.
    `changed_at` never goes back, whatever the clock does.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+", **_REFERENCE)
    business_day = models.DateField()
    number = models.CharField(max_length=8)
    secret = models.CharField(max_length=24, default=new_short_secret, editable=False)
    channel = models.CharField(max_length=8)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+", **_REFERENCE)
    business = models.ForeignKey(BusinessType, on_delete=models.PROTECT, related_name="+", **_REFERENCE)
    priority = models.ForeignKey(PriorityClass, on_delete=models.PROTECT, related_name="+", **_REFERENCE)
    tier = models.PositiveSmallIntegerField()
    rank_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=TicketState, default=TicketState.WAITING)
    version = models.PositiveIntegerField(default=1)
    issued_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    first_called_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    counter = models.ForeignKey(Counter, null=True, on_delete=models.PROTECT, related_name="+", **_REFERENCE)
    session = models.ForeignKey("CounterSession", null=True, on_delete=models.PROTECT, related_name="+", **_REFERENCE)
    for_counter = models.ForeignKey(Counter, null=True, on_delete=models.PROTECT, related_name="+", **_REFERENCE)
    # The booking that the customer came with (appointments, above the queue): one ticket each. `rank_at` is then as booked.
    booking = models.UUIDField(null=True)
    calls = models.PositiveSmallIntegerField(default=0)
    transfers = models.PositiveSmallIntegerField(default=0)
    expected_s = models.PositiveIntegerField()
    quoted_ahead = models.PositiveIntegerField()
    quoted_low_min = models.PositiveSmallIntegerField(null=True)
    quoted_high_min = models.PositiveSmallIntegerField(null=True)
    rating_asked_at = models.DateTimeField(null=True)
    rating = models.PositiveSmallIntegerField(null=True)
    # How the visit's risk business is still to be verified before it may be finished; "" for nothing (rules.strongest).
    needs_verification = models.CharField(max_length=16, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hall", "business_day", "number"], name="queueing_number_once"),
            # Not `unique=True`, which on PostgreSQL makes a second index for LIKE.
            models.UniqueConstraint(fields=["secret"], name="queueing_secret_once"),
            # Walk-ins are not in this index.
            models.UniqueConstraint(
                fields=["booking"], condition=models.Q(booking__isnull=False), name="queueing_ticket_a_booking"
            ),
            models.CheckConstraint(
                condition=models.Q(rating__isnull=True) | models.Q(rating__range=(1, 5)), name="queueing_rating_1_5"
            ),
        ]
        indexes = [
            models.Index(
                fields=["hall", "business_day", "tier", "rank_at", "id"],
                condition=models.Q(state="waiting"),
                name="queueing_next",
            ),
            models.Index(fields=["hall", "business_day", "called_at"], name="queueing_called"),
        ]


class ExpectedState(models.TextChoices):
    """expected → came | missed. A booking that is cancelled or moved is no longer expected: its row goes."""

    EXPECTED = "expected", _("Expected")
    CAME = "came", _("Came")
    MISSED = "missed", _("Stayed away")


class ExpectedBooking(models.Model):
    """A customer who has booked and is not here yet; the id is the booking's. What walk-ins are told counts them.

    `rank_at` is the place in line that the customer will get, `due_at` when the customer is to be here. Rows of past days stay:
    the share that came tells how many of the next ones will.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+", **_REFERENCE)
    business_day = models.DateField()
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+", **_REFERENCE)
    rank_at = models.DateTimeField()
    due_at = models.DateTimeField()
    expected_s = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=ExpectedState, default=ExpectedState.EXPECTED)

    class Meta:
        indexes = [
            models.Index(
                fields=["hall", "business_day", "due_at"],
                condition=models.Q(state="expected"),
                name="queueing_expected",
            ),
            models.Index(fields=["hall", "business_day", "state"], name="queueing_expected_came"),
        ]


class TicketCustomer(models.Model):
    """Who the customer of a ticket is, as it was found out: one row a ticket, corrected by staff at most.

    `customer` is NULL where nobody is known and that is worth knowing: the customer declined, or several files share the number.
    Segment and level are those of that moment; the file may change later, the visit does not.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="+", **_REFERENCE)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+", **_REFERENCE)
    business_day = models.DateField()
    how = models.CharField(max_length=8)  # rules.knowing.KnownBy
    segment = models.CharField(max_length=24, blank=True, default="")
    level = models.CharField(max_length=24, blank=True, default="")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", **_REFERENCE)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(
                fields=["customer", "business_day"],
                condition=models.Q(customer__isnull=False),
                name="queueing_visits_of_known",
            ),
            models.Index(fields=["business_day", "hall"], name="queueing_known_day"),
        ]


class Handling(models.Model):
    """One stint of a ticket at a counter, from start to finish, transfer or park: the clock of 3/5 minutes runs on it.

    `businesses` lists the ids of the business types done in it; more than one makes it combined.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+", **_REFERENCE)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+", **_REFERENCE)
    session = models.ForeignKey("CounterSession", on_delete=models.PROTECT, related_name="+", **_REFERENCE)
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="+", **_REFERENCE)
    clerk = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", **_REFERENCE)
    businesses = models.JSONField()
    kind = models.CharField(max_length=8)
    limit_min = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(ended_at__isnull=True), name="queueing_one_open_handling"
            )
        ]


class SessionState(models.TextChoices):
    """States of a counter session."""

    OPEN = "open", _("Open")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Closed")


class CounterSession(models.Model):
    """A clerk at a counter. One clerk at a counter, one counter for a clerk, one ticket at a time: the database sees to it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+", **_REFERENCE)
    business_day = models.DateField()
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="+", **_REFERENCE)
    clerk = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", **_REFERENCE)
    state = models.CharField(max_length=8, choices=SessionState, default=SessionState.OPEN)
    pause_reason = models.CharField(max_length=60, blank=True)
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="+", **_REFERENCE)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    # Whose turn it is in the ratios of the calling rules; written with a call, in the row that every call writes anyway.
    turns = models.TextField(blank=True, default="", db_default="")

    LIVE: ClassVar[models.Q] = ~models.Q(state="closed")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["counter"], condition=~models.Q(state="closed"), name="queueing_one_clerk_a_counter"
            ),
            models.UniqueConstraint(
                fields=["clerk"], condition=~models.Q(state="closed"), name="queueing_one_counter_a_clerk"
            ),
        ]
        # `ticket` is in no index: it changes with every call and finish, and PostgreSQL then rewrites the row in place. That no
        # two sessions hold one ticket follows from the ticket, whose row is locked and names one session.
        indexes = [models.Index(fields=["hall", "business_day"], name="queueing_session_day")]


class Rating(models.Model):
    """The customer's word after a visit, once. The comment may name people: it stays here and never enters the journal."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()
    comment = models.CharField(max_length=300, blank=True)
    rated_at = models.DateTimeField()


class ComplaintState(models.TextChoices):
    """open → acknowledged."""

    OPEN = "open", _("Open")
    ACKNOWLEDGED = "acknowledged", _("Taken care of")


class SteeringComplaint(models.Model):
    """A customer reports having been forced to the self-service terminal (SLF-04). The hall's management takes care of it.

    What is written here may name people: the journal holds only that it happened and how long it took.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    business_day = models.DateField()
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8)
    words = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=ComplaintState, default=ComplaintState.OPEN)
    reported_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-reported_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(ticket__isnull=False), name="queueing_one_complaint_a_ticket"
            )
        ]
        indexes = [models.Index(fields=["hall", "state", "business_day"], name="queueing_complaint_hall")]
