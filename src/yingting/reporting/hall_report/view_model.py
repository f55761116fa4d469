"""The report as words: what every renderer for people shows, translated and rounded in one place.

Text, page, self-contained file and workbook all print these rows, so they cannot tell different stories.
"""

from __future__ import annotations

from dataclasses import dataclass

from yingting.foundation.lake.declared import declared
from yingting.indicators.declaring import Reading, Unit
from yingting.indicators.measuring import Readings
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.hall_report.contracts import Band, Figure, HallReport, NamedRow, Section
from yingting.reporting.hall_report.rules_in_words import busy_rule, busy_rule_of_all, rules_of
from yingting.reporting.showing import NOTHING, Attainment, shown
from yingting.reporting.showing import value_text as text_of
from yingting.reporting.written import KINDS, NOT_RATED, WEEKDAYS, Translate, clock, duration, minutes, percent

ALL_HALLS = _("All halls")
HEAT_STEPS = 5
_HEADLINES = (
    "queueing.tickets", "queueing.served", "queueing.abandonment", "queueing.no_show", "queueing.wait_mean",
    "queueing.wait_median", "queueing.wait_p90", "queueing.wait_within_limit", "queueing.wait_within_challenge",
    "queueing.wait_longest", "queueing.handling_mean",
)  # fmt: skip
_SPLIT = ("queueing.tickets", "queueing.wait_mean", "queueing.wait_median", "queueing.wait_p90",
          "queueing.wait_within_limit", "queueing.wait_within_challenge")  # fmt: skip
_HANDLING = ("queueing.handlings", "queueing.handling_mean", "queueing.handling_median", "queueing.handling_p90",
             "queueing.handling_within_limit")  # fmt: skip


@dataclass(frozen=True, slots=True)
class FigureView:
    """One headline number: its title, the text to show, the number of cases, and a state word or ""."""

    key: str
    title: str
    text: str
    n: int
    n_text: str
    is_rated: bool
    css: str = ""
    state_text: str = ""  # stands beside the colour


@dataclass(frozen=True, slots=True)
class TableView:
    """A small table: headings, rows of texts; the first column names the row."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class HeatCellView:
    """One cell of the heat map: tickets as text ("" when none), a shade 0…5, and a sentence for hover."""

    text: str
    shade: int
    told: str


@dataclass(frozen=True, slots=True)
class HeatView:
    """The heat map: half-hour headings and one row of cells per weekday."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, tuple[HeatCellView, ...]], ...]


