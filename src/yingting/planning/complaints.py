"""The cases of a living hall: customers complain now and then, and the simulated staff works on what is theirs.

Whatever is owned by, or offered to, somebody real waits for them. After a restart the staff goes on from what is there.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import Q

from yingting.domains.cases.models import OPEN, Case, Handover
from yingting.foundation.sites.models import Hall
from yingting.kernel.refusals import Refusal
from yingting.planning.case_stories import at_counter, by_phone_page
from yingting.planning.casework import Staff, pause_after, work_on
from yingting.planning.matters import GRUMBLES
from yingting.planning.stage import Stage

_FIRST_MIN = 4.0
_NEXT_MIN = 35.0
_LOOKS_EVERY = dt.timedelta(minutes=2)
_BY_PAGE_SHARE = 0.35
_GRUMBLE_SHARE = 0.3
_STUCK = dt.timedelta(minutes=30)  # until somebody looks again at a case with which nothing could be done


class Complaints:
    """Complaints of one hall, and those who handle them."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._staff: Staff | None = None
        self._planned: set[UUID] = set()

    def begin_day(self, now: dt.datetime) -> None:
        """From now on somebody complains at times, and the staff looks at its cases."""
        path = Hall.objects.values_list("unit__path", flat=True).get(pk=self._stage.hall)
        self._staff = Staff(path, self._stage.dice)
        self._planned.clear()
        self._stage.at(now + dt.timedelta(minutes=self._stage.pause(_FIRST_MIN)), self._complain)
        self._stage.at(now + _LOOKS_EVERY, self._look)

    @property
    def staff(self) -> Staff:
        """Those who handle cases today."""
        assert self._staff is not None, "the day has begun"
        return self._staff

    def _complain(self, now: dt.datetime) -> None:
        if self._stage.opens <= now <= self._stage.closes:
            self._stage.try_(lambda: self._say(now))
        pause = dt.timedelta(minutes=_NEXT_MIN * float(self._stage.dice.exponential()))
        if now + pause < self._stage.closes:
            self._stage.at(now + pause, self._complain)

    def _say(self, now: dt.datetime) -> UUID:
        dice = self._stage.dice
        by_page, grumbles = dice.uniform() < _BY_PAGE_SHARE, dice.uniform() < _GRUMBLE_SHARE
        text = GRUMBLES[int(dice.uniform() * len(GRUMBLES))] if grumbles else ""
        if by_page:
            return by_phone_page(self.staff, now, text, "grumble" if grumbles else "complaint")
        more: dict[str, Any] = {"process": "grumble", "text": text, "category": "service.wait"} if grumbles else {}
        clerk = self.staff.one_of(self.staff.at("clerk", simulated=True))
        return at_counter(self.staff, now, by=clerk, **more)

    def _look(self, now: dt.datetime) -> None:
        """Each case that waits for somebody who is played gets its next deed planned."""
        played = self.staff.simulated
        offered = Handover.objects.filter(answered_at__isnull=True)
        real = offered.exclude(receiver__in=played).values("case")
        mine = Q(owner__in=played) | Q(pk__in=offered.filter(receiver__in=played).values("case"))
        rows = Case.objects.filter(mine, OPEN, unit__path=self.staff.path).exclude(pk__in=real)
        for case in rows.order_by("registered_at").values_list("pk", flat=True):
            if case not in self._planned:
                self._planned.add(case)
                self._stage.at(now + pause_after(self.staff, case), lambda t, c=case: self._do(c, t))  # type: ignore[misc]  # bound now
        if now < self._stage.closes:
            self._stage.at(now + _LOOKS_EVERY, self._look)

    def _do(self, case: UUID, now: dt.datetime) -> None:
        """The next deed; one that the house refuses, or that is somebody else's, is looked at again later."""
        try:
            is_done = work_on(self.staff, case, now)
        except Refusal as no:
            self._stage.note(no)
            is_done = False
        if is_done:
            self._planned.discard(case)
        else:
            self._stage.at(now + _STUCK, lambda _now: self._planned.discard(case))
