"""Lists of cases from other systems: read, put into our terms, and every row told that cannot be taken."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from yingting.domains.cases.models import Brought, Case
from yingting.domains.cases.queries.rules_in_force import (
    CATEGORIES,
    CHANNELS,
    LIST_NAMES,
    PROCESS,
    PROCESS_NAMES,
    rule_of,
)
from yingting.domains.cases.refusals import (
    LIST_EMPTY,
    LIST_HANDLER,
    LIST_MOMENT,
    LIST_PERSON,
    LIST_UNIT,
    LIST_VALUE,
    PROCESS_UNKNOWN,
)
from yingting.domains.cases.rules.bringing import (
    ANY,
    MOMENTS,
    PEOPLE,
    RESULTS,
    STATES,
    CaseList,
    Draft,
    Event,
    ListColumn,
    ListField,
    require_order,
    require_path,
)
from yingting.domains.cases.rules.processes import Process
from yingting.foundation.calendars.reading import zone_of
from yingting.foundation.days import house_today
from yingting.foundation.editing.naming import named
from yingting.foundation.lake.inspecting import UPLOAD_LIMITS
from yingting.foundation.lake.mapping import DEFAULT_FORMATS
from yingting.foundation.lake.named_rows import named_rows
from yingting.foundation.people.access import holders_of, units_for
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import in_force, in_force_by_path
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

F = ListField
MOST_ROWS = 1_000_000
SHOWN = 60
HIDDEN = {one.value for one in (F.TEXT, F.DEMAND, F.REASON, F.NAME, F.PHONE, F.SUBSCRIBER, F.ANSWER)}
DATE = ".date"  # behind a field's name: the column with its date


@dataclass(frozen=True, slots=True)
class BadLine:
    """A row that cannot be taken: its line, what stood there, and the refusal that says why and what to do."""

    line: int
    text: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class ReadList:
    """A list in our terms: the cases that can be taken, those that are here already, and the bad rows; and how many rows it had."""

    rows: int
    drafts: tuple[Draft, ...]
    repeated: int
    bad: tuple[BadLine, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the texts of a list may mean here."""

    rule: CaseList
    unit: str
    day: dt.date
    now: dt.datetime
    zone: ZoneInfo
    units: Mapping[str, str]
    people: Mapping[str, UUID]
    codes: Mapping[ListField, frozenset[str]]
    processes: Mapping[str, str]  # of channels
    said: Mapping[tuple[ListField, str], str]

    def meaning(self, what: ListField, text: str, column: str) -> str:
        """Return the code that a text means. Raises Refusal case.list_value, case.list_unit."""
        code = self.said.get((what, text), self.said.get((what, ANY), text)) if text else ""
        if code and what in self.codes and code not in self.codes[what]:
            raise Refusal(LIST_VALUE, value=text[:SHOWN], column=column)
        if code and what is F.UNIT:
            if code not in self.units:
                raise Refusal(LIST_UNIT, value=code[:SHOWN])
            return self.units[code]
        return code


def read_list(path: Path, rule: CaseList, unit: Unit, *, actor: Actor, now: dt.datetime) -> ReadList:
    """Read a list by a way of reading for a unit of the actor's; what the list does not say of the unit is this one.

    Raises Refusal lake.* for what is no table, file.no_column, file.too_many.
    """
    known = _known(rule, unit, actor, now)
    columns = {one.what.value: (one.column.lower(),) for one in rule.columns if one.column}
    columns |= {one.what.value + DATE: (one.date_column.lower(),) for one in rule.columns if one.date_column}
    bad: list[BadLine] = []
    spoilt: set[str] = set()
    parts: dict[str, list[tuple[int, Draft]]] = {}
    rows = 0
    found = named_rows(path, columns, tuple(columns), limits=UPLOAD_LIMITS, most_rows=MOST_ROWS)
    for line, cells, problem in found:
        rows += 1
        try:
            if problem is not None:
                raise problem
            draft = _draft(line, cells, known)
            parts.setdefault(draft.key, []).append((line, draft))
        except Refusal as refusal:
            bad.append(BadLine(line, _shown(cells), refusal))
            spoilt.add(cells.get(F.NUMBER.value, ""))
    if rule.is_history:  # a history with a hole would be another one
        parts = {key: some for key, some in parts.items() if some[0][1].values[F.NUMBER] not in spoilt}
    drafts, repeated = _whole(parts, known, bad)
    return ReadList(rows, tuple(drafts), repeated, tuple(sorted(bad, key=lambda one: one.line)))