@dataclass(frozen=True, slots=True)
class BandView:
    """One waiting band: label, count, share as text and as a number 0…1, and `bar` 0…100 as SVG wants it."""

    label: str
    n: int
    n_text: str
    share_text: str
    share: float
    bar: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """One hall on the page."""

    anchor: str
    title: str
    period: str
    notices: tuple[str, ...]
    figures: tuple[FigureView, ...]
    busy: TableView
    busy_rule: str
    kinds: TableView
    bands: tuple[BandView, ...]
    heat: HeatView
    counters: TableView
    clerks: TableView
    longest: TableView
    sets: tuple[TableView, ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """The whole page: title, period, the rules behind the numbers, sections (all halls first)."""

    title: str
    period: str
    rules: tuple[str, ...]
    overview: TableView
    sections: tuple[SectionView, ...]
    words: dict[str, str]


def view_of(report: HallReport, translate: Translate = str) -> ReportView:
    """Turn a report into words, translated by the given function."""
    t = translate
    sections = (*((report.total,) if report.total else ()), *report.sections)
    return ReportView(
        title=t(_("Hall report")),
        period=_period(report.first_day, report.last_day, None, t),
        rules=rules_of(report, t),
        overview=_overview(report, t),
        sections=tuple(_section(one, place, report, t) for place, one in enumerate(sections)),
        words={key: t(message) for key, message in _WORDS.items()},
    )


_WORDS = {
    "rules": _("How the numbers are counted"),
    "figures": _("At a glance"),
    "busy": _("Busy and idle hours"),
    "bands": _("How long customers waited"),
    "heat": _("Tickets by weekday and half hour"),
    "kinds": _("Service times by kind"),
    "counters": _("By counter"),
    "clerks": _("By clerk"),
    "longest": _("Longest waits"),
    "wait": _("Wait"),
    "customers": _("Customers"),
    "share": _("Share"),
    "notices": _("What the logs lack"),
    "figure": _("Figure"),
    "value": _("Value"),
    "cases": _("Cases"),
    "contents": _("Halls"),
    "sets": _("All figures"),
}


def _overview(report: HallReport, t: Translate) -> TableView:
    """One row per hall with the headline figures; the first cell is the hall's code."""
    headings = (t(_("Hall")), *(title_of(key, report, "", t) for key in _SPLIT))
    rows = tuple((one.hall, *_cells(one.figures, _SPLIT, t)) for one in report.sections)
    return TableView(t(_WORDS["contents"]), headings, rows)


def _section(section: Section, place: int, report: HallReport, t: Translate) -> SectionView:
    return SectionView(
        anchor=f"hall-{place}",
        title=section.hall or t(ALL_HALLS),
        period=_period(section.first_day, section.last_day, section.days, t),
        notices=tuple(t(one.sentence) % one.params for one in section.notices),
        figures=_headlines(section, report, t),
        busy=_busy_table(section, report, t),
        busy_rule=busy_rule(section.busy.stretches, t) if section.busy.stretches else busy_rule_of_all(report, t),
        kinds=TableView(
            t(_WORDS["kinds"]),
            (t(_("Kind")), t(_("Limit")), *(title_of(key, report, section.hall, t) for key in _HANDLING)),
            tuple(
                (
                    t(KINDS[row.kind]),
                    NOTHING if row.limit_s is None else duration(row.limit_s, t),
                    *_cells(row.readings, _HANDLING, t),
                )
                for row in section.kinds
            ),
        ),
        bands=tuple(_band(one, t) for one in section.bands),
        heat=_heat(section, t),
        counters=_named(_WORDS["counters"], _("Counter"), section.counters, (report, section.hall), t),
        clerks=_named(_WORDS["clerks"], _("Clerk"), section.clerks, (report, section.hall), t),
        longest=_longest(section, t),
        sets=tuple(TableView(t(one.title), _set_headings(t), tuple(_set_row(row, report, section.hall, t) for row in one.figures))
                   for one in section.sets),
    )  # fmt: skip


def _set_headings(t: Translate) -> tuple[str, ...]:
    words = (_("Figure"), _("Value"), _("Cases"), _("Interval (95 %)"), _("Target"), _("Challenge"), _("State"))
    return tuple(t(word) for word in words)


def _set_row(figure: Figure, report: HallReport, hall: str, t: Translate) -> tuple[str, ...]:
    one, standard = figure.indicator, figure.standard
    cell = shown(one, figure.reading, standard, t)
    limits = (
        NOTHING if figure.low is None else f"{text_of(one.unit, figure.low, t)} – {text_of(one.unit, figure.high, t)}"
    )
    return (
        title_of(one.key, report, hall, t), cell.text, f"{cell.n:,}", limits, text_of(one.unit, standard.target, t),
        text_of(one.unit, standard.challenge, t), f"{cell.sign} {cell.word}" if cell.sign else "",
    )  # fmt: skip


def title_of(key: str, report: HallReport, hall: str, t: Translate) -> str:
    """Return the title of an indicator with the limit it is held against, where there is one that held all the time."""
    title = t(declared()[key][0].title)
    switches = {"queueing.wait_within_limit": "wait_limit_s", "queueing.wait_within_challenge": "wait_challenge_s"}
    limit = report.agreed(switches[key], hall) if key in switches else None
    if limit is None:
        return title
    sign = "≤" if report.judged[0].terms.limit_itself_keeps else "<"
    return t(_("%(title)s (%(sign)s%(limit)s min)")) % {"title": title, "sign": sign, "limit": minutes(limit)}


def _headlines(section: Section, report: HallReport, t: Translate) -> tuple[FigureView, ...]:
    standards = {one.indicator.key: one.standard for found in section.sets for one in found.figures}
    views = []
    for key in _HEADLINES:
        one, reading = declared()[key][0], section.figures[key]
        cell = shown(one, reading, standards[key], t) if key in standards else None
        is_judged = cell is not None and cell.verdict not in (Attainment.NONE, Attainment.UNRATED)
        views.append(FigureView(
            key, title_of(key, report, section.hall, t), value_text(reading, t), reading.n, f"{reading.n:,}",
            reading.is_rated, cell.css if cell and is_judged else "",
            f"{cell.sign} {cell.word}" if cell and is_judged else "",
        ))  # fmt: skip
    return tuple(views)


def value_text(reading: Reading, t: Translate) -> str:
    """Return a reading as text: its value in its unit, or "not rated"."""
    return t(NOT_RATED) if reading.value is None else text_of(declared()[reading.key][0].unit, reading.value, t)


def _cells(readings: Readings, keys: tuple[str, ...], t: Translate) -> tuple[str, ...]:
    return tuple(_with_count(readings[key], t) for key in keys)


def _with_count(reading: Reading, t: Translate) -> str:
    if declared()[reading.key][0].unit is Unit.COUNT:
        return value_text(reading, t)
    return f"{value_text(reading, t)} (n={reading.n:,})"


def _busy_table(section: Section, report: HallReport, t: Translate) -> TableView:
    rows = (
        (t(_("busy")), *_cells(section.busy.busy, _SPLIT, t)),
        (t(_("idle")), *_cells(section.busy.idle, _SPLIT, t)),
    )
    return TableView(
        t(_WORDS["busy"]), (t(_("Hours")), *(title_of(key, report, section.hall, t) for key in _SPLIT)), rows
    )


def _named(
    title: str, first: str, rows: tuple[NamedRow, ...], of: tuple[HallReport, str], t: Translate
) -> TableView:  # fmt: skip
    headings = (t(first), *(title_of(key, *of, t) for key in _HANDLING))
    return TableView(t(title), headings, tuple((row.name, *_cells(row.readings, _HANDLING, t)) for row in rows))


def _band(band: Band, t: Translate) -> BandView:
    over, to, n, share = band.over_s, band.to_s, band.n, band.share
    if to is None:
        label = t(_("over %(limit)s min")) % {"limit": minutes(over)}
    elif over == 0:
        label = t(_("up to %(limit)s min")) % {"limit": minutes(to)}
    else:
        label = t(_("%(over)s–%(to)s min")) % {"over": minutes(over), "to": minutes(to)}
    return BandView(label, n, f"{n:,}", percent(share), share, f"{share * 100:.1f}")


def _heat(section: Section, t: Translate) -> HeatView:
    by_place = {(cell.weekday, cell.half_hour): cell for cell in section.heat}
    halves = sorted({cell.half_hour for cell in section.heat})
    span = range(halves[0], halves[-1] + 1) if halves else range(0)
    most = max((cell.tickets for cell in section.heat), default=1)
    days = sorted({cell.weekday for cell in section.heat})

    def cell_view(weekday: int, half: int) -> HeatCellView:
        cell = by_place.get((weekday, half))
        when = f"{t(WEEKDAYS[weekday])} {clock(half * 30)}"
        if cell is None:
            return HeatCellView("", 0, f"{when}: 0")
        told = t(_("%(when)s: %(count)s tickets, mean wait %(wait)s")) % {
            "when": when, "count": f"{cell.tickets:,}", "wait": value_text(cell.wait_mean, t)}  # fmt: skip
        return HeatCellView(f"{cell.tickets:,}", max(1, -(-cell.tickets * HEAT_STEPS // most)), told)

    rows = tuple((t(WEEKDAYS[day]), tuple(cell_view(day, half) for half in span)) for day in days)
    return HeatView(tuple(clock(half * 30) for half in span), rows)


def _longest(section: Section, t: Translate) -> TableView:
    headings = (
        t(_("Day")),
        t(_("Hall")),
        t(_("Ticket")),
        t(_("Queue")),
        t(_("Taken at")),
        t(_("Counter")),
        t(_("Wait")),
    )
    rows = tuple(
        (one.business_day.isoformat(), one.hall, one.ticket, one.queue or "–", clock(one.issue_minute),
         one.counter or "–", duration(one.wait_s, t))
        for one in section.longest
    )  # fmt: skip
    return TableView(t(_WORDS["longest"]), headings, rows)


def _period(first: object, last: object, days: int | None, t: Translate) -> str:
    if days is None:
        return t(_("%(first)s to %(last)s")) % {"first": first, "last": last}
    return t(_("%(first)s to %(last)s, days with tickets: %(days)s")) % {"first": first, "last": last, "days": days}
