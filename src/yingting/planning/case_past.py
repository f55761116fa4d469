"""The past of a demo's cases: what the last ninety days left behind, made through the real actions at their own moments."""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from yingting.domains.cases.actions.escalating import look
from yingting.domains.cases.models import Case
from yingting.foundation.calendars.reading import zone_of
from yingting.foundation.journal.writing import writing
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import local_instant
from yingting.planning import case_stories as tales
from yingting.planning.case_stories import Story
from yingting.planning.casework import Staff
from yingting.planning.matters import GRUMBLES, MATTERS, OUTAGE
from yingting.planning.voices_past import voices

H01, H02 = "GD/GZ/TH/H01/", "GD/GZ/TH/H02/"
DAYS = 88
SEED = 20261122
_FRIDAY = 4
_OPENS, _CLOSES = dt.time(8, 40), dt.time(17, 50)
_LOOKS = (dt.time(12), dt.time(18, 30))  # when the past's worker looks at the clocks, each day


class Past:
    """Runs stories in the order of their moments, up to `until`. What is not over by then stays as it stands."""

    def __init__(self, until: dt.datetime, *, seed: int = SEED) -> None:
        self.until = until
        self.dice = np.random.default_rng(seed)
        self.zone = ZoneInfo(zone_of(H01))
        self.today = until.astimezone(self.zone).date()
        self._agenda: list[tuple[dt.datetime, int, Callable[[dt.datetime], dt.timedelta], Story | None]] = []
        self._order = itertools.count()

    def when(self, days_ago: int, hour: int = 0) -> dt.datetime:
        """A moment of a weekday so long before today; without an hour any of the opening hours."""
        minute = int(self.dice.uniform(0, 60))
        time = dt.time(hour or int(self.dice.integers(9, 17)), minute)
        day = self.today - dt.timedelta(days=days_ago)
        return local_instant(day - dt.timedelta(days=max(0, day.weekday() - _FRIDAY)), time, self.zone.key)

    def plan(self, at: dt.datetime, story: Story) -> None:
        """Let a story begin at a moment."""
        self._push(at, lambda _at: next(story), story)

    def _push(self, at: dt.datetime, step: Callable[[dt.datetime], dt.timedelta], story: Story | None) -> None:
        heapq.heappush(self._agenda, (at, next(self._order), step, story))

    def live(self) -> None:
        """Let everything happen that is due by the end of the past, the worker's looks at the clocks among it."""
        while self._agenda and self._agenda[0][0] <= self.until:
            at, _, step, story = heapq.heappop(self._agenda)
            try:
                pause = step(at)
            except StopIteration:
                continue
            if story is not None:
                self._push(self._at_work(at + pause), story.send, story)
        look(actor=SYSTEM, now=self.until)

    def plan_looks(self) -> None:
        """The worker looks at the clocks twice on each day."""
        for ago, time in itertools.product(range(DAYS, -1, -1), _LOOKS):
            at = local_instant(self.today - dt.timedelta(days=ago), time, self.zone.key)
            self._push(at, lambda now: dt.timedelta(look(actor=SYSTEM, now=now)), None)

    def _at_work(self, moment: dt.datetime) -> dt.datetime:
        """The moment itself, or one of the next weekday's morning when nobody works."""
        local = moment.astimezone(self.zone)
        day = local.date() + dt.timedelta(days=local.time() > _CLOSES)
        day += dt.timedelta(days=max(0, _FRIDAY + 3 - day.weekday()) if day.weekday() > _FRIDAY else 0)
        if day == local.date() and local.time() >= _OPENS:
            return moment
        return local_instant(day, _OPENS, self.zone.key) + dt.timedelta(minutes=float(self.dice.uniform(0, 50)))


def has_past() -> bool:
    """Are there cases already?"""
    return Case.objects.exists()


def live_the_past(until: dt.datetime) -> int:
    """Make the cases of the last days up to an instant, in one transaction; return how many there are then."""
    past = Past(until)
    hall, other = Staff(H01, past.dice), Staff(H02, past.dice)
    with writing():
        past.plan_looks()
        for plot in (_complaints, _from_outside, _of_the_house, _special, _standing_now):
            plot(past, hall)
        for ago in (52, 21, 1):
            past.plan(at := past.when(ago), tales.counter(other, at))
        past.plan(at := past.when(4), tales.grumble(other, at, GRUMBLES[0]))
        voices(past)
        past.live()
    return Case.objects.count()


def _complaints(past: Past, hall: Staff) -> None:
    """What customers said at the counter and on the phone page, day by day; a new outage in the last days."""
    for n, ago in enumerate(range(86, 4, -8)):
        past.plan(at := past.when(ago), tales.counter(hall, at, category=MATTERS[(n * 5) % len(MATTERS)].category))
    for ago in (38, 8):
        past.plan(at := past.when(ago), tales.phone_page(hall, at))
    past.plan(
        at := past.when(15),
        tales.phone_page(hall, at, text="希望厅里能放个饮水机，等候时能喝口水。", choice="suggestion"),
    )
    for n, house in enumerate((8, 12, 15, 23)):
        at, text = past.when(2, 9 + n), OUTAGE.format(house)
        past.plan(at, tales.counter(hall, at, category="network.broadband", text=text, until="answer"))
    for n, ago in enumerate((80, 47, 26)):
        past.plan(at := past.when(ago), tales.grumble(hall, at, GRUMBLES[n], grows=n == 2))