def _shown(cells: Mapping[str, str]) -> str:
    """What may be seen of a row that cannot be taken: nothing that is sealed elsewhere."""
    plain = (text for name, text in cells.items() if name and name.partition(DATE)[0] not in HIDDEN)
    return " | ".join(filter(None, plain))[: 2 * SHOWN]


def _whole(parts: Mapping[str, list[tuple[int, Draft]]], known: _Known, bad: list[BadLine]) -> tuple[list[Draft], int]:
    """Put the rows of each case together, leave out what is here already, and tell the cases that cannot be taken."""
    here = _here(parts)
    processes: dict[str, Process] = {}
    handlers: dict[str, set[UUID]] = {}
    drafts, repeated = [], 0
    for key, rows in parts.items():
        draft = _together([one for _line, one in rows], known.rule)
        if key in here or _number_of(draft) in here:
            repeated += 1
            continue
        repeated += 0 if known.rule.is_history else len(rows) - 1
        try:
            require_order(draft, known.now)
            process = _process(draft, known, processes)
            require_path(draft, process, known.rule.ends)
            _require_handler(draft, known, handlers)
            drafts.append(draft)
        except Refusal as refusal:
            bad.append(BadLine(draft.line, draft.values.get(F.NUMBER, "")[:SHOWN], refusal))
    return drafts, repeated


def _here(parts: Mapping[str, list[tuple[int, Draft]]]) -> set[object]:
    """The keys and channel numbers of these that are here already."""
    keys, found = list(parts), set[object]()
    numbers = {_number_of(rows[0][1]) for rows in parts.values()} - {None}
    for begin in range(0, len(keys), 500):
        found.update(Brought.objects.filter(key__in=keys[begin : begin + 500]).values_list("key", flat=True))
    told = sorted({number for _channel, number in numbers})  # type: ignore[misc]
    for begin in range(0, len(told), 500):
        rows = Case.objects.filter(channel_number__in=told[begin : begin + 500])
        found.update(rows.values_list("channel", "channel_number"))
    return found


def _number_of(draft: Draft) -> tuple[str, str] | None:
    number = draft.values.get(F.NUMBER, "")
    return (draft.values[F.CHANNEL], number) if number else None


def _together(rows: list[Draft], rule: CaseList) -> Draft:
    """One case of its rows: what the first row says of it, and of a history every step in the order of time."""
    first = rows[0]
    if not rule.is_history:
        return first
    events = sorted((event for row in rows for event in row.events), key=lambda one: one.at)
    return Draft(first.line, first.key, first.unit, first.values, first.people, first.moments, tuple(events))


def _draft(line: int, cells: Mapping[str, str], known: _Known) -> Draft:
    values: dict[ListField, str] = {}
    people: dict[ListField, UUID] = {}
    moments: dict[ListField, dt.datetime] = {}
    for one in known.rule.columns:
        what, text = one.what, one.constant or cells.get(one.what.value, "")
        if what in MOMENTS:
            if text:
                moments[what] = _moment(one, text, cells.get(what.value + DATE, ""), known)
            continue
        code = known.meaning(what, text, one.column)
        if what in PEOPLE and code:
            if code not in known.people:
                raise Refusal(LIST_PERSON, value=code[:SHOWN], column=one.column)
            people[what] = known.people[code]
        elif code:
            values[what] = code
    _require_there(known.rule, values, moments)
    events: tuple[Event, ...] = ()
    if F.ACTIVITY in values:
        events = (Event(line, values[F.ACTIVITY], moments[F.MOMENT], people.get(F.RESOURCE)),)
    unit = values.get(F.UNIT) or known.unit
    return Draft(line, _key(unit, values, moments), unit, values, people, moments, events)


def _require_there(rule: CaseList, values: Mapping[ListField, str], moments: Mapping[ListField, dt.datetime]) -> None:
    needed = (F.CHANNEL, F.NUMBER, F.ACTIVITY, F.MOMENT) if rule.is_history else (F.CHANNEL, F.RECEIVED, F.TEXT)
    for what in needed:
        column = rule.of(what)
        if what not in values and what not in moments and column is not None:
            raise Refusal(LIST_EMPTY, column=column.column)


