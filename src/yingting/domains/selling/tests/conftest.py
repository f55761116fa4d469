import datetime as dt

import pytest

from yingting.domains.queueing.tests.screens import Hands
from yingting.domains.selling.actions import recording
from yingting.domains.selling.rules import Answer
from yingting.foundation.editing.rulebook.actions import publish_rule
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Hall

YES, NO, PERHAPS, HAS = Answer("accepted"), Answer("declined"), Answer("interested"), Answer("unsuitable", reason="has")
PARTS = ("phone", "plan", "broadband", "addon")
FULL = dict.fromkeys(PARTS, YES)


class Selling(Hands):
    """The staff of the cast at work in a hall whose clock is moved by hand."""

    def __init__(self, cast, actor_of, now):
        super().__init__(cast)
        self.actor_of = actor_of
        self.stand_at(now)

    def stand_at(self, now):
        Hall.objects.update(clock_anchor_real=now, clock_anchor_hall=now, clock_speed=0)
        row = Hall.objects.get(pk=self.cast.hall)
        Hall.objects.filter(pk=row.pk).update(config_version=row.config_version + 1)

    def pass_(self, minutes):
        self.stand_at(self.now + dt.timedelta(minutes=minutes))

    def at_counter(self, business="fee", number="3", **more):
        """A customer who is being served at the counter of 1001."""
        if number not in self.seats:
            self.open(number)
        ticket = self.issue(business, **more)
        self.call(number)
        self.start(number, ticket.id)
        return ticket.id

    def served(self, business="fee", number="3", **more):
        ticket = self.at_counter(business, number, **more)
        self.finish(number, ticket)
        return ticket

    def record(self, ticket, answers, staff_no="1001"):
        return recording.record_recommendation(
            hall=self.cast.hall, ticket=ticket, answers=answers, actor=self.actor_of(staff_no), now=self.now
        )

    def correct(self, ticket, answers, why, staff_no="1001"):
        return recording.correct_recommendation(
            hall=self.cast.hall, ticket=ticket, answers=answers, why=why, actor=self.actor_of(staff_no), now=self.now
        )

    def rule(self, kind, rule):
        """Put a rule in force today, as if it had been written the day before."""
        unit = Hall.objects.get(pk=self.cast.hall).unit_id
        day = self.now.date()
        publish_rule(
            kind, unit=unit, rule=rule, valid_from=day + dt.timedelta(days=1), actor=self.actor_of("9901"), now=self.now
        )
        RuleVersion.objects.update(valid_from=day)
        self.stand_at(self.now)


@pytest.fixture
def hall(cast, actor_of, now):
    return Selling(cast, actor_of, now)
