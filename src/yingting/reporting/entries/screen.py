"""What the pages of entered figures show: the figures of a unit beside target and competitors, and the history of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from yingting.foundation.editing.naming import named
from yingting.foundation.lake.figures.amounts import FigurePeriod, period_with
from yingting.foundation.lake.figures.files import COLUMNS
from yingting.foundation.lake.figures.kinds import Direction, EnteredIndicator, EnteredIndicators, FigureUnit
from yingting.foundation.lake.figures.reading import Entered, counting, entries
from yingting.foundation.sheets import Cell as FileCell
from yingting.foundation.sheets import Sheet
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.words import gettext_noop as _

OURS = ""
WORDS = {1: _("we are ahead"), 0: _("level"), -1: _("we are behind")}
SIGNS = {1: "●", 0: "=", -1: "▲"}
CLASSES = {1: "is-good", 0: "", -1: "is-near"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a competitor, with how ours stands beside it: 1 ahead, 0 level, -1 behind, None where it cannot be said."""

    competitor: str
    text: str
    standing: int | None = None

    @property
    def word(self) -> str:
        """How ours stands, as an English msgid."""
        return "" if self.standing is None else WORDS[self.standing]

    @property
    def sign(self) -> str:
        """A shape beside the colour."""
        return "" if self.standing is None else SIGNS[self.standing]

    @property
    def css(self) -> str:
        """The class that colours it."""
        return "" if self.standing is None else CLASSES[self.standing]


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator of a unit in a period. `ours` None: nobody has entered it; `reached` None: no target or no value."""

    indicator: EnteredIndicator
    period: FigurePeriod
    ours: Entered | None
    text: str
    target: str
    reached: bool | None
    competitors: tuple[Cell, ...]
    may_enter: bool


def rows_of(unit: Unit, month: dt.date, rule: EnteredIndicators, actor: Actor) -> tuple[Row, ...]:
    """Return the figures of a unit for the periods in which a month lies."""
    found = counting(entries(units=[unit.pk], first=month, last=month))

    def at(indicator: EnteredIndicator, competitor: str) -> Entered | None:
        return found.get((indicator.code, unit.pk, competitor, period_with(month, indicator.length)))

    rows = []
    for one in rule.indicators:
        if one.level not in ("", unit.level):
            continue
        ours, target = at(one, OURS), rule.target(one.code, month.year)
        rows.append(
            Row(
                one, period_with(month, one.length), ours, value_text(one, ours.value if ours else None), value_text(one, target),
                _reached(one, ours, target),
                tuple(_cell(one, named(rival), ours, at(one, rival.code)) for rival in rule.competitors)
                if one.has_competitors else (),
                actor.may(one.enters, unit.path),
            )
        )  # fmt: skip
    return tuple(rows)


def value_text(indicator: EnteredIndicator, value: Decimal | None) -> str:
    """Write a value with its unit; "" for none.

    >>> from yingting.foundation.lake.figures.kinds import SHIPPED
    >>> value_text(SHIPPED.find("cost.running"), Decimal("12345.60")), value_text(SHIPPED.find("market.share"), Decimal("34.5"))
    ('¥12,345.60', '34.5 %')
    """
    if value is None:
        return ""
    if indicator.unit is FigureUnit.YUAN:
        return f"¥{value:,}"
    return f"{value:,} {indicator.unit.sign}".rstrip()


def _cell(indicator: EnteredIndicator, name: str, ours: Entered | None, theirs: Entered | None) -> Cell:
    if theirs is None:
        return Cell(name, "")
    text = value_text(indicator, theirs.value)
    if ours is None or indicator.better is Direction.NEITHER:
        return Cell(name, text)
    apart = ours.value - theirs.value
    if indicator.better is Direction.LOWER:
        apart = -apart
    return Cell(name, text, (apart > 0) - (apart < 0))


def _reached(indicator: EnteredIndicator, ours: Entered | None, target: Decimal | None) -> bool | None:
    if ours is None or target is None or indicator.better is Direction.NEITHER:
        return None
    return ours.value <= target if indicator.better is Direction.LOWER else ours.value >= target


def sheet_of(found: tuple[Entered, ...], units: Mapping[UUID, Unit], t: Callable[[str], str]) -> Sheet:
    """Return entries as a table that can be imported again: its headings are those that an import knows."""
    fields = [*COLUMNS, "number", "entered_by", "entered_at"]
    rows: list[list[FileCell]] = [
        [one.indicator, units[one.unit].path, str(one.period), one.competitor, str(one.value), one.source, one.note,
         one.number, one.by, f"{one.at:%Y-%m-%d %H:%M}"]
        for one in found
    ]  # fmt: skip
    return Sheet(t(_("Entered figures")), fields, rows, [None] * len(fields))
