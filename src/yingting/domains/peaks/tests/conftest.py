import dataclasses
import datetime as dt

import pytest

from yingting.domains.peaks.actions.watching import look_at_hall
from yingting.domains.peaks.queries.rules_in_force import PEAKS, SHIPPED
from yingting.domains.peaks.rules import Colour, Level
from yingting.domains.queueing.actions import issuing, sessions
from yingting.foundation.editing.rulebook.actions import publish_rule
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import SYSTEM

MINUTE = dt.timedelta(minutes=1)
SMALL = dataclasses.replace(
    SHIPPED,
    levels=(
        Level("one", "一级", "Level 1", Colour.YELLOW, 3, 500, 5),
        Level("two", "二级", "Level 2", Colour.ORANGE, 5, 550, 5, crowd_care=True),
        Level("three", "三级", "Level 3", Colour.RED, 7, 600, 3, crowd_care=True, forced_mode=True),
    ),
)


class Day:
    """A hall's day, moved by hand: people come, counters open, the watch looks."""

    def __init__(self, cast, actor_of, now):
        self.cast, self.actor_of, self.now = cast, actor_of, now
        self.stand_still()

    def stand_still(self):
        Hall.objects.update(clock_anchor_real=self.now, clock_anchor_hall=self.now, clock_speed=0)
        from yingting.domains.queueing.queries import setup

        setup._setups.clear()

    def rule(self, rule=SMALL):
        unit = Hall.objects.get(pk=self.cast.hall).unit_id
        publish_rule(
            PEAKS, unit=unit, rule=rule, valid_from=self.now.date() + dt.timedelta(days=1), actor=SYSTEM, now=self.now
        )
        from yingting.foundation.rulebook.models import RuleVersion

        RuleVersion.objects.update(valid_from=self.now.date())  # as if it had been written the day before

    def rule_wide(self):
        """Only the shipped rule: no level is near."""
        from yingting.foundation.rulebook.models import RuleVersion

        RuleVersion.objects.update(withdrawn_at=self.now)
        Hall.objects.update(config_version=100)

    def pass_(self, minutes):
        self.now += dt.timedelta(minutes=minutes)
        self.stand_still()

    def come(self, people, business="fee"):
        return [
            issuing.issue_ticket(
                hall=self.cast.hall, business=self.cast.businesses[business], actor=self.actor_of("1101"), now=self.now
            )
            for _ in range(people)
        ]

    def open(self, number, staff_no="1001"):
        return sessions.open_counter(
            hall=self.cast.hall, counter=self.cast.counters[number], actor=self.actor_of(staff_no), now=self.now
        )

    def look(self):
        return [str(change) for change in look_at_hall(hall=self.cast.hall, actor=SYSTEM, now=self.now)]


@pytest.fixture
def day(cast, actor_of, now):
    made = Day(cast, actor_of, now)
    made.rule()
    return made
