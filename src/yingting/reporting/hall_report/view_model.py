"""The report as words: what every renderer for people shows, translated and rounded in one place.

Text, page, self-contained file and workbook all print these rows, so they cannot tell different stories.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from yingting.domains.queueing.indicators import INDICATORS, HallTerms
from yingting.indicators.declaring import Reading, Unit
from yingting.indicators.measuring import Readings
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.hall_report.contracts import (
    Band,
    BusySpan,
    Definition,
    HallReport,
    NamedRow,
    Section,
)

Translate = Callable[[str], str]

WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
KINDS = {"single": _("single"), "combined": _("combined"), None: _("not recorded")}
ALL_HALLS = _("All halls")
NOT_RATED = _("not rated")
HEAT_STEPS = 5
_BY_KEY = {one.key: one for one in INDICATORS}
_HEADLINES = (
    "queueing.tickets", "queueing.served", "queueing.abandonment", "queueing.no_show", "queueing.wait_mean",
    "queueing.wait_median", "queueing.wait_p90", "queueing.wait_within_limit", "queueing.wait_within_challenge",
    "queueing.wait_longest",
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
    state: str = ""  # good, near, over: with `state_text` beside it, never colour alone
    state_text: str = ""


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
        rules=rules_of(report.definition, t),
        overview=_overview(report, t),
        sections=tuple(_section(one, place, report.definition, t) for place, one in enumerate(sections)),
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
}


def _overview(report: HallReport, t: Translate) -> TableView:
    """One row per hall with the headline figures; the first cell is the hall's code."""
    headings = (t(_("Hall")), *(title_of(key, report.definition.terms, t) for key in _SPLIT))
    rows = tuple((one.hall, *_cells(one.visits, _SPLIT, t)) for one in report.sections)
    return TableView(t(_WORDS["contents"]), headings, rows)


def rules_of(definition: Definition, t: Translate) -> tuple[str, ...]:
    """Tell every switch of the definition as a sentence."""
    terms = definition.terms
    limits = {"limit": minutes(terms.wait_limit_s), "challenge": minutes(terms.wait_challenge_s)}
    kept = (
        _("A wait counts as within the limit up to and including %(limit)s min (challenge: %(challenge)s min).")
        if terms.limit_itself_keeps
        else _("A wait counts as within the limit below %(limit)s min (challenge: %(challenge)s min).")
    )
    return (
        t(_("The wait runs from taking the ticket to the first call; only served customers are timed.")),
        t(kept) % limits,
        t(_("Customers who left count as not served within the limit."))
        if terms.abandoned_in_denominator
        else t(_("Customers who left are not in the shares; they have their own rate.")),
        t(_("After a transfer the wait starts again."))
        if terms.transfer_restarts_wait
        else t(_("A transfer does not restart the wait.")),
        t(_("Service time limit: single %(single)s min, combined %(combined)s min."))
        % {"single": minutes(terms.single_limit_s), "combined": minutes(terms.combined_limit_s)},
        t(_("Below %(least)s cases a figure is not rated. Quantiles are exact.")) % {"least": terms.minimum_sample},
        t(_("Busy hours are those that a hall has set; elsewhere they follow from its own arrivals."))
        if definition.hall_busy
        else _busy_rule(definition.busy, (), t),
    )


def _busy_rule(calendar: tuple[BusySpan, ...] | None, hours: tuple[int, ...], t: Translate) -> str:
    if calendar is not None:
        spans = "; ".join(
            f"{_weekdays(span, t)} {clock(span.from_minute)}–{clock(span.to_minute)}" for span in calendar
        )
        return t(_("Busy hours are set: %(spans)s.")) % {"spans": spans}
    if hours:
        told = ", ".join(f"{hour}:00" for hour in hours)
        return t(_("Busy hours follow from this hall's own arrivals: the hours beginning at %(hours)s.")) % {
            "hours": told
        }
    return t(
        _("Busy hours follow from each hall's own arrivals: hours of the day with more tickets than its mean hour.")
    )


def _section_busy_rule(section: Section, definition: Definition, t: Translate) -> str:
    if not section.hall and definition.hall_busy:
        return t(_("Busy hours are those that a hall has set; elsewhere they follow from its own arrivals."))
    return _busy_rule(definition.busy_of(section.hall), section.busy.hours, t)


def _weekdays(span: BusySpan, t: Translate) -> str:
    return " ".join(t(WEEKDAYS[day]) for day in sorted(span.weekdays))


