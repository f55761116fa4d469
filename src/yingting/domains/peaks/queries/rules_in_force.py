"""The hall's rule of peaks, declared."""

from __future__ import annotations

from collections.abc import Iterable

from yingting.domains.peaks.rules import Colour, Level, PeakRule, first_that_falls
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare
from yingting.kernel.shapes import codes_once
from yingting.kernel.words import gettext_noop as _

SHIPPED = PeakRule(
    levels=(
        Level("one", "一级", "Level 1", Colour.YELLOW, 30, 15, 5, open_counter=True, send_guide=True),
        Level("two", "二级", "Level 2", Colour.ORANGE, 50, 25, 5, open_counter=True, send_guide=True, crowd_care=True),
        Level("three", "三级", "Level 3", Colour.RED, 80, 40, 3, open_counter=True, send_guide=True, crowd_care=True,
              forced_mode=True),
    )
)  # fmt: skip


def _problems(rule: PeakRule, _path: str) -> Iterable[Problem]:
    if not rule.levels:
        yield "levels", _("Give at least one level."), {}
    falls = first_that_falls(rule.levels)
    if falls is not None:
        yield (
            "levels",
            _("Each level must begin above the one before it: look at “%(level)s”."),
            {"level": rule.levels[falls].name},
        )
    yield from codes_once((level.code for level in rule.levels), "levels")


PEAKS = declare(
    Kind(
        code="peaks.levels",
        title=_("Peak levels and alerts"),
        purpose=_("When the duty manager is alerted, what is advised, and how soon somebody must act."),
        shape=PeakRule,
        shipped=SHIPPED,
        source=_(
            "Operators' own accounts of peak warning: 30, 50 and 80 people waiting as yellow, orange and red; a roster rule: over "
            "5 waiting at one counter for 10 minutes. Minutes of expected wait and times to act are ours, to be set by each hall."
        ),
        permission=Permission.HALL_CONFIGURE,
        check=_problems,
        position=30,
    )
)
