"""Enter a figure. A correction is a new entry; the earlier ones stay."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings

from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.lake.facts import FigureEntered
from yingting.foundation.lake.figures.amounts import FigurePeriod, amount_of, fitting_period
from yingting.foundation.lake.figures.kinds import EnteredIndicator, EnteredIndicators, entered_indicators
from yingting.foundation.lake.models import FigureEntry
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import business_day
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop as _

UNKNOWN = declare("figure.unknown", _("There is no such figure to enter: %(code)s."), status=422)
WRONG_LEVEL = declare("figure.wrong_level", _("“%(name)s” is not entered for a unit of this level."), status=422)
NO_COMPETITOR = declare(
    "figure.no_competitor", _("“%(name)s” is not compared with a competitor “%(code)s”."), status=422
)
NO_SOURCE = declare("figure.no_source", _("Say where the figure comes from: a report, a link, a survey."), status=422)
NOT_BEGUN = declare("figure.not_begun", _("The period %(period)s has not begun yet."), status=422)
OUTDATED = declare(
    "figure.outdated", _("%(who)s has entered this figure meanwhile. Look at it before you correct it."), status=409
)  # fmt: skip
TEXT = 200


class Outcome(StrEnum):
    """What an entry did."""

    ENTERED = "entered"
    CORRECTED = "corrected"
    UNCHANGED = "unchanged"  # value, source and note are those that count already


@dataclass(frozen=True, slots=True)
class FigureOrder:
    """A figure as it was typed or read from a file. `competitor` "" is ourselves."""

    indicator: str
    unit: Unit
    period: str
    value: str
    source: str
    competitor: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CheckedFigure:
    """A figure that may be entered."""

    order: FigureOrder
    indicator: EnteredIndicator
    period: FigurePeriod
    amount: int


def check_figure(order: FigureOrder, *, actor: Actor, now: dt.datetime) -> CheckedFigure:
    """Return what would be entered. Raises Refusal figure.*, access.refused, hall.unknown."""
    today = business_day(now, settings.TIME_ZONE)
    rule = entered_indicators(order.unit.path, today)
    indicator = indicator_for(rule, order.indicator, order.unit)
    require(actor, Permission(indicator.enters), order.unit.path)
    if order.competitor and not (
        indicator.has_competitors and any(one.code == order.competitor for one in rule.competitors)
    ):
        raise Refusal(NO_COMPETITOR, name=indicator.name, code=order.competitor[:40])
    period = fitting_period(order.period, indicator)
    if period.first > today:
        raise Refusal(NOT_BEGUN, period=period)
    amount = amount_of(order.value, indicator)
    if not order.source.strip():
        raise Refusal(NO_SOURCE)
    return CheckedFigure(order, indicator, period, amount)


def indicator_for(rule: EnteredIndicators, code: str, unit: Unit) -> EnteredIndicator:
    """Return an indicator that is entered for the unit. Raises Refusal figure.unknown, figure.wrong_level."""
    indicator = rule.find(code)
    if indicator is None:
        raise Refusal(UNKNOWN, code=code[:40])
    if indicator.level not in ("", unit.level):
        raise Refusal(WRONG_LEVEL, name=indicator.name)
    return indicator


def enter_figure(order: FigureOrder, *, actor: Actor, now: dt.datetime, read: int | None = None) -> Outcome:
    """Write the next entry of a figure. `read` is the number of the last one that the writer saw (0: none, None: the writer
    looked at none, as a file does).

    The same once more writes nothing. Raises Refusal figure.*, access.refused, hall.unknown.
    """
    found = check_figure(order, actor=actor, now=now)
    place = {
        "indicator": found.indicator.code, "unit": order.unit, "competitor": order.competitor,
        "first_day": found.period.first, "last_day": found.period.last,
    }  # fmt: skip
    said = (found.amount, found.indicator.scale, order.source.strip()[:TEXT], order.note.strip()[:TEXT])
    with writing():
        Unit.objects.select_for_update().get(pk=order.unit.pk)
        last = FigureEntry.objects.filter(**place).select_related("by").first()
        if last and (last.amount, last.scale, last.source, last.note) == said:
            return Outcome.UNCHANGED
        number = last.number if last else 0
        if read is not None and number != read:
            raise Refusal(OUTDATED, who=last.by.name if last and last.by else "–")
        amount, scale, source, note = said
        row = FigureEntry.objects.create(
            **place, number=number + 1, amount=amount, scale=scale, source=source, note=note, by_id=actor.person, at=now
        )
        fact = FigureEntered(
            row.indicator,
            order.unit.path,
            row.competitor,
            row.first_day,
            row.last_day,
            row.number,
            amount,
            scale,
            source,
        )
        record(fact, subject=row.pk, version=1, actor=actor, now=now)
    return Outcome.CORRECTED if number else Outcome.ENTERED
