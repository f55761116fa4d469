"""A card as people read it: numbers rounded here and nowhere else, and how each value became points, in words."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language

from yingting.foundation.lake.declared import declared
from yingting.foundation.sites.models import Hall
from yingting.indicators.declaring import Unit
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.scorecards.cards import HallCard
from yingting.reporting.scorecards.models import CorrectionOf, ScoreCorrection
from yingting.reporting.scorecards.replaying import CHANGED, Replay
from yingting.reporting.scorecards.rules import (
    REASONS,
    Card,
    GateResult,
    Held,
    Inputs,
    Line,
    Month,
    Part,
    Reason,
    Value,
    in_own_unit,
)
from yingting.reporting.scorecards.shapes import Dimension, Item, Normal, exact
from yingting.reporting.showing import NOTHING, value_text
from yingting.reporting.written import NOT_RATED, Translate

GATE_RESULTS = {GateResult.PASSED: _("holds"), GateResult.FAILED: _("does not hold"), GateResult.UNRATED: NOT_RATED}
SIGNS = {GateResult.PASSED: "●", GateResult.FAILED: "▲", GateResult.UNRATED: "○"}
CLASSES = {GateResult.PASSED: "is-good", GateResult.FAILED: "is-over", GateResult.UNRATED: "is-unrated"}


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the card."""

    title: str
    value: str
    n: int
    target: str
    by: str
    points: str
    why: str
    bar: int
    weight: str
    counts: str
    adds: str
    owner: str
    is_service: bool
    address: str


@dataclass(frozen=True, slots=True)
class PartView:
    """A dimension."""

    code: str
    title: str
    points: str
    is_rated: bool
    bar: int
    weight: str
    rated: str
    lines: tuple[LineView, ...]
    corrected: str = ""


@dataclass(frozen=True, slots=True)
class GateView:
    """A limit of the quality gate, or the whole gate."""

    title: str
    limit: str
    value: str
    word: str
    sign: str
    css: str


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A correction with its words."""

    row: ScoreCorrection
    about: str
    amount: str
    is_link: bool


@dataclass(frozen=True, slots=True)
class CardView:
    """The whole card."""

    points: str
    is_rated: bool
    corrected: str
    rated: str
    service: str
    service_counts: str
    service_floor: str
    is_balanced: bool
    rated_floor: str
    parts: tuple[PartView, ...]
    gates: tuple[GateView, ...]
    gate: GateView | None
    corrections: tuple[CorrectionView, ...]
    subjects: tuple[tuple[str, str], ...]


def points_text(points: Fraction | None, t: Translate) -> str:
    """Write points with one digit."""
    return t(NOT_RATED) if points is None else f"{float(points):.1f}"


def view_of(found: HallCard, t: Translate) -> CardView:
    """Return the card in the reader's language."""
    card, inputs, terms = found.card, found.basis.inputs, found.basis.terms
    items = {item.indicator: item for item in found.basis.rule.items}
    fixed = {part.dimension: part for part in found.corrected.parts} if found.corrected else {}
    parts = tuple(_part(part, items, inputs, found, t, fixed.get(part.dimension)) for part in card.parts)
    return CardView(
        points=points_text(card.points, t),
        is_rated=card.points is not None,
        corrected=points_text(found.corrected.points, t) if found.corrected else "",
        rated=number(card.rated),
        service=number(card.service),
        service_counts=number(card.service_counts) if card.service_counts != card.service else "",
        service_floor=number(exact(terms.service_floor)),
        is_balanced=card.is_balanced,
        rated_floor=number(exact(terms.rated_floor)),
        parts=parts,
        gates=tuple(_gate(one, inputs, t) for one in found.counts.gates),
        gate=gate_view(found.counts, t),
        corrections=tuple(_correction(row, inputs, t) for row in found.corrections),
        subjects=_subjects(card, t),
    )


def gate_view(card: Card, t: Translate) -> GateView | None:
    """Return the gate as a whole, None where the card has none."""
    return None if card.gate is None else _verdict(card.gate, t(_("Quality gate")), "", "", t)


def number(weight: Fraction) -> str:
    """Write a weight: whole where it is whole.

    >>> number(Fraction(35)), number(Fraction(100, 3))
    ('35', '33.3')
    """
    return str(weight) if weight.denominator == 1 else f"{float(weight):.1f}"


def title_of(about: str, t: Translate) -> str:
    """Return the name of an indicator; of one that is not known here, its key."""
    known = declared().get(about)
    return t(known[0].title) if known else about


def _part(
    part: Part, items: dict[str, Item], inputs: Inputs, found: HallCard, t: Translate, fixed: Part | None
) -> PartView:
    lines = tuple(_line(line, items[line.indicator], inputs, found, t) for line in part.lines)
    changed = fixed is not None and fixed.points != part.points
    return PartView(
        part.dimension.value, t(part.dimension.title), points_text(part.points, t), part.points is not None,
        _width(part.points), number(part.weight), number(part.rated), lines,
        points_text(fixed.points, t) if fixed is not None and changed else "",
    )  # fmt: skip


