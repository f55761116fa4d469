"""From the journal into the lake: fill from a journal of made-up tickets, then again after 1,000 new facts. Prints JSON.

Runs in a house's environment (see house.py). The bound reads the same facts by the bare driver and parses their JSON.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import sys
import time
import uuid
from collections.abc import Iterator

import django

TICKETS_A_DAY = 139  # 100 million visits a year over 2,000 halls
FACTS_A_TICKET = 4
DAYS = 250
COLUMNS = (
    "kind", "subject", "version", "hall", "business_day", "actor_kind", "actor_label", "occurred_at", "recorded_at",
    "schema", "data",
)  # fmt: skip


def _tickets(hall: uuid.UUID, day: dt.date, tickets: int, names: dict[str, str]) -> Iterator[tuple]:
    opens = dt.datetime.combine(day, dt.time(0, 30), dt.UTC)
    for number in range(tickets):
        subject = uuid.UUID(int=random.getrandbits(128)).hex
        at = opens + dt.timedelta(seconds=number * 32_000 / tickets)
        session, handling, clerk = (str(uuid.UUID(int=random.getrandbits(128))) for _ in range(3))
        place = {"counter": names["counter"], "session": session, "clerk": clerk}
        facts = (
            ("ticket.issued", {
                "number": f"A{number:03d}", "channel": "kiosk", "queue": names["queue"], "business": names["business"],
                "priority": names["priority"], "tier": 1, "rank_at": at.isoformat(), "expected_s": 300,
                "quoted_ahead": 3, "quoted_low_min": 4, "quoted_high_min": 9,
            }),
            ("ticket.called", place | {"queue": names["queue"], "waited_s": 412.5, "rule": "order", "book": 0, "told": {}}),
            ("ticket.started", place | {
                "handling": handling, "businesses": [names["business"]], "business_kind": "single", "limit_min": 3,
                "way_s": 21.5,
            }),
            ("ticket.finished", {"handling": handling, "handled_s": 150.0}),
        )  # fmt: skip
        for version, (kind, data) in enumerate(facts, start=1):
            when = at + dt.timedelta(seconds=random.uniform(100, 200) * (version - 1))
            yield (kind, subject, version, hall.hex, str(day), "system", "bench", f"{when:%Y-%m-%d %H:%M:%S.%f}",
                   f"{when:%Y-%m-%d %H:%M:%S.%f}", 1, json.dumps(data))  # fmt: skip


def main(facts: int) -> None:
    django.setup()
    from django.db import connection, transaction

    from yingting.domains.queueing.evidence import SHELF
    from yingting.foundation.journal.models import Fact
    from yingting.foundation.sites.models import Hall, Unit, UnitLevel
    from yingting.kernel.clocks import system_now

    names = {name: str(uuid.uuid4()) for name in ("queue", "business", "priority", "counter")}
    halls = []
    a_day = TICKETS_A_DAY * FACTS_A_TICKET
    for number in range(max(1, round(facts / a_day / DAYS))):
        code = f"B{number:04d}"
        unit = Unit.objects.create(level=UnitLevel.HALL, code=code, path=f"{code}/", name=code)
        halls.append(Hall.objects.create(unit=unit, code=code).pk)
    first = dt.date(2025, 1, 1)
    days = [first + dt.timedelta(days=n) for n in range(max(1, min(DAYS, round(facts / a_day / len(halls)))))]
    # Bulk insertion of what record() writes, row by row, in the live house.
    marks = ", ".join(["%s"] * len(COLUMNS))
    insert = f"INSERT INTO {Fact._meta.db_table} ({', '.join(COLUMNS)}) VALUES ({marks})"
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for day in days:
            for hall in halls:
                cursor.executemany(insert, list(_tickets(hall, day, TICKETS_A_DAY, names)))
    wrote = time.perf_counter() - began
    total = len(days) * len(halls) * a_day

    began = time.perf_counter()
    rows = 0
    with connection.cursor() as cursor:
        read = (
            f"SELECT subject, version, occurred_at, data FROM {Fact._meta.db_table} WHERE hall=%s AND business_day=%s"
        )
        for hall in halls:
            for day in days:
                cursor.execute(f"{read} ORDER BY subject, version", [hall.hex, str(day)])
                rows += sum(1 for row in cursor.fetchall() if json.loads(row[3]))
    bound = time.perf_counter() - began
    assert rows == total

    began, cpu = time.perf_counter(), time.process_time()
    done = SHELF.fill(system_now())
    filled, filled_cpu = time.perf_counter() - began, time.process_time() - cpu
    assert done.written == len(days) * len(halls), done
    again = []
    for _ in range(3):
        more = [fact for hall in halls[:5] for fact in _tickets(hall, days[-1], 250 // len(halls[:5]), names)]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(insert, more)
        began = time.perf_counter()
        assert SHELF.fill(system_now()).written == len(halls[:5])
        again.append((len(more), time.perf_counter() - began))
    began = time.perf_counter()
    assert SHELF.fill(system_now()).written == 0
    print(json.dumps({
        "facts": total, "days": len(days) * len(halls), "inserted_s": wrote, "bound_s": bound, "fill_s": filled, "fill_cpu": filled_cpu,
        "again": again, "nothing_new_s": time.perf_counter() - began,
    }))  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]))
