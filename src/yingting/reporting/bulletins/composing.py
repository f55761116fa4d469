"""From a bulletin's figures and texts to its document: every word that page and files show, in the house's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, override

from yingting.foundation.lake.declared import declared
from yingting.foundation.lake.targets import Standard
from yingting.indicators.comparing import Verdict, Why
from yingting.indicators.declaring import AnyIndicator, Reading
from yingting.kernel.filling import filled
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.bulletins.contracts import (
    Cell,
    Document,
    DutyLine,
    Figures,
    Head,
    Line,
    Mark,
    Rank,
    Ranking,
    RankLine,
    Short,
    ShortLine,
)  # fmt: skip
from yingting.reporting.bulletins.models import Bulletin, Duty
from yingting.reporting.bulletins.quoting import quoted_lines
from yingting.reporting.bulletins.rules import BulletinKind
from yingting.reporting.bulletins.spans import day_text, period_text
from yingting.reporting.periods import Period
from yingting.reporting.ranking.view_model import VERDICTS, WHYS, mix_words
from yingting.reporting.showing import NOTHING, change_text, shown, value_text


@dataclass(frozen=True, slots=True)
class Stamp:
    """What issuing adds to a draft: its number, and the day."""

    reference: str = ""
    day: dt.date | None = None


def compose(
    bulletin: Bulletin, kind: BulletinKind, figures: Figures, duties: Sequence[Duty], corrects: str, stamp: Stamp
) -> Document:
    """Return the document of a bulletin as it stands now. `bulletin` and `duties` come with the units and people they name."""
    with override(settings.LANGUAGE_CODE):
        known = declared()
        indicators = [known[key][0] for key in figures.indicators]
        owners = {one.indicator: one.owner for one in kind.columns}
        words = words_of(bulletin.unit.name, kind, figures, max((one.due for one in duties), default=None))
        reasons = {one.about: one.reason for one in duties if one.about is not None}
        return Document(
            title=bulletin.title,
            reference=stamp.reference,
            kind=kind.name,
            unit=bulletin.unit.name,
            period=str(words["period"]),
            date=day_text(stamp.day) if stamp.day else "",
            corrects=corrects,
            opening=filled(bulletin.opening, words),
            closing=filled(bulletin.closing, words),
            heads=tuple(Head(gettext(one.title), owners[one.key], one.unit.value) for one in indicators),
            lines=tuple(
                Line(row.name, tuple(_mark(one, cell) for one, cell in zip(indicators, row.cells, strict=True)))
                for row in figures.rows
            ),
            ranked_by=gettext(known[figures.ranking.indicator][0].title) if figures.ranking else "",
            ranks=_ranks(figures, figures.ranking, known[figures.ranking.indicator][0]) if figures.ranking else (),
            unrated=_unrated(figures),
            shorts=tuple(
                _short(number, one, figures, known[one.indicator][0], reasons.get(number - 1, ""))
                for number, one in enumerate(figures.shorts, 1)
            ),
            duties=tuple(_duty(number, one, figures) for number, one in enumerate(duties, 1)),
            notes=tuple(_notes(figures)),
            quoted=tuple(quoted_lines(bulletin, figures.measured_at)),
        )


def words_of(unit: str, kind: BulletinKind, figures: Figures, due: dt.date | None) -> dict[str, object]:
    """Return what the placeholders of a bulletin's texts stand for."""
    return {
        "unit": unit, "period": period_text(Period(figures.first, figures.last)), "kind": kind.name,
        "rows": len(figures.rows), "missed": figures.missed, "due": day_text(due) if due else NOTHING,
    }  # fmt: skip


def words_of_short(figures: Figures, short: Short) -> dict[str, object]:
    """Return what the placeholders of a shortcoming stand for."""
    indicator = declared()[short.indicator][0]
    row, cell = figures.cell(short)
    return {
        "row": row.name, "indicator": gettext(indicator.title), "value": value_text(indicator.unit, cell.value, gettext),
        "target": value_text(indicator.unit, cell.target, gettext), "n": f"{cell.n:,}",
    }  # fmt: skip


def rows_address(short: Short, figures: Figures) -> str:
    """Return the address of the rows behind a shortcoming."""
    query = {"unit": short.path, "indicator": short.indicator, "from": figures.first, "to": figures.last}
    return f"{reverse('reporting:rows')}?{urlencode(query)}"


