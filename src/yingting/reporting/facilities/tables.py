"""The fact tables of a hall's facilities, folded from the register's history and the hours of a day.

    device_time  a row for each device and day: how long it was due to work, and in which state it was meanwhile
    repairs      a row for each repair, on the day on which the device worked again
    crowds       a row for each day with customers: the seats, and the most who waited at once

Pure: plain values in, plain rows out. What happened between two days (a night, a Sunday) is no time due, but a device that
broke in the evening is still broken in the morning.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from yingting.foundation.catalogue.models import EquipmentState
from yingting.indicators.fact_tables import FactTable
from yingting.kernel.clocks import business_day, elapsed_s, local_instant
from yingting.kernel.hours import OpeningHours

FOLD_VERSION = 1  # another number makes every day be folded anew
INSTANT = pa.timestamp("us", tz="UTC")
Row = dict[str, Any]
Span = tuple[dt.datetime, dt.datetime]

DEVICE_TIME = FactTable(
    name="device_time",
    key="device_day",
    schema=pa.schema(
        [
            ("hall", pa.string()),
            ("business_day", pa.date32()),
            ("device_day", pa.string()),
            ("device_id", pa.string()),
            ("device", pa.string()),  # its name on the day it was counted
            ("device_kind", pa.string()),
            ("due_s", pa.float64()),  # the hall was open, and the device in the register
            ("worked_s", pa.float64()),
            ("broken_s", pa.float64()),
            ("off_s", pa.float64()),
        ]
    ),
)
REPAIRS = FactTable(
    name="repairs",
    key="repair",
    schema=pa.schema(
        [
            ("hall", pa.string()),
            ("business_day", pa.date32()),  # on which it worked again
            ("repair", pa.string()),
            ("device_id", pa.string()),
            ("device", pa.string()),
            ("device_kind", pa.string()),
            ("reason", pa.string()),
            ("broken_at", INSTANT),
            ("repaired_at", INSTANT),
            ("repair_s", pa.float64()),  # by the clock, nights too
        ]
    ),
)
CROWDS = FactTable(
    name="crowds",
    key="hall_day",
    schema=pa.schema(
        [
            ("hall", pa.string()),
            ("business_day", pa.date32()),
            ("hall_day", pa.string()),
            ("seats", pa.int32()),  # null: nobody has counted them
            ("most_waiting", pa.int32()),
        ]
    ),
)
TABLES = (DEVICE_TIME, REPAIRS, CROWDS)


@dataclass(frozen=True, slots=True)
class Change:
    """A change in the register: the fields that differ, before ({} when the device was entered) and after."""

    at: dt.datetime
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Device:
    """A device as it is now, and its changes in the order in which they were written."""

    id: str
    name: str
    kind: str
    state: str
    is_active: bool = True
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in one state; "" is outside the register: not yet entered, or taken out of use."""

    since: dt.datetime
    until: dt.datetime
    state: str
    reason: str = ""


_EVER, _NEVER = dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC)


def stretches(device: Device) -> Iterator[Stretch]:
    """Yield the states of a device one after the other, without gaps. What is written later is never earlier.

    >>> nine = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
    >>> hour = dt.timedelta(hours=1)
    >>> broke = Change(nine, {"state": "working"}, {"state": "broken", "state_reason": "paper"})
    >>> [(one.state, one.reason) for one in stretches(Device("1", "Kiosk", "payment", "broken", changes=(broke,)))]
    [('working', ''), ('broken', 'paper')]
    """
    state, is_active = _at_first(device, "state", device.state), _at_first(device, "is_active", device.is_active)
    since, reason = _EVER, ""
    for change in device.changes:
        if not {"state", "is_active"} & change.after.keys():
            continue
        at = max(since, change.at)
        yield Stretch(since, at, state if is_active else "", reason)
        state, is_active = change.after.get("state", state), change.after.get("is_active", is_active)
        since, reason = at, change.after.get("state_reason", reason)
    yield Stretch(since, _NEVER, state if is_active else "", reason)


def _at_first(device: Device, name: str, now: Any) -> Any:
    """What a field was before its first change: as it is now if it never changed, and nothing before the device was entered."""
    return next((change.before.get(name, "") for change in device.changes if name in change.after), now)


def open_spans(hours: OpeningHours, timezone: str, day: dt.date, until: dt.datetime) -> list[Span]:
    """Return the open times of a day as instants, up to `until`."""
    spans = (tuple(local_instant(day, time, timezone) for time in (span.opens, span.closes)) for span in hours.on(day))
    return [(opens, min(closes, until)) for opens, closes in spans if opens < until]


def device_rows(hall: str, day: dt.date, devices: Iterable[Device], opened: Sequence[Span]) -> list[Row]:
    """Return a row for each device that was due to work while the hall was open."""
    rows = []
    for device in devices:
        seconds = dict.fromkeys(("", *EquipmentState.values), 0.0)
        for one in stretches(device):
            seconds[one.state] += sum(
                elapsed_s(max(since, one.since), min(until, one.until)) for since, until in opened
            )
        spent = {state: seconds[state] for state in EquipmentState.values}
        if any(spent.values()):
            rows.append(
                _of(hall, day, device) | {
                    "device_day": f"{device.id}/{day}", "due_s": sum(spent.values()), "worked_s": spent["working"],
                    "broken_s": spent["broken"], "off_s": spent["off"],
                }
            )  # fmt: skip
    return rows


def repair_rows(hall: str, day: dt.date, devices: Iterable[Device], timezone: str) -> list[Row]:
    """Return a row for each device that worked again on this day. Being switched off in between belongs to the repair."""
    return [
        _of(hall, day, device) | {
            "repair": f"{device.id}/{broke.since.isoformat()}", "reason": broke.reason, "broken_at": broke.since,
            "repaired_at": at, "repair_s": elapsed_s(broke.since, at),
        }
        for device in devices for broke, at in _repairs(device) if business_day(at, timezone) == day
    ]  # fmt: skip


def _repairs(device: Device) -> Iterator[tuple[Stretch, dt.datetime]]:
    broke: Stretch | None = None
    for one in stretches(device):
        if one.state == EquipmentState.BROKEN:
            # When a device that was broken ever since broke is not known, so how long it took neither.
            broke = broke or (one if one.since > _EVER else None)
        elif one.state != EquipmentState.OFF:
            if broke is not None and one.state == EquipmentState.WORKING:
                yield broke, one.since
            broke = None


def _of(hall: str, day: dt.date, device: Device) -> Row:
    return {
        "hall": hall, "business_day": day, "device_id": device.id, "device": device.name, "device_kind": device.kind,
    }  # fmt: skip