def _section(section: Section, place: int, definition: Definition, t: Translate) -> SectionView:
    terms = definition.terms
    return SectionView(
        anchor=f"hall-{place}",
        title=section.hall or t(ALL_HALLS),
        period=_period(section.first_day, section.last_day, section.days, t),
        notices=tuple(t(one.sentence) % one.params for one in section.notices),
        figures=tuple(_figure(section.visits[key], terms, t) for key in _HEADLINES)
        + tuple(_figure(section.stints[key], terms, t) for key in ("queueing.handling_mean",)),
        busy=_busy_table(section, terms, t),
        busy_rule=_section_busy_rule(section, definition, t),
        kinds=TableView(
            t(_WORDS["kinds"]),
            (t(_("Kind")), t(_("Limit")), *(title_of(key, terms, t) for key in _HANDLING)),
            tuple(
                (
                    t(KINDS[row.kind]),
                    "–" if row.limit_s is None else duration(row.limit_s, t),
                    *_cells(row.readings, _HANDLING, t),
                )
                for row in section.kinds
            ),
        ),
        bands=tuple(_band(one, t) for one in section.bands),
        heat=_heat(section, t),
        counters=_named(_WORDS["counters"], _("Counter"), section.counters, terms, t),
        clerks=_named(_WORDS["clerks"], _("Clerk"), section.clerks, terms, t),
        longest=_longest(section, t),
    )


def title_of(key: str, terms: HallTerms, t: Translate) -> str:
    """Return the title of an indicator with the limit it is held against, where there is one."""
    title = t(_BY_KEY[key].title)
    limit = {"queueing.wait_within_limit": terms.wait_limit_s, "queueing.wait_within_challenge": terms.wait_challenge_s}
    if key in limit:
        sign = "≤" if terms.limit_itself_keeps else "<"
        parts = {"title": title, "sign": sign, "limit": minutes(limit[key])}
        return t(_("%(title)s (%(sign)s%(limit)s min)")) % parts
    return title


def _figure(reading: Reading, terms: HallTerms, t: Translate) -> FigureView:
    state, told = "", ""
    if reading.key == "queueing.wait_mean" and reading.value is not None:
        state, told = _wait_state(reading.value, terms)
    return FigureView(
        key=reading.key,
        title=title_of(reading.key, terms, t),
        text=value_text(reading, t),
        n=reading.n,
        n_text=f"{reading.n:,}",
        is_rated=reading.is_rated,
        state=state,
        state_text=t(told) if told else "",
    )


def _wait_state(wait_s: float, terms: HallTerms) -> tuple[str, str]:
    if wait_s <= terms.wait_challenge_s:
        return "good", _("reaches the challenge")
    if wait_s <= terms.wait_limit_s:
        return "near", _("within the limit")
    return "over", _("over the limit")


def value_text(reading: Reading, t: Translate) -> str:
    """Return a reading as text: its value in its unit, or "not rated"."""
    if reading.value is None:
        return t(NOT_RATED)
    unit = _BY_KEY[reading.key].unit
    if unit is Unit.COUNT:
        return f"{reading.value:,.0f}"
    if unit is Unit.SHARE:
        return percent(reading.value)
    return duration(reading.value, t)


def _cells(readings: Readings, keys: tuple[str, ...], t: Translate) -> tuple[str, ...]:
    return tuple(_with_count(readings[key], t) for key in keys)


def _with_count(reading: Reading, t: Translate) -> str:
    if _BY_KEY[reading.key].unit is Unit.COUNT:
        return value_text(reading, t)
    return f"{value_text(reading, t)} (n={reading.n:,})"


def _busy_table(section: Section, terms: HallTerms, t: Translate) -> TableView:
    rows = (
        (t(_("busy")), *_cells(section.busy.busy, _SPLIT, t)),
        (t(_("idle")), *_cells(section.busy.idle, _SPLIT, t)),
    )
    return TableView(t(_WORDS["busy"]), (t(_("Hours")), *(title_of(key, terms, t) for key in _SPLIT)), rows)


def _named(title: str, first: str, rows: tuple[NamedRow, ...], terms: HallTerms, t: Translate) -> TableView:
    headings = (t(first), *(title_of(key, terms, t) for key in _HANDLING))
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
    return t(_("%(first)s to %(last)s, %(days)s days with tickets")) % {"first": first, "last": last, "days": days}


def minutes(seconds: float) -> str:
    """Write seconds as minutes, without needless digits.

    >>> minutes(600), minutes(90), minutes(20)
    ('10', '1.5', '0.33')
    """
    return f"{seconds / 60:.2f}".rstrip("0").rstrip(".")


def duration(seconds: float, t: Translate) -> str:
    """Write a duration: seconds below two minutes, else minutes with one digit."""
    if seconds < 120:
        return t(_("%(count)s s")) % {"count": f"{seconds:.0f}" if seconds == int(seconds) else f"{seconds:.1f}"}
    return t(_("%(count)s min")) % {"count": f"{seconds / 60:.1f}"}


def percent(share: float) -> str:
    """Write a share as a percentage with one digit. Rounding never claims all or nothing.

    >>> percent(0.44223), percent(0.99989), percent(1.0), percent(0.0002)
    ('44.2 %', '>99.9 %', '100.0 %', '<0.1 %')
    """
    if 0.9995 <= share < 1:
        return ">99.9 %"
    if 0 < share < 0.0005:
        return "<0.1 %"
    return f"{share * 100:.1f} %"


def clock(minute: int) -> str:
    """Write a minute of the day as a clock time.

    >>> clock(510)
    '08:30'
    """
    return f"{minute // 60:02d}:{minute % 60:02d}"
