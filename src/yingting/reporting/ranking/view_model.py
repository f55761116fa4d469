"""What the pages of comparison show, in words and figures: rows, bands, sentences. No database, no request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from yingting.indicators.comparing import PeerGroup, Standing, Verdict, Why
from yingting.indicators.correlating import Correlation
from yingting.indicators.declaring import Unit
from yingting.indicators.quadrants import Place, Quadrant, Scatter
from yingting.indicators.shortcomings import Finding
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.boards.listing import heading
from yingting.reporting.ranking.asking import FairTable
from yingting.reporting.ranking.weak import WeakItem
from yingting.reporting.showing import value_text
from yingting.reporting.written import Translate

LISTED_NOT_RATED = 100
VERDICTS = {
    Verdict.BETTER: _("clearly better"),
    Verdict.WORSE: _("clearly worse"),
    Verdict.CANNOT_TELL: _("cannot be told apart"),
}
MARKS = {Verdict.BETTER: "▲", Verdict.WORSE: "▼", Verdict.CANNOT_TELL: "○"}
WHYS = {
    Why.TOO_FEW_CASES: _("too few cases"),
    Why.NO_SPREAD: _("too few days to see how it varies"),
}
QUADRANTS = {
    Quadrant.BOTH_GOOD: _("Sells and serves well"),
    Quadrant.SALES_ONLY: _("Sells well, serves badly"),
    Quadrant.QUALITY_ONLY: _("Serves well, sells little"),
    Quadrant.BOTH_WEAK: _("Weak in both"),
    Quadrant.CANNOT_SAY: _("Cannot be placed"),
}
FINDINGS = {
    Finding.SHORTCOMING: _("Shortcoming"),
    Finding.SUSPECTED: _("Perhaps a shortcoming"),
    Finding.REACHED: _("Target reached"),
    Finding.NOT_IMPORTANT: _("Hardly matters"),
    Finding.TOO_FEW_CASES: _("Too few cases to judge"),
    Finding.NO_TARGET: _("No target is set"),
    Finding.NO_SPREAD: _("Too few days to judge"),
    Finding.NO_IMPORTANCE: _("Nobody said how much it matters"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict with its mark, so that colour is never alone."""

    code: str
    mark: str
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """One rated unit; `measured` is its value before the mix of cases was allowed for, "" where nothing was."""

    unit: str
    name: str
    n: str
    raw: str
    measured: str
    shrunk: str
    interval: str
    ranks: str
    group: str
    is_wider: bool
    against_group: Said | None
    against_target: Said | None


@dataclass(frozen=True, slots=True)
class RankingView:
    """A comparison: one sentence, the bands of one page of rows, those that are not rated (name, n, why; `unlisted` more are
    left out), and the peer groups in words.
    """

    sentence: str
    bands: tuple[tuple[Row, ...], ...]
    not_rated: tuple[tuple[str, str, str], ...]
    unlisted: int
    peers: tuple[str, ...]
    has_target: bool


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One hall between sales and quality."""

    name: str
    sales: str
    quality: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item of the quarter."""

    title: str
    code: str
    words: str
    why_not: str
    value: str
    target: str
    short: str
    importance: str
    n: str


def ranking_view(
    found: FairTable, shown: Sequence[Standing], unit: Unit, names: Mapping[str, str], groups: Mapping[str, str],
    t: Translate,
) -> RankingView:  # fmt: skip
    """Return the comparison in words, with the rows of the standings on the page; `names` gives units by code, `groups` the
    words for peer groups.
    """
    table = found.table
    bands = tuple(
        tuple(_row(one, found, unit, names, groups, t) for one in some)
        for _band, some in groupby(shown, key=lambda one: one.band)
    )
    listed = table.not_rated[:LISTED_NOT_RATED]
    not_rated = tuple((names.get(one.unit, one.unit), f"{one.n:,}", t(WHYS[one.why])) for one in listed)
    has_target = any(one.against_target is not None for one in table.standings)
    peers = tuple(_group_words(group, groups, unit, t) for _name, group in sorted(table.groups.items()))
    unlisted = len(table.not_rated) - len(listed)
    return RankingView(_sentence(table.standings, t), bands, not_rated, unlisted, peers, has_target)


def mix_words(mix: Sequence[str], t: Translate) -> str:
    """Name the details of a mix of cases, within a sentence."""
    return t(_(", ")).join(heading(name, t).lower() for name in mix)


def _group_words(group: PeerGroup, names: Mapping[str, str], unit: Unit, t: Translate) -> str:
    return t(_("%(group)s: %(units)s, mean %(mean)s")) % {
        "group": names.get(group.name, group.name), "mean": value_text(unit, group.mean, t), "units": group.units,
    }  # fmt: skip


