"""Whose visits the demo's past were: who of the known customers came often before its first day, as a log of visits with names.

The visits are those of `demo_past.py`; here some of them get a customer, and the lake's table of known visits hears of them by an
import of its own.
"""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import numpy as np

from yingting.domains.queueing.facade import hours_of
from yingting.domains.relations.tables import KNOWN_VISITS
from yingting.foundation.catalogue.calendar import CALENDAR, moment_of
from yingting.foundation.catalogue.models import BusinessType
from yingting.foundation.customers.models import Customer, FileState
from yingting.foundation.lake import mapping as mappings
from yingting.foundation.lake.importing import ImportOrder
from yingting.foundation.lake.log_shape import FieldKind, LogField, LogShape
from yingting.foundation.lake.shelves import lake_with
from yingting.foundation.lake.taking import take_log
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import system_now
from yingting.planning.known_people import DEMO, SEED

SOURCE = "demo-regulars"
_FILE = "simulated-regulars.csv"
_INSTANT = "%Y-%m-%d %H:%M:%S.%f"
_COLUMNS = ("hall", "visit", "issued_at", "customer", "business", "is_peak", "is_remote")
_YES, _NO = "yes", "no"
OFTEN, SOMETIMES = 9, 14  # how many come often, and how many now and then
_TIMES_OFTEN, _TIMES_SOMETIMES = (8, 15), (2, 6)  # at least, less than
_MOSTLY = ("pay", "plan", "")  # the class of business that each third of those who come often mostly wants; "": any
_STICKS = 0.75  # with which chance a visit is for that
_ON_PHONE = 0.15
_CALM = 2  # every second of them keeps away from busy hours


@dataclass(frozen=True, slots=True)
class PastVisit:
    """A served visit of a hall's past: its number, the business by name, when the number was taken (the hall's wall time)."""

    ticket: str
    business: str
    local: dt.datetime


def _fold(log: ir.Table) -> ir.Table:
    return log.select(
        hall=log.hall, business_day=log.issued_at_local.date(), visit=log.visit, customer=log.customer, business=log.business,
        is_peak=log.is_peak == _YES, is_remote=log.is_remote == _YES,
    ).cast({"business_day": ibis.dtype("date")})  # fmt: skip


_LOG = LogShape(
    name="known_visits",
    fields=(
        LogField("hall", FieldKind.TEXT, is_required=True),
        LogField("visit", FieldKind.TEXT, is_required=True),
        LogField("issued_at", FieldKind.INSTANT, is_required=True),
        LogField("customer", FieldKind.TEXT, is_required=True),
        LogField("business", FieldKind.TEXT),
        LogField("is_peak", FieldKind.CHOICE, choices=(_YES, _NO)),
        LogField("is_remote", FieldKind.CHOICE, choices=(_YES, _NO)),
    ),
    anchor="issued_at",
    chains=(),
    main=(KNOWN_VISITS, _fold),
)


def bring_the_regulars(visits: Mapping[str, Sequence[PastVisit]]) -> int:
    """Let known customers have been some of the visits of each hall, once; return how many visits got a customer."""
    halls = Hall.objects.select_related("unit").in_bulk(list(visits), field_name="code")
    lines = [line for code, some in visits.items() for line in _lines(halls[code], some)]
    if not lines:
        return 0
    with tempfile.TemporaryDirectory(prefix="yingting-") as folder:
        path = Path(folder) / _FILE
        with path.open("w", encoding="utf-8", newline="") as file:
            written = csv.DictWriter(file, _COLUMNS)
            written.writeheader()
            written.writerows(lines)
        order = ImportOrder(path, _LOG, _mapping(), system_now(), known_halls=set(visits), file_name=_FILE)
        return take_log(lake=lake_with(KNOWN_VISITS), order=order, actor=SYSTEM).taken


def _lines(hall: Hall, visits: Sequence[PastVisit]) -> Iterator[dict[str, Any]]:
    rows = BusinessType.objects.values_list("name", "business_class__code", "code")
    codes = {name: (kind, f"{kind}/{code}") for name, kind, code in rows}
    dice = np.random.default_rng([SEED, sum(map(ord, hall.code))])
    by_day: dict[dt.date, list[PastVisit]] = {}
    for visit in visits:
        by_day.setdefault(visit.local.date(), []).append(visit)
    is_busy = {day: _busy_on(hall, day) for day in by_day}
    for customer, wanted, times, is_calm in _comers(hall, dice):
        for n in sorted(dice.permutation(len(by_day))[:times]):
            day = sorted(by_day)[int(n)]
            some = [one for one in by_day[day] if not is_calm or not is_busy[day](one.local)] or by_day[day]
            mine = [one for one in some if codes[one.business][0] == wanted] if dice.uniform() < _STICKS else []
            open_ones = mine or some
            visit = open_ones[int(dice.integers(len(open_ones)))]
            by_day[day].remove(visit)
            yield {
                "hall": hall.code, "visit": f"{hall.code}-{day}-{visit.ticket}", "issued_at": visit.local.strftime(_INSTANT),
                "customer": str(customer), "business": codes[visit.business][1],
                "is_peak": _YES if is_busy[day](visit.local) else _NO, "is_remote": _YES if dice.uniform() < _ON_PHONE else _NO,
            }  # fmt: skip


def _busy_on(hall: Hall, day: dt.date) -> Callable[[dt.datetime], bool]:
    """Return what tells of a moment of the day, as wall time, whether the hall is usually busy then."""
    calendar = in_force(CALENDAR, path=hall.unit.path, day=day).rule
    hours, zone = hours_of(hall), ZoneInfo(hall.timezone)
    return lambda local: moment_of(calendar, hours, local.replace(tzinfo=zone)).is_busy


def _comers(hall: Hall, dice: np.random.Generator) -> Iterator[tuple[UUID, str, int, bool]]:
    """Yield who came, the class of business that they mostly wanted, how often, and whether they keep away from busy hours."""
    rows = Customer.objects.filter(unit=hall.unit, state=FileState.ACTIVE, is_company=False, source=DEMO.code)
    people = list(rows.order_by("registered_at", "id").values_list("pk", flat=True))
    for n, customer in enumerate(people[: OFTEN + SOMETIMES]):
        low, high = _TIMES_OFTEN if n < OFTEN else _TIMES_SOMETIMES
        yield customer, _MOSTLY[n % len(_MOSTLY)], int(dice.integers(low, high)), n % _CALM == 1


def _mapping() -> mappings.Mapping:
    lines = []
    for name in _COLUMNS:
        how = f', formats = ["{_INSTANT}"]' if name == "issued_at" else ""
        if name.startswith("is_"):
            how = f', values = {{ {_YES} = "{_YES}", {_NO} = "{_NO}" }}'
        lines.append(f'{name} = {{ column = "{name}"{how} }}')
    return mappings.parse("\n".join(('title = "Simulated regulars of a demo"', "[columns]", *lines)), _LOG, SOURCE)
