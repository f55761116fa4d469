"""A week's roster as its page shows it: the grid, the sentences on top, the cover of each day, what it breaks, the wishes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yingting.domains.shifts.contracts import Cell, StaffMember
from yingting.kernel.words import gettext_noop as _
from yingting.planning.rosters.reading import Stand
from yingting.planning.rosters.showing_cover import DayCover, covers_of, totals
from yingting.planning.rosters.words import (
    GRAVE,
    Names,
    Translate,
    by_rule,
    day_words,
    half_hour_after,
    notes_of,
    sentence,
    short_by_day,
)
from yingting.twin.rostering.breaks import Break, Code, costs
from yingting.twin.rostering.exports import clock
from yingting.twin.rostering.facts import least_hours

Told = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CellView:
    """One day of one person. `trouble`: what it breaks, in words; `wish` is "", met or refused."""

    person: str
    day: dt.date
    shift: str
    times: str
    lunch: str
    away: str
    is_locked: bool
    is_hand: bool
    wish: str
    wish_words: str
    trouble: Told


@dataclass(frozen=True, slots=True)
class RowView:
    """A person's week: hours beside those agreed."""

    member: StaffMember
    cells: tuple[CellView, ...]
    hours: str
    agreed: str
    days: int
    is_off: bool
    trouble: Told


@dataclass(frozen=True, slots=True)
class WishView:
    """A wish that the plan does not meet."""

    person: str
    day: dt.date
    wanted: str
    words: str


@dataclass(frozen=True, slots=True)
class WeekView:
    """A week's roster: sentences, columns with their cover, rows, breaks, wishes."""

    sentences: Told
    notes: Told
    stale: Told
    columns: tuple[DayCover, ...]
    rows: tuple[RowView, ...]
    grave: Told
    wishes: tuple[WishView, ...]


