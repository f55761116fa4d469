"""What indicators are judged by: target, challenge and smallest sample, as data by type of hall.

Where no row says otherwise, what the indicator declares holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from yingting.foundation.lake.offices import is_office
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Choice, Kind, Problem, declare, offer
from yingting.foundation.rulebook.reading import in_force_by_path
from yingting.foundation.sites.models import Hall
from yingting.indicators.declaring import AnyIndicator, Unit
from yingting.kernel.shapes import said
from yingting.kernel.words import gettext_noop as _


class Sets(StrEnum):
    """What a row sets."""

    TARGET = "target"
    CHALLENGE = "challenge"
    MINIMUM_SAMPLE = "minimum_sample"


SETS_TITLES = {
    Sets.TARGET: _("Target"),
    Sets.CHALLENGE: _("Challenge"),
    Sets.MINIMUM_SAMPLE: _("Smallest sample"),
}


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One value that replaces the declared one, for halls of a type ("": of every type)."""

    indicator: str = said(_("Indicator"), choices="indicators")
    what: str = said(_("What it sets"), choices="target_sets", default=Sets.TARGET.value)
    value: float = said(_("Value"), help=_("Percent for shares, minutes for times, cases for the sample."), default=0.0)
    hall_type: str = said(_("Type of hall"), choices="hall_types", default="")


@dataclass(frozen=True, slots=True)
class Targets:
    """The rows; a row for a type goes before one for all types."""

    rows: tuple[TargetRow, ...] = said(_("Targets"), default=())


def _once(rule: Targets, _path: str) -> Iterable[Problem]:
    seen = set()
    for row in rule.rows:
        place = (row.indicator, row.what, row.hall_type)
        if place in seen:
            yield "rows", _("Two rows set the same thing for the same halls."), {}
            return
        seen.add(place)


TARGETS: Kind[Targets] = declare(
    Kind(
        "evidence.targets",
        _("Targets"),
        _("Target, challenge and smallest sample of indicators, by type of hall."),
        Targets,
        Targets(),
        _("As each indicator declares; its source stands in the catalogue of indicators."),
        Permission.HALL_CONFIGURE,
        check=_once,
        position=41,
    )
)


@dataclass(frozen=True, slots=True)
class Standard:
    """What a value is judged by, in the indicator's own unit; None: nothing is set."""

    target: float | None
    challenge: float | None
    minimum_sample: int | None


@dataclass(frozen=True, slots=True)
class Standards:
    """The standards of some halls for a period."""

    rules: Mapping[str, Targets]
    types: Mapping[str, str]

    def of(self, indicator: AnyIndicator, hall: str) -> Standard:
        """Return the standard for a hall; a hall that the house does not know is judged as declared."""
        return standard(indicator, self.rules.get(hall, Targets()), self.types.get(hall, ""))

    def common(self, indicator: AnyIndicator, halls: Collection[str]) -> Standard:
        """Return the standard for several halls together: only what is the same for all of them. Targets are set for halls; what
        the offices above them add is judged with these.
        """
        found = {self.of(indicator, hall) for hall in halls if not is_office(hall)} or {_declared(indicator)}
        targets, challenges = {one.target for one in found}, {one.challenge for one in found}
        return Standard(
            targets.pop() if len(targets) == 1 else None,
            challenges.pop() if len(challenges) == 1 else None,
            max((one.minimum_sample for one in found if one.minimum_sample is not None), default=None),
        )


def standards(halls: Collection[str], first: dt.date) -> Standards:
    """Return the standards of halls for a period that begins on this day, in two queries.

    The first day decides, on every screen alike: who is judged by a target has known it all the time, and nobody can set
    another one on the last day for the days that are over. (Limits are no standards: each day is measured by its own.)
    """
    rows = Hall.objects.filter(code__in=halls).values_list("code", "unit__path", "hall_type")
    rules = in_force_by_path(TARGETS, paths={path for _code, path, _type in rows}, day=first)
    return Standards({code: rules[path] for code, path, _type in rows}, {code: kind for code, _path, kind in rows})


def standard(indicator: AnyIndicator, rule: Targets, hall_type: str) -> Standard:
    """Return the standard that a rule makes for a type of hall."""
    found = _declared(indicator)
    for wanted in ("", hall_type) if hall_type else ("",):
        for row in rule.rows:
            if row.indicator == indicator.key and row.hall_type == wanted:
                value = in_own_unit(indicator, row.value)
                if row.what == Sets.MINIMUM_SAMPLE:
                    found = replace(found, minimum_sample=round(row.value))
                elif row.what == Sets.CHALLENGE:
                    found = replace(found, challenge=value)
                else:
                    found = replace(found, target=value)
    return found


def in_own_unit(indicator: AnyIndicator, value: float) -> float:
    """Return a value as people enter it (percent, minutes) in the indicator's own unit."""
    return value / 100 if indicator.unit is Unit.SHARE else value * 60 if indicator.unit is Unit.SECONDS else value


def _declared(indicator: AnyIndicator) -> Standard:
    return Standard(indicator.target, indicator.challenge, indicator.minimum_sample)


def _indicator_choices(_path: str) -> list[Choice]:
    from django.utils.translation import gettext

    from yingting.foundation.lake.declared import declared

    return [(key, gettext(one.title)) for key, (one, _set) in declared().items()]


def _sets_choices(_path: str) -> list[Choice]:
    from django.utils.translation import gettext

    return [(one.value, gettext(title)) for one, title in SETS_TITLES.items()]


offer("indicators", _indicator_choices)
offer("target_sets", _sets_choices)