def _row(
    one: Standing, found: FairTable, unit: Unit, names: Mapping[str, str], groups: Mapping[str, str], t: Translate
) -> Row:
    return Row(
        unit=one.unit,
        name=names.get(one.unit, one.unit),
        n=f"{one.n:,}",
        raw=value_text(unit, one.raw, t),
        measured=value_text(unit, found.measured[one.unit].value, t) if found.mix else "",
        shrunk=value_text(unit, one.shrunk, t),
        interval=f"{value_text(unit, one.low, t)} – {value_text(unit, one.high, t)}",
        ranks=str(one.rank_low) if one.rank_low == one.rank_high else f"{one.rank_low}–{one.rank_high}",
        group=group_text(one, groups, t),
        is_wider=one.is_wider and one.group is not None,
        against_group=_said(one.against_group, t),
        against_target=_said(one.against_target, t),
    )


def group_text(one: Standing, groups: Mapping[str, str], t: Translate) -> str:
    """Name the peer group in which a unit was compared."""
    return t(_("too few for a peer group")) if one.group is None else groups.get(one.group, one.group)


def _said(verdict: Verdict | None, t: Translate) -> Said | None:
    return None if verdict is None else Said(verdict.value, MARKS[verdict], t(VERDICTS[verdict]))


def _sentence(standings: Sequence[Standing], t: Translate) -> str:
    if not standings:
        return t(_("Nobody has enough cases in this period to be compared."))
    counts = Counter(one.against_group for one in standings)
    if counts[None] == len(standings):
        return t(_("%(units)s compared: too few for a common mean, so each stands alone.")) % {"units": len(standings)}
    told = {
        "units": len(standings), "better": counts[Verdict.BETTER], "worse": counts[Verdict.WORSE],
        "same": counts[Verdict.CANNOT_TELL],
    }  # fmt: skip
    return (
        t(
            _(
                "%(units)s compared: %(better)s clearly better than their peers, %(worse)s clearly worse, %(same)s cannot be told apart."
            )
        )
        % told
    )


def by_concern(found: Scatter) -> tuple[Place, ...]:
    """Return the halls between sales and quality: those that sell at the cost of service first."""
    order = {quadrant: place for place, quadrant in enumerate((Quadrant.SALES_ONLY, Quadrant.BOTH_WEAK, *Quadrant))}
    return tuple(sorted(found.places, key=lambda one: (order[one.quadrant], one.unit)))


def place_rows(
    shown: Sequence[Place], units: tuple[Unit, Unit], names: Mapping[str, str], t: Translate
) -> tuple[PlaceRow, ...]:
    """Return the halls on the page between sales and quality in words."""
    return tuple(
        PlaceRow(
            names.get(place.unit, place.unit),
            value_text(units[0], place.sales.shrunk, t),
            value_text(units[1], place.quality.shrunk, t),
            place.quadrant.value,
            t(QUADRANTS[place.quadrant]),
        )
        for place in shown
    )


def correlation_sentence(found: Correlation, t: Translate) -> str:
    """Say whether halls that sell better also serve better."""
    if found.value is None or found.low is None or found.high is None:
        return t(_("Too few halls to say whether sales and quality go together."))
    told = {"value": f"{found.value:.2f}", "low": f"{found.low:.2f}", "high": f"{found.high:.2f}", "n": found.n}
    if found.low > 0:
        words = _(
            "Halls that sell better also serve better: rank correlation %(value)s (%(low)s to %(high)s, %(n)s halls)."
        )
    elif found.high < 0:
        words = _("Halls that sell better serve worse: rank correlation %(value)s (%(low)s to %(high)s, %(n)s halls).")
    else:
        words = _(
            "Whether sales and quality go together cannot be said: rank correlation %(value)s (%(low)s to %(high)s, %(n)s halls)."
        )
    return t(words) % told


def item_rows(items: Sequence[WeakItem], t: Translate) -> tuple[ItemRow, ...]:
    """Return the items of the quarter, shortcomings first."""
    rows = []
    for one in items:
        judged, unit = one.judged, one.indicator.unit
        item = judged.item
        short = "–" if judged.short is None else f"{judged.short:+.2f} ({judged.low:+.2f} … {judged.high:+.2f})"
        rows.append(
            ItemRow(
                t(one.indicator.title), judged.finding.value, t(FINDINGS[judged.finding]),
                t(one.why_not) if one.why_not else "", value_text(unit, item.value, t), value_text(unit, item.target, t),
                short, "–" if item.importance is None else f"{item.importance.value:.0%}", f"{item.n:,}",
            )
        )  # fmt: skip
    return tuple(rows)