def week_view(stand: Stand, t: Translate) -> WeekView:
    """Return what the page of a week shows of its roster."""
    names = Names.of(stand.week)
    figures = stand.figures
    return WeekView(
        tuple(_sentences(stand, t)), tuple(notes_of(figures.notes, t)) if figures else (), tuple(_stale(stand, t)),
        covers_of(stand), tuple(_rows(stand, names, t)),
        (
            *(sentence(one.code, one.values, names, t) for one in stand.found if one.code in GRAVE),
            *short_by_day(stand.found, t),
        ),
        tuple(_wishes(stand, names, t)),
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------- on top
def _sentences(stand: Stand, t: Translate) -> Iterator[str]:
    figures, sums = stand.figures, totals(stand)
    if figures is None:
        yield t(
            _("This roster was made by hand: no need is known, so only hours, rest, wishes and licences are looked at.")
        )
    elif sums.needed:
        yield t(
            _("Needed are %(needed)s hours at the counters, so that in every half hour %(share)s wait at most %(limit)s minutes.")
        ) % {"needed": f"{sums.needed:g}", "share": f"{figures.share:.0%}", "limit": f"{figures.limit_min:g}"}  # fmt: skip
        if sums.missing:
            yield t(_("%(missing)s of them are missing; %(spare)s hours are planned beyond the need.")) % {
                "missing": f"{sums.missing:g}", "spare": f"{sums.spare:g}",
            }  # fmt: skip
        else:
            yield t(_("None is missing; %(spare)s hours are planned beyond the need.")) % {"spare": f"{sums.spare:g}"}
    yield from _cost(stand, t)


def _cost(stand: Stand, t: Translate) -> Iterator[str]:
    now, figures = stand.cost, stand.figures
    each = by_rule({code.value: cost for code, cost in costs(stand.found).items()}, t)
    if not now:
        yield t(_("It costs nothing: every rule and every wish is kept."))
    else:
        yield t(_("It costs %(cost)s points: %(each)s.")) % {"cost": f"{now:g}", "each": each}
    if figures is None:
        return
    changes = figures.costs.get(Code.CHANGE.value, 0.0)
    if abs(now - (figures.cost - changes)) > 1e-6:
        yield t(_("When it was planned it cost %(cost)s points; changes by hand or of what it is made from make the difference.")) % {
            "cost": f"{figures.cost - changes:g}",
        }  # fmt: skip
    elif figures.is_optimal:
        yield t(_("No plan costs less; that was proven in %(seconds)s s.")) % {"seconds": f"{figures.seconds:.0f}"}
    else:
        yield t(_("The best plan found in %(seconds)s s; none can cost less than %(bound)s points.")) % {
            "seconds": f"{figures.seconds:.0f}", "bound": f"{max(0.0, figures.bound - changes):.0f}",
        }  # fmt: skip
    if changes:
        moved = round(changes / stand.week.terms.change) if stand.week.terms.change else 0
        yield t(_("Planned near the plan before: %(count)s days of people differ from it.")) % {"count": moved}


def _stale(stand: Stand, t: Translate) -> Iterator[str]:
    if stand.changed_people:
        people = t(_(", ")).join(one.name for one in stand.changed_people)
        yield t(_("Since this was planned, leave, time off post, skills, terms or wishes changed of: %(people)s.")) % {
            "people": people
        }
    if stand.are_shifts_changed:
        yield t(_("Since this was planned, the hall's shifts, licences or people changed."))


# ---------------------------------------------------------------------------------------------- the grid
def _rows(stand: Stand, names: Names, t: Translate) -> Iterator[RowView]:
    by_cell: dict[tuple[str, dt.date | None], list[Break]] = {}
    for one in stand.found:
        if "person" in one.values and one.code is not Code.WISH:
            day = one.values.get("day")
            by_cell.setdefault((str(one.values["person"]), day if isinstance(day, dt.date) else None), []).append(one)
    cells = {(cell.person, cell.day): cell for cell in stand.roster.cells}
    shifts = {one.code: one for one in stand.task.shifts}
    people = {one.code: one for one in stand.task.people}
    for member in stand.week.staff:
        code = str(member.person)
        duties = [stand.plan.get((code, day)) for day in stand.week.days]
        hours = sum(shifts[one.shift].hours for one in duties if one)
        least = least_hours(stand.task, people[code])
        yield RowView(
            member,
            tuple(
                _cell(stand, member, day, cells.get((member.person, day)), by_cell.get((code, day), ()), names, t)
                for day in stand.week.days
            ),
            f"{hours:g}",
            t(_("%(least)s to %(most)s")) % {"least": f"{round(least, 1):g}", "most": f"{member.most_hours:g}"},
            sum(one is not None for one in duties), not least - 1e-9 <= hours <= member.most_hours + 1e-9,
            tuple(sentence(one.code, one.values, names, t) for one in by_cell.get((code, None), ())),
        )  # fmt: skip


def _cell(
    stand: Stand,
    member: StaffMember,
    day: dt.date,
    cell: Cell | None,
    found: Sequence[Break],
    names: Names,
    t: Translate,
) -> CellView:
    code = str(member.person)
    duty = stand.plan.get((code, day))
    shift = next((one for one in stand.task.shifts if duty and one.code == duty.shift), None)
    wish = next((one for one in member.wishes if one.day == day), None)
    refused = any(
        one.code is Code.WISH and one.values["person"] == code and one.values["day"] == day for one in stand.found
    )
    lunch = ""
    if shift and duty and duty.lunch_at_min is not None:
        lunch = clock(duty.lunch_at_min)
    return CellView(
        code, day, names.shifts[shift.code] if shift else "",
        f"{clock(shift.starts_min)}–{clock(shift.ends_min)}" if shift else "", lunch, away_words(member, day, t),
        bool(cell and cell.is_locked), bool(cell and cell.origin == "hand"),
        "" if wish is None else "refused" if refused else "met",
        "" if wish is None else wish_words(wish.wanted, t),
        tuple(sentence(one.code, one.values, names, t) for one in found),
    )  # fmt: skip


_SHORT_WISH = {"off": _("wishes off"), "early": _("wishes early"), "late": _("wishes late")}


def wish_words(wanted: str, t: Translate) -> str:
    """Return a wish as a cell shows it."""
    return t(_SHORT_WISH[wanted])


def away_words(member: StaffMember, day: dt.date, t: Translate) -> str:
    """Return why a person cannot be put on duty on a day, "" for somebody who can."""
    if day in member.leave:
        return t(_("absent"))
    return t(_("off post")) if any(first <= day <= last for first, last in member.off_post) else ""


def _wishes(stand: Stand, names: Names, t: Translate) -> Iterator[WishView]:
    for one in stand.found:
        if one.code is Code.WISH:
            day = one.values["day"]
            assert isinstance(day, dt.date)
            words = sentence(one.code, one.values, names, t)
            yield WishView(str(one.values["person"]), day, str(one.values["wanted"]), words)


# ---------------------------------------------------------------------------------------------- one change
@dataclass(frozen=True, slots=True)
class Effect:
    """What setting a cell otherwise does: points more (or fewer), and in words what it breaks and mends."""

    points: float
    breaks: Told
    mends: Told

    @property
    def signed(self) -> str:
        """The points with their sign."""
        return f"{self.points:+g}" if abs(self.points) > 1e-9 else "±0"


def effect_of(
    before: Sequence[Break], after: Sequence[Break], names: Names, t: Translate, *, tells_days: bool = False
) -> Effect:
    """Return what a change does to a plan. What is merely more than needed is counted in the points, not told."""

    def said(mine: Sequence[Break], theirs: Sequence[Break]) -> Told:
        known = {one.key for one in theirs}
        return tuple(
            sentence(one.code, one.values, names, t)
            for one in mine
            if one.key not in known and one.code not in (Code.OVER, Code.UNDER)
        )

    points = sum(one.cost for one in after) - sum(one.cost for one in before)
    more, fewer = _missing(before, after, tells_days)
    worse = tuple(t(_("%(time)s: %(count)s more missing")) % {"time": span, "count": count} for span, count in more)
    better = tuple(t(_("%(time)s: %(count)s fewer missing")) % {"time": span, "count": count} for span, count in fewer)
    return Effect(round(points, 6), (*said(after, before), *worse), (*said(before, after), *better))


Spans = list[tuple[str, int]]


def _missing(before: Sequence[Break], after: Sequence[Break], tells_days: bool) -> tuple[Spans, Spans]:
    """By how many more, and by how many fewer, are missing when; half hours in a row as one."""
    by_time: dict[tuple[dt.date, str], int] = {}
    for found, sign in ((before, -1), (after, 1)):
        for one in found:
            if one.code is Code.UNDER:
                day, count = one.values["day"], one.values["count"]
                assert isinstance(count, int)
                at = (day if isinstance(day, dt.date) else dt.date.fromisoformat(str(day)), str(one.values["time"]))
                by_time[at] = by_time.get(at, 0) + sign * count
    spans: list[tuple[dt.date, str, str, int]] = []
    for (day, begins), count in sorted(by_time.items()):
        ends = half_hour_after(begins)
        if count and spans and spans[-1][0] == day and spans[-1][2:] == (begins, count):
            spans[-1] = (day, spans[-1][1], ends, count)
        elif count:
            spans.append((day, begins, ends, count))
    told = [(f"{day_words(day)} " * tells_days + f"{begins}–{ends}", count) for day, begins, ends, count in spans]
    return [one for one in told if one[1] > 0], [(span, -count) for span, count in told if count < 0]


def heading(day: dt.date) -> str:
    """Return a day as a column is headed."""
    return day_words(day)