def holder_text(duty: Duty) -> str:
    """Say who has a duty: a person with the staff number, or a post at a unit."""
    if duty.person is not None:
        return f"{duty.person.name}（{duty.person.staff_no}）"
    return f"{duty.unit.name if duty.unit else ''}{duty.role.name if duty.role else ''}"


def _mark(indicator: AnyIndicator, cell: Cell) -> Mark:
    now, then = (_reading(indicator, value, n) for value, n in ((cell.value, cell.n), (cell.before, cell.before_n)))
    seen = shown(indicator, now, Standard(cell.target, cell.challenge, None), gettext)
    change, _turn = change_text(indicator, now, then, gettext)
    return Mark(seen.text, seen.sign, seen.word, change, cell.n, cell.value, cell.target, cell.before)


def _reading(indicator: AnyIndicator, value: float | None, n: int) -> Reading:
    return Reading(indicator.key, value, n, is_rated=value is not None)


def _ranks(figures: Figures, ranking: Ranking, indicator: AnyIndicator) -> tuple[RankLine, ...]:
    names = _names(figures)

    def line(one: Rank) -> RankLine:
        low, high = (value_text(indicator.unit, value, gettext) for value in (one.low, one.high))
        return RankLine(
            gettext(_("Band %(number)s")) % {"number": one.band},
            str(one.rank_low) if one.rank_low == one.rank_high else f"{one.rank_low}–{one.rank_high}",
            names[one.path], _ranked_value(one, indicator, ranking), f"{low} – {high}", f"{one.n:,}",
            gettext(VERDICTS[Verdict(one.against_target)]) if one.against_target else NOTHING,
        )  # fmt: skip

    return tuple(line(one) for one in ranking.ranks)


def _ranked_value(one: Rank, indicator: AnyIndicator, ranking: Ranking) -> str:
    """Write the value that is compared; what was measured stands beside it where the mix of cases was allowed for."""
    value = value_text(indicator.unit, one.value, gettext)
    if not ranking.mix:
        return value
    told = {"value": value, "measured": value_text(indicator.unit, one.measured, gettext)}
    return gettext(_("%(value)s (measured %(measured)s)")) % told


def _unrated(figures: Figures) -> tuple[str, ...]:
    names = _names(figures)
    ranking: Ranking | None = figures.ranking
    return tuple(
        gettext(_("%(unit)s (n = %(n)s, %(why)s)"))
        % {"unit": names[one.path], "n": f"{one.n:,}", "why": gettext(WHYS[Why(one.why)])}
        for one in (ranking.unrated if ranking else ())
    )


def _names(figures: Figures) -> Mapping[str, str]:
    return {row.path: row.name for row in figures.rows}


def _short(number: int, one: Short, figures: Figures, indicator: AnyIndicator, reason: str) -> ShortLine:
    words = words_of_short(figures, one)
    return ShortLine(
        number, str(words["row"]), gettext(indicator.title), str(words["value"]), str(words["target"]), str(words["n"]),
        reason, rows_address(one, figures),
    )  # fmt: skip


def _duty(number: int, one: Duty, figures: Figures) -> DutyLine:
    about = ""
    if one.about is not None:
        words = words_of_short(figures, figures.shorts[one.about])
        about = f"{words['row']} {words['indicator']}"
    return DutyLine(number, about, one.what, holder_text(one), day_text(one.due))


def _notes(figures: Figures) -> list[str]:
    if not figures.indicators:
        return []
    told = {"period": period_text(Period(figures.before_first, figures.before_last))}
    notes = [
        gettext(
            _("Changes are against %(period)s. A value with too few cases is not rated: it is neither good nor bad.")
        )
        % told
    ]
    if figures.ranking:
        level = f"{figures.ranking.fairness.level:.0%}"
        notes.append(
            gettext(_("Units of one band cannot be told apart; intervals at %(level)s. Units with fewer than %(least)s cases have no rank."))
            % {"level": level, "least": figures.ranking.fairness.least_cases}
        )  # fmt: skip
        if figures.ranking.mix:
            notes.append(
                gettext(_("The ranking is as if everybody had the same mix of %(mix)s; targets are held against the value as measured."))
                % {"mix": mix_words(figures.ranking.mix, gettext)}
            )  # fmt: skip
    return notes
