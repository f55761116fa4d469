"""Rows of every fact table, folded from seeded random days of a few halls."""

import datetime as dt

from yingting.domains.appointments.tables import TABLES as APPOINTMENTS
from yingting.domains.appointments.tests import by_hand as appointments
from yingting.domains.cases.tables import TABLES as CASES
from yingting.domains.cases.tests.random_rows import random_rows
from yingting.domains.peaks.tables import fold_alerts
from yingting.domains.queueing.tables import TABLES, Labels, fold_day
from yingting.domains.queueing.tests.journals import MONDAY, Day, random_steps, to_the_minute
from yingting.domains.relations.tables import TABLES as RELATIONS
from yingting.domains.relations.tests import by_hand as relations
from yingting.domains.voices.tables import TABLES as VOICES
from yingting.domains.voices.tests import by_hand as voices
from yingting.reporting.channels.tables import fold_ways
from yingting.reporting.facilities.tables import TABLES as FACILITIES
from yingting.reporting.facilities.tests.histories import day_rows, random_device

HALLS = ("H01", "H02")
MORNING = dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC)


def rows_of_days(random, days=3, length=120):
    """Return rows by table name: `days` days of each hall, up to `length` steps long, a week apart."""
    rows = {table.name: [] for table in (*TABLES, *FACILITIES, *CASES, *VOICES, *APPOINTMENTS, *RELATIONS)} | {
        "ways": [],
        "alerts": [],
        "recommendations": [],
        "assists": [],
    }
    for place in range(days):
        day = MONDAY + dt.timedelta(days=7 * place)
        for hall in HALLS:
            walked = Day(f"{hall}-{place}-", day).walk(random_steps(random.random(), random.randrange(length + 1)))
            folded = fold_day((walked.end() if place else walked).facts(), Labels(hall, "Asia/Shanghai"))
            for table in TABLES:
                rows[table.name] += getattr(folded, table.name)
            rows["ways"] += fold_ways(_facts_of_ways(random, day, length // 8), hall, {})
            rows["alerts"] += fold_alerts(_facts_of_alerts(random, day, length // 12), hall)
            rows["recommendations"] += _recommendations(random, hall, day, length // 4)
            rows["assists"].append(
                {
                    "hall": hall, "business_day": day, "hall_day": f"{hall}/{day}", "kiosk_tickets": length // 2,
                    "assisted": min(place + 2, length // 2),
                }
            )  # fmt: skip
            _facilities(rows, random, hall, day, length // 20)
    to_the_minute(rows)
    for visit in rows["visits"]:
        visit["customer"] = random.choice((None, "ann", "bob"))
        visit["segment"] = {None: None, "ann": "big", "bob": ""}[visit["customer"]]
    for place in range(days):
        for hall in HALLS:
            day = MONDAY + dt.timedelta(days=7 * place)
            made = random_rows(random, hall, day, length // 6) | voices.random_rows(random, hall, day, length // 6)
            visits = [row for row in rows["visits"] if (row["hall"], row["business_day"]) == (hall, day)]
            made |= appointments.random_rows(random, hall, day, length // 6, visits)
            made |= relations.random_rows(random, hall, day, length // 6)
            for name, some in made.items():
                rows[name] += some
    return rows


def _fact(told, subject, version, day, at, **data):
    return {
        "kind": told, "subject": subject, "version": version, "business_day": day,
        "occurred_at": MORNING + (day - MONDAY) + dt.timedelta(seconds=at), "data": data,
    }  # fmt: skip


def _facts_of_ways(random, day, most):
    facts = []
    for n in range(random.randrange(most + 1)):
        subject, business = f"w{random.random()}", random.choice(("b0", "b1"))
        channel = random.choice(("kiosk", "guide"))
        to = random.choice(("self_service", "online", "roving"))
        kind = random.choice(("steering.accepted", "steering.insisted", "diversion.made", "roving.handled"))
        result = random.choice(("done", "counter", "stopped"))
        facts.append(
            _fact(kind, subject, 1, day, n, business=business, channel=channel, to=to, target=to, result=result)
        )
        if kind == "diversion.made" and random.random() < 0.8:
            facts.append(
                _fact("diversion.ended", subject, 2, day, n, result=random.choice(("done", "back", "refused")))
            )
    return facts


def _facts_of_alerts(random, day, most):
    facts = []
    for n in range(random.randrange(most + 1)):
        subject, version, at = f"a{random.random()}", 1, 60 * n

        def tell(what, after, subject=subject, **data):
            nonlocal version, at
            at += after
            data = {"level": random.randint(1, 3), "act_by": (MORNING + dt.timedelta(seconds=at)).isoformat(), **data}
            facts.append(_fact(f"alert.{what}", subject, version, day, at, **data))
            version += 1

        tell("raised", 0, kind=random.choice(("peak", "peak", "long_wait")))
        for what in ("seen", "acted", "lapsed", "escalated", "lapsed", "acted", "eased"):
            if random.random() < 0.4:
                tell(what, random.randrange(300))
        if random.random() < 0.7:
            tell("ended", random.randrange(300), why="over")
    return facts


def _recommendations(random, hall, day, most):
    return [
        {
            "hall": hall, "business_day": day, "visit": f"v{random.random()}", "ticket": "A001",
            "clerk": random.choice(("1001", "1002")), "stand": random.choice(("required", "optional", "exempt")),
            "is_full": random.random() < 0.5, "is_late": random.random() < 0.3, "entries": 1,
            "offered": (offered := random.randrange(5)), "accepted": random.randint(0, offered),
            "consent": (None, "unknown", "given", "not_asked", "withdrawn")[offered],
        }
        for _ in range(random.randrange(most + 1))
    ]  # fmt: skip


def _facilities(rows, random, hall, day, most):
    devices = [random_device(random, f"{hall}-{day}-{n}", 28) for n in range(random.randrange(most + 1))]
    for later in range(7):
        worked, repairs = day_rows(hall, day + dt.timedelta(days=later), devices)
        rows["device_time"] += worked
        rows["repairs"] += repairs
    if random.random() < 0.8:
        crowd = {"seats": random.choice((None, 0, 4, 24)), "most_waiting": random.randrange(30)}
        rows["crowds"].append({"hall": hall, "business_day": day, "hall_day": f"{hall}/{day}", **crowd})