def _moment(column: ListColumn, text: str, date: str, known: _Known) -> dt.datetime:
    whole = f"{date} {text}" if column.date_column else text
    found = None
    if not column.formats:
        try:
            found = dt.datetime.fromisoformat(whole)
        except ValueError:
            found = None
    for form in () if found else column.formats or DEFAULT_FORMATS:
        try:
            found = dt.datetime.strptime(whole, form)  # noqa: DTZ007 - the zone is put to it below
            break
        except ValueError:
            continue
    if found is None:
        raise Refusal(LIST_MOMENT, value=whole[:SHOWN], column=column.column)
    return (found if found.tzinfo else found.replace(tzinfo=known.zone)).astimezone(dt.UTC)


def _key(unit: str, values: Mapping[ListField, str], moments: Mapping[ListField, dt.datetime]) -> str:
    """What a case is known by: its number in the other system, and without one all that the row says."""
    if values.get(F.NUMBER):
        told: object = [values.get(F.CHANNEL), values[F.NUMBER]]
    else:
        told = [
            unit,
            {what.value: text for what, text in values.items()},
            {what.value: str(at) for what, at in moments.items()},
        ]
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def process_code(draft: Draft, channels: Mapping[str, str]) -> str:
    """Return the process that a case runs by: the list's, else its channel's."""
    return draft.values.get(F.PROCESS) or channels[draft.values[F.CHANNEL]]


def _process(draft: Draft, known: _Known, kept: dict[str, Process]) -> Process:
    code = process_code(draft, known.processes)
    if code not in kept:
        found = in_force(PROCESS, path=known.unit, day=known.day, key=code).rule
        if not found.steps or code not in known.codes[F.PROCESS]:
            raise Refusal(PROCESS_UNKNOWN)
        kept[code] = found
    return kept[code]


def _require_handler(draft: Draft, known: _Known, kept: dict[str, set[UUID]]) -> None:
    """An open case goes on here: who has it must be able to handle it."""
    if draft.state != "open" or (known.rule.is_history and _has_ended(draft, known.rule)):
        return
    persons = [event.person for event in draft.events if event.person]
    last = persons[-1] if persons else draft.people.get(F.OWNER)
    if last is None:
        return
    if draft.unit not in kept:
        kept[draft.unit] = set(holders_of(Permission.CASE_HANDLE, draft.unit).values_list("pk", flat=True))
    if last not in kept[draft.unit]:
        name = next(number for number, person in known.people.items() if person == last)
        raise Refusal(LIST_HANDLER, value=name)


def _has_ended(draft: Draft, rule: CaseList) -> bool:
    return rule.is_finished or bool(draft.events and draft.events[-1].step in rule.ends)


def _known(rule: CaseList, unit: Unit, actor: Actor, now: dt.datetime) -> _Known:
    zone = ZoneInfo(zone_of(unit.path))
    day = now.astimezone(zone).date()
    channels = {one.code: one.process for one in rule_of(CHANNELS, unit.path, day).channels}
    categories = rule_of(CATEGORIES, unit.path, day)
    codes = {
        F.CHANNEL: channels, F.PROCESS: [one.code for one in rule_of(PROCESS_NAMES, unit.path, day).processes],
        F.CATEGORY: [one.code for one in categories.categories], F.SEVERITY: [one.code for one in categories.severities],
        F.STATUS: STATES, F.RESULT: RESULTS,
    }  # fmt: skip
    below = units_for(actor, Permission.CASE_SUPERVISE).filter(is_active=True, path__startswith=unit.path)
    return _Known(
        rule, unit.path, day, now, zone, _units(below), dict(Person.objects.values_list("staff_no", "pk")),
        {what: frozenset(some) for what, some in codes.items()}, channels,
        {(one.what, one.text): one.code for one in rule.values},
    )  # fmt: skip


def _units(found: Iterable[Unit]) -> dict[str, str]:
    """Units by path, by code and by name; what two units are called names neither."""
    units = list(found)
    names: dict[str, set[str]] = {}
    for unit in units:
        for name in (unit.code, unit.name):
            names.setdefault(name, set()).add(unit.path)
    return {name: next(iter(paths)) for name, paths in names.items() if len(paths) == 1} | {
        unit.path: unit.path for unit in units
    }


def units_to_bring_to(actor: Actor) -> list[Unit]:
    """Return the units for which the actor may take lists in, from the top down."""
    return list(units_for(actor, Permission.CASE_SUPERVISE).filter(is_active=True).order_by("path"))


def lists_for(units: Iterable[Unit]) -> list[tuple[str, str]]:
    """Return the ways of reading that hold for any of these units, by code and name."""
    rules = in_force_by_path(LIST_NAMES, paths={unit.path for unit in units}, day=house_today())
    found = {one.code: named(one) for rule in rules.values() for one in rule.lists}
    return sorted(found.items())
