"""The cast's hall, in which customers book; Monday, 5 January 2026, is today, and the clock is moved by hand."""

import datetime as dt

import pytest
from django.db.models import F

from yingting.domains.appointments.actions import booking
from yingting.domains.appointments.contracts import Wish
from yingting.domains.appointments.models import Booking, Slot
from yingting.domains.appointments.queries.rules_in_force import PLACES, TERMS
from yingting.domains.appointments.queries.slots import free_slots
from yingting.domains.appointments.rules.shapes import PlaceGroup, Places, Terms
from yingting.domains.appointments.rules.states import TAKING, fold_booking
from yingting.foundation.journal.recording import facts_of
from yingting.foundation.people.models import Person
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.clocks import local_instant
from yingting.kernel.ids import new_id
from yingting.kernel.refusals import Refusal

TODAY = dt.date(2026, 1, 5)
PHONE, OTHER = "13800138000", "13900139000"


class Desk:
    """Customers and staff book in the cast's hall."""

    def __init__(self, cast, actor_of, now):
        self.cast, self.actor_of, self.now = cast, actor_of, now
        self.stand_at(now)

    def stand_at(self, now):
        self.now = now
        Hall.objects.update(
            clock_anchor_real=now, clock_anchor_hall=now, clock_speed=0, config_version=F("config_version") + 1
        )

    def pass_(self, **span):
        self.stand_at(self.now + dt.timedelta(**span))

    def rule(self, kind, rule, since=dt.date(2000, 1, 2)):
        unit = Hall.objects.get(pk=self.cast.hall).unit_id
        number = RuleVersion.objects.filter(kind=kind.code, unit=unit).count() + 1
        RuleVersion.objects.create(
            kind=kind.code, unit_id=unit, key="", number=number, valid_from=since, body=as_body(kind, rule),
            author_label="1301", written_at=self.now,
        )  # fmt: skip

    def places(self, *, since=dt.date(2000, 1, 2), groups=None, places=4, walk_in=50, slot_min=30, **more):
        group = PlaceGroup("all", "全部业务", "All business", (), slot_min, places, walk_in)
        self.rule(PLACES, Places(groups=groups or (group,), **more), since)

    def terms(self, **more):
        self.rule(TERMS, Terms(**more))

    def at(self, hour, minute=0, day=1):
        """An instant of the hall's wall clock, so many days from today."""
        return local_instant(TODAY + dt.timedelta(days=day), dt.time(hour, minute), "Asia/Shanghai")

    def business(self, code="open"):
        return self.cast.businesses[code]

    def wish(self, at, *, phone=PHONE, name="王客", business="open", channel="phone_page", **more):
        return Wish(self.cast.hall, self.business(business), at, channel, name=name, phone=phone, **more)

    def customer(self):
        return Actor(ActorKind.CUSTOMER, new_id(), "customer")

    def own(self, booking):
        return Actor(ActorKind.CUSTOMER, booking, "customer")

    def hold(self, at, *, key=None, **more):
        return booking.hold(wish=self.wish(at, **more), actor=self.customer(), now=self.now, request_key=key)

    def book(self, at, *, key=None, who=None, **more):
        actor = self.actor_of(who) if who else self.customer()
        return booking.book(wish=self.wish(at, **more), actor=actor, now=self.now, request_key=key)

    def change(self, given, at, *, who=None, seen=None):
        actor = self.actor_of(who) if who else self.own(given.id)
        return booking.change(booking=given.id, starts_at=at, seen=seen, actor=actor, now=self.now)

    def cancel(self, given, *, who=None, cause=None):
        actor = self.actor_of(who) if who else self.own(given.id)
        return booking.cancel(booking=given.id, cause=cause, actor=actor, now=self.now)

    def free(self, day=1, business="open"):
        found = free_slots(
            hall=self.cast.hall, business=self.business(business), day=TODAY + dt.timedelta(days=day), now=self.now
        )
        return {slot.starts_at: slot.free for slot in found}

    def row(self, given):
        return Booking.objects.select_related("slot").get(pk=given.id)

    def check(self):
        """What must hold whatever happened: places add up, and the facts tell the state."""
        for slot in Slot.objects.all():
            rows = Booking.objects.filter(slot=slot, state__in=[state.value for state in TAKING])
            assert (slot.taken, slot.starts_at) == (rows.count(), slot.starts_at)
        for row in Booking.objects.all():
            folded = fold_booking(facts_of(row.pk))
            told = (folded.state, folded.slot, folded.starts_at, folded.cause, folded.ticket, folded.version)
            assert told == (row.state, row.slot_id, row.starts_at, row.cause, row.ticket, row.version)


def refused(act):
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.code


@pytest.fixture
def hall(cast, actor_of, now):
    desk = Desk(cast, actor_of, now)
    yield desk
    desk.check()


@pytest.fixture
def as_(client):
    def sign_in(staff_no):
        client.force_login(Person.objects.get(staff_no=staff_no))
        return client

    return sign_in