def _from_outside(past: Past, hall: Staff) -> None:
    """What came through other houses, each with its number."""
    boss, (district, city, *_) = hall.at("hall_manager")[0], hall.superiors()
    for n, (ago, channel, by, category) in enumerate(
        (
            (77, "hotline", boss, "fees.bill"), (55, "hotline", boss, "install.late"), (24, "hotline", boss, "fees.cancel"),
            (12, "supervision", boss, "service.passed"), (60, "miit", city, "fees.cancel"),
            (30, "miit", city, "fees.unaware"), (45, "12315", city, "service.forced"), (19, "consumers", district, "fees.bill"),
        )
    ):  # fmt: skip
        number = f"{channel.upper()}{past.today.year}{7301 + 37 * n}"
        at = past.when(ago, 15)
        past.plan(at, tales.from_outside(hall, at, channel=channel, number=number, by=by, category=category))


def _of_the_house(past: Past, hall: Staff) -> None:
    """Support that the front line asked for, faults, rectifications, a violation."""
    clerk, duty, district = hall.at("clerk")[0], hall.at("duty_manager")[0], hall.superiors()[0]
    for n, ago in enumerate((68, 35, 16)):
        past.plan(at := past.when(ago), tales.inner(hall, at, process="support", by=(clerk, duty, clerk)[n], n=n))
    for n, ago in enumerate((59, 28, 1)):
        until = "handle" if n == 2 else ""
        past.plan(at := past.when(ago), tales.inner(hall, at, process="fault", by=clerk, n=n, until=until))
    for n, ago in enumerate((75, 14)):
        until = "handle" if n else ""
        past.plan(
            at := past.when(ago),
            tales.inner(hall, at, process="rectification", by=hall.at("hall_manager")[0], n=n, until=until),
        )
    past.plan(at := past.when(40), tales.inner(hall, at, process="violation", by=district))


def _special(past: Past, hall: Staff) -> None:
    """What does not go straight on: declined, broken, unreached, reopened, merged, answerable, before the meeting, an alarm."""
    turns: tuple[tuple[int, Callable[[dt.datetime], Story]], ...] = (
        (50, lambda at: tales.declined(hall, at)),
        (44, lambda at: tales.promise_broken(hall, at)),
        (36, lambda at: tales.unreached(hall, at)),
        (53, lambda at: tales.reopened(hall, at)),
        (11, lambda at: tales.reopened(hall, at, again=2)),
        (31, lambda at: tales.merged(hall, at)),
        (65, lambda at: tales.with_remedy(hall, at, ends="effect")),
        (23, lambda at: tales.with_remedy(hall, at, ends="verified")),
        (5, lambda at: tales.with_remedy(hall, at, ends="open")),
        (57, lambda at: tales.found_answerable(hall, at, appeals=True, decided=True)),
        (7, lambda at: tales.found_answerable(hall, at, appeals=True)),
        (4, lambda at: tales.found_answerable(hall, at, appeals=False)),
        (42, lambda at: tales.grave(hall, at, decided=True)),
        (22, lambda at: tales.grave(hall, at, decided=False)),
    )
    for ago, tell in turns:
        past.plan(at := past.when(ago), tell(at))
    about = hall.at("clerk", simulated=True)[2].person
    assert about is not None
    month = past.today.replace(day=1) - dt.timedelta(days=1)
    for day in (5, 11, 18):
        at = past.when((past.today - month.replace(day=day)).days)
        past.plan(at, tales.unaware(hall, at, about=about, is_third=day == 18))


def _standing_now(past: Past, hall: Staff) -> None:
    """What waits for those who sign in: fresh, due soon, overdue, offered, waiting, to be called back."""
    clerk, duty = hall.at("clerk")[0], hall.at("duty_manager", simulated=False)[0]
    own: dict[str, Any] = {"by": clerk, "deeds": 1}
    for ago, hour, category in ((1, 17, "fees.bill"), (1, 16, "service.wait"), (9, 10, "fees.cancel")):
        past.plan(at := past.when(ago, hour), tales.counter(hall, at, category=category, **own))
    for ago, hour, category in ((1, 17, "service.manner"), (2, 11, "network.mobile"), (11, 15, "privacy")):
        more: dict[str, Any] = {"category": category, "owner": duty.person, "deeds": 2}
        past.plan(at := past.when(ago, hour), tales.counter(hall, at, **more))
    for ago in (3, 1):
        past.plan(at := past.when(ago, 10), tales.counter(hall, at, until="call_back"))
    past.plan(at := past.when(1, 15), tales.declined(hall, at, waits_for=duty))
    past.plan(at := past.when(2, 14), tales.waiting(hall, at, for_customer=True))
    past.plan(at := past.when(3, 9), tales.waiting(hall, at, for_customer=False, consults=True))
    province = hall.superiors()[-1]
    at = past.when(3, 14)
    past.plan(
        at,
        tales.from_outside(hall, at, channel="miit", number=f"MIIT{past.today.year}9001", by=province, until="handle"),
    )
    past.plan(at := past.when(1, 17), tales.phone_page(hall, at, until="take_in"))