def _line(line: Line, item: Item, inputs: Inputs, found: HallCard, t: Translate) -> LineView:
    read = inputs.values.get(line.indicator)
    unit = Unit(read.unit) if read else Unit.COUNT
    owner = ((get_language() or "").startswith("en") and item.owner_en) or item.owner
    return LineView(
        title=title_of(line.indicator, t),
        value=value_text(unit, float(line.value), t) if line.value is not None else NOTHING,
        n=read.n if read else 0,
        target=value_text(unit, read.target, t) if read else NOTHING,
        by=_by(item, unit, t),
        points=points_text(line.points, t),
        why=_why(line, read, t),
        bar=_width(line.points),
        weight=number(line.weight),
        counts=number(line.counts) if line.points is not None else NOTHING,
        adds=f"{float(line.adds):.1f}" if line.points is not None else NOTHING,
        owner=owner,
        is_service=item.is_service,
        address=rows_address(found.hall, line.indicator, found.month) if read else "",
    )


def _why(line: Line, read: Value | None, t: Translate) -> str:
    """Why a line is not rated: nothing to measure is another thing than too few cases."""
    if line.reason is Reason.TOO_FEW and read is not None and not read.n:
        return t(_("Nothing was measured."))
    return t(REASONS[line.reason]) if line.reason in REASONS else ""


def _by(item: Item, unit: Unit, t: Translate) -> str:
    """How a value becomes points, in words."""
    if item.normal is Normal.TARGET:
        return t(_("share of the target"))
    ends = [value_text(unit, float(in_own_unit(unit, exact(one))), t) for one in (item.at_zero, item.at_full)]
    return t(_("%(zero)s → 0, %(full)s → 100")) % {"zero": ends[0], "full": ends[1]}


def rows_address(hall: Hall, indicator: str, month: Month) -> str:
    """Return the address of the rows behind a value."""
    query = {"unit": hall.unit.path, "indicator": indicator, "from": month.first, "to": month.last}
    return f"{reverse('reporting:rows')}?{urlencode(query)}"


def _gate(held: Held, inputs: Inputs, t: Translate) -> GateView:
    read = inputs.values.get(held.indicator)
    unit = Unit(read.unit) if read else Unit.COUNT
    sign = "≥" if read and read.better_is == "higher" else "≤"
    limit = f"{sign} {value_text(unit, float(held.bound), t)}" if read else NOTHING
    value = value_text(unit, float(held.value), t) if held.value is not None else NOTHING
    return _verdict(held.verdict, title_of(held.indicator, t), limit, value, t)


def _verdict(verdict: GateResult, title: str, limit: str, value: str, t: Translate) -> GateView:
    return GateView(title, limit, value, t(GATE_RESULTS[verdict]), SIGNS[verdict], CLASSES[verdict])


def _correction(row: ScoreCorrection, inputs: Inputs, t: Translate) -> CorrectionView:
    read = inputs.values.get(row.about)
    amount = Fraction(row.amount)
    if row.what == CorrectionOf.VALUE and read:
        text = value_text(Unit(read.unit), float(in_own_unit(read.unit, amount)), t)
    else:
        text = t(_("%(points)s points")) % {"points": number(amount)}
    return CorrectionView(row, about_text(row.about, t), text, row.evidence.startswith(("http://", "https://")))


def about_text(about: str, t: Translate) -> str:
    """Return the name of what a correction is about: a dimension or an indicator."""
    return t(Dimension(about).title) if about in {one.value for one in Dimension} else title_of(about, t)


def _subjects(card: Card, t: Translate) -> tuple[tuple[str, str], ...]:
    """What may be corrected: each dimension, then its lines."""
    found = []
    for part in card.parts:
        found.append((part.dimension.value, t(part.dimension.title)))
        found.extend((line.indicator, f"– {title_of(line.indicator, t)}") for line in part.lines)
    return tuple(found)


def _width(points: Fraction | None) -> int:
    return 0 if points is None else round(points)


# ------------------------------------------------------------------------------------------------ replay
@dataclass(frozen=True, slots=True)
class LateView:
    """A value that changed after the freezing."""

    title: str
    before: str
    after: str
    n_before: int
    n_after: int


@dataclass(frozen=True, slots=True)
class ReplayView:
    """What came of computing a card again."""

    is_same: bool
    differing: tuple[str, ...]
    late: tuple[LateView, ...]
    points: str


def replay_view(found: Replay, t: Translate) -> ReplayView:
    """Return a replay in the reader's language."""
    late = tuple(
        LateView(
            title_of(one.before.indicator, t), value_text(Unit(one.before.unit), one.before.value, t),
            value_text(Unit(one.after.unit), one.after.value, t), one.before.n, one.after.n,
        )
        for one in found.late
    )  # fmt: skip
    differing = tuple(t(_("the kept text")) if one == CHANGED else one for one in found.differing)
    return ReplayView(found.is_same, differing, late, points_text(found.points, t))
