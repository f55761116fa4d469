"""Histories of devices drawn at random, as a register writes them, and the days that are counted from them."""

import datetime as dt

from yingting.kernel.hours import Interval, OpeningHours
from yingting.reporting.facilities.tables import Change, Device, device_rows, open_spans, repair_rows

TIMEZONE = "Asia/Shanghai"
MONDAY = dt.date(2026, 1, 5)
LUNCH = (Interval(dt.time(8, 30), dt.time(12)), Interval(dt.time(13), dt.time(18)))
HOURS = OpeningHours(
    dict.fromkeys(range(6), LUNCH), {MONDAY + dt.timedelta(days=2): (Interval(dt.time(10), dt.time(12)),)}
)
MIDNIGHT = dt.datetime(2026, 1, 4, 16, tzinfo=dt.UTC)  # in Shanghai, on the morning of the first Monday
STATES = ("working", "broken", "off")


def random_device(random, number, days):
    """A device with up to a dozen changes over the days, to the minute; some at the same minute, some written by a clock that
    was set back.
    """
    state, is_active, changes = random.choice(STATES), True, []
    minutes = sorted(random.randrange(days * 24 * 60) for _ in range(random.randrange(12)))
    if minutes and random.random() < 0.3:
        entered = {"name": f"d{number}", "kind": "payment", "state": state, "is_active": True, "state_reason": ""}
        changes.append(Change(_at(minutes.pop(0)), {}, entered))
    for minute in minutes:
        roll = random.random()
        if roll < 0.15:
            before, after = {"is_active": is_active}, {"is_active": not is_active}
            is_active = not is_active
        elif roll < 0.25:
            before, after = {"name": "old"}, {"name": "new"}
        else:
            new = random.choice([one for one in STATES if one != state])
            before, after = {"state": state, "state_reason": ""}, {"state": new, "state_reason": f"r{minute}"}
            state = new
        changes.append(Change(_at(minute - (30 if random.random() < 0.1 else 0)), before, after))
    kind = random.choice(("payment", "printer", "smart_client"))
    return Device(f"device-{number}", f"d{number}", kind, state, is_active, tuple(changes))


def _at(minute):
    return MIDNIGHT + dt.timedelta(minutes=minute)


def day_rows(hall, day, devices, until=None, hours=HOURS):
    """Return the rows of a day: (device_time, repairs)."""
    opened = open_spans(hours, TIMEZONE, day, until or MIDNIGHT + dt.timedelta(days=400))
    return device_rows(hall, day, devices, opened), repair_rows(hall, day, devices, TIMEZONE)
