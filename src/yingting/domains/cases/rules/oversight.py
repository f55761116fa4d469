"""The numbers of managers' boards, of findings and appeals, and of ratings of support; and who may judge what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yingting.domains.cases.refusals import FINDING_SAME, POINTS_WRONG
from yingting.domains.cases.rules.processes import CaseKind, Level
from yingting.kernel.refusals import Refusal
from yingting.kernel.shapes import Named, codes_once, said
from yingting.kernel.words import gettext_noop as _
from yingting.kernel.worktime.limits import Limit, Unit, problems_of


@dataclass(frozen=True, slots=True)
class Age:
    """A band of age begins after so many days."""

    days: int = said(_("From days"), low=1, high=3650, default=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the standing of cases is told."""

    ages: tuple[Age, ...] = said(_("Bands of age"), default=())
    window: int = said(
        _("Look back"), unit=_("days"), low=1, high=1000, default=30,
        help=_("Promises, closed cases, steps and ratings of so many days are counted."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Findings:
    """How responsibility is found."""

    judged_at: Level = said(
        _("Confirmed at the level"), default=Level.DISTRICT, help=_("Whoever supervises cases there, and did not propose it.")
    )  # fmt: skip
    decided_at: Level = said(
        _("Objections decided at the level"), default=Level.CITY,
        help=_("Whoever supervises cases there, and neither proposed nor confirmed the finding."),
    )  # fmt: skip
    appeal: Limit = said(_("Time to object"), default=Limit(5, Unit.WORKING_DAYS, counts_start_day=False))
    deciding: Limit = said(
        _("Time to decide on an objection"), default=Limit(10, Unit.WORKING_DAYS, counts_start_day=False),
        help=_("From the objection on. What runs over is put on record, and those who may decide are told."),
    )  # fmt: skip
    final_for: tuple[CaseKind, ...] = said(
        _("Must be confirmed before closing"), default=(CaseKind.VIOLATION,),
        help=_("For these kinds a finding counts once it is confirmed and no objection is open; for others once it is proposed."),
    )  # fmt: skip
    prohibitions: str = said(
        _("Category of the prohibitions"), default="rule",
        help=_("The register of violations has a column for each category under this one."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Support:
    """How the front line rates the back office."""

    items: tuple[Named, ...] = said(_("Items"), default=())
    most: int = said(_("Most points"), low=2, high=10, default=5)


def standing_problems(rule: Standing) -> Iterable[tuple[str, str, dict[str, Any]]]:
    """Yield bands that do not rise."""
    days = [one.days for one in rule.ages]
    if days != sorted(set(days)):
        yield "ages", _("Each band begins later than the one before it."), {}


def findings_problems(rule: Findings) -> Iterable[tuple[str, str, dict[str, Any]]]:
    """Yield what is wrong with the limits."""
    for name, limit in (("appeal", rule.appeal), ("deciding", rule.deciding)):
        yield from ((name, sentence, params) for _field, sentence, params in problems_of(limit))


def support_problems(rule: Support) -> Iterable[tuple[str, str, dict[str, Any]]]:
    """Yield items that are there twice."""
    yield from codes_once((one.code for one in rule.items), "items")


def require_uninvolved(actor: UUID | None, involved: Collection[UUID | None]) -> UUID:
    """Return the person who judges, when they had no part in it. Raises Refusal case.finding_same."""
    if actor is None or actor in involved:
        raise Refusal(FINDING_SAME)
    return actor


def require_points(points: Mapping[str, int], rule: Support) -> dict[str, int]:
    """Return the points by item when each item has some within the scale. Raises Refusal case.points_wrong."""
    wanted = {one.code: points.get(one.code, 0) for one in rule.items}
    if not all(1 <= given <= rule.most for given in wanted.values()):
        raise Refusal(POINTS_WRONG, most=rule.most)
    return wanted


def band_edges(ages: Sequence[Age], now: dt.datetime) -> list[tuple[dt.datetime | None, dt.datetime | None]]:
    """Return for each band of age the registrations it covers: from (inclusive, None: ever) until (exclusive, None: now).

    >>> ten = dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)
    >>> [[at and at.day for at in edge] for edge in band_edges([Age(1), Age(3)], ten)]
    [[21, None], [19, 21], [None, 19]]
    """
    moments = [now - dt.timedelta(days=one.days) for one in ages]
    return list(zip([*moments, None], [None, *moments], strict=True))
