"""State of appointments. What a booking goes through is drawn in `rules/states.py`.

Who writes holds rows in this order: booker, slots by id, bookings; so no two wait for each other in a circle.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from yingting.domains.appointments.rules.states import OPEN, State
from yingting.foundation.catalogue.models import BusinessType
from yingting.foundation.customers.models import Customer
from yingting.foundation.people.models import Person
from yingting.foundation.privacy.fields import SealedText, SearchKey
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.sites.models import Hall
from yingting.kernel.ids import new_id, new_short_secret

_KEEP: dict[str, Any] = {"on_delete": models.PROTECT, "related_name": "+"}
_LIVE = [state.value for state in (*OPEN, State.ARRIVED)]


class Slot(models.Model):
    """A span of time of a hall in which customers of a group of businesses may book. A row comes into being with the first hold.

    `capacity` follows the rule, but never falls below what is taken: a slot with too many is found by its touched bookings.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, **_KEEP)
    group = models.CharField(max_length=24)
    business_day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("starts_at",)
        constraints = [
            models.UniqueConstraint(fields=["hall", "group", "starts_at"], name="appointments_slot_once"),
            models.CheckConstraint(
                condition=models.Q(taken__gte=0) & models.Q(taken__lte=models.F("capacity")),
                name="appointments_not_over",
            ),
        ]
        indexes = [models.Index(fields=["hall", "business_day"], name="appointments_slot_day")]


class Booker(models.Model):
    """Somebody who books, known by the phone number alone: the row that limits and waiting periods are held on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    phone = SealedText("appointments.booker_phone", DataKind.PHONE)
    phone_key = SearchKey(of="phone")
    # The end of the waiting period that runs, if one does.
    waits_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["phone_key"], condition=~models.Q(phone_key=""), name="appointments_booker_once"
            )
        ]


class Booking(models.Model):
    """A booking. `starts_at`, `business_day` and `hall` are its slot's. `secret` opens the customer's page and nothing else: 96
    random bits, and the page is rate-limited.

    `papers` are the names that the customer said to have. `touched_why` says why it cannot stand, "" when it can.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    secret = models.CharField(max_length=24, default=new_short_secret, editable=False)
    hall = models.ForeignKey(Hall, **_KEEP)
    slot = models.ForeignKey(Slot, **_KEEP)
    business = models.ForeignKey(BusinessType, **_KEEP)
    business_day = models.DateField()
    starts_at = models.DateTimeField()
    booker = models.ForeignKey(Booker, null=True, **_KEEP)
    customer = models.ForeignKey(Customer, null=True, blank=True, db_constraint=False, **_KEEP)
    name = SealedText("appointments.name", DataKind.NAME)
    phone = SealedText("appointments.phone", DataKind.PHONE)
    phone_key = SearchKey(of="phone")
    need = SealedText("appointments.need", DataKind.TEXT)
    papers = models.JSONField(default=list)
    wants_reminder = models.BooleanField(default=False)
    language = models.CharField(max_length=8, blank=True, default="")  # of the page that the customer booked on
    notice = models.CharField(max_length=16, blank=True, default="")  # version of the notice that was shown
    channel = models.CharField(max_length=12)
    state = models.CharField(max_length=10, default=State.HELD.value)
    cause = models.CharField(max_length=16, blank=True, default="")
    counts = models.BooleanField(default=False)  # for the waiting period
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    holds_until = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    # Check-in: the ticket (a visit of the queue), when, how the arrival lay to the booked time.
    ticket = models.UUIDField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True)
    arrival = models.CharField(max_length=10, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, null=True, **_KEEP)
    touched_at = models.DateTimeField(null=True)
    touched_why = models.CharField(max_length=12, blank=True, default="")
    is_kept = models.BooleanField(default=False)  # the hall keeps it although it is over its places
    escalated_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    # Calls to the customer about this booking: how often tried, when last.
    calls = models.PositiveSmallIntegerField(default=0)
    called_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("starts_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["secret"], name="appointments_secret_once"),
            models.UniqueConstraint(fields=["ticket"], name="appointments_ticket_once"),
            models.UniqueConstraint(
                fields=["booker", "starts_at"], condition=models.Q(state__in=_LIVE), name="appointments_person_once"
            ),
        ]
        indexes = [
            models.Index(fields=["hall", "business_day", "starts_at"], name="appointments_day"),
            models.Index(fields=["booker", "state"], name="appointments_of_person"),
            models.Index(fields=["holds_until"], condition=models.Q(state="held"), name="appointments_holds"),
            models.Index(fields=["hall", "starts_at"], condition=models.Q(state="booked"), name="appointments_to_come"),
            models.Index(
                fields=["hall", "starts_at"],
                condition=models.Q(state="cancelled", cause="hall_closed"),
                name="appointments_by_the_hall",
            ),
        ]


class Block(models.Model):
    """A waiting period of a booker: in which hall the last booking was missed, how many were, until when, whether it was lifted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    booker = models.ForeignKey(Booker, **_KEEP)
    hall = models.ForeignKey(Hall, **_KEEP)
    missed = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-since",)
        indexes = [models.Index(fields=["hall", "until"], name="appointments_block_until")]


class Appeal(models.Model):
    """An objection to a waiting period, once for each; who noted it (NULL: the customer alone) does not decide it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    block = models.OneToOneField(Block, **_KEEP)
    words = SealedText("appointments.appeal", DataKind.TEXT)
    made_at = models.DateTimeField()
    noted_by = models.ForeignKey(Person, null=True, **_KEEP)
    granted = models.BooleanField(null=True)
    answer = SealedText("appointments.appeal_answer", DataKind.TEXT)
    decided_by = models.ForeignKey(Person, null=True, **_KEEP)
    decided_at = models.DateTimeField(null=True)


class OfferedDay(models.Model):
    """What a hall offered to be booked on a day, written down when the day began: `slots` lists group, beginning, places."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, **_KEEP)
    business_day = models.DateField()
    slots = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hall", "business_day"], name="appointments_offered_once")]
