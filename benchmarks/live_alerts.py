"""Live alerts on indicators measured: how fresh the running day is, and what a look costs.

    python benchmarks/live_alerts.py [--halls 1 2000] [--tickets 139]

For each number of halls a house of its own on SQLite with a running day of made-up tickets in every hall: the worker's fill
after halls had one more ticket, a look while all keep their limit, and looks that raise and hold an alert in every hall.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import os
import sys
import tempfile
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingting.web.settings")

REFILLED = 200


def timed(text: str, run):
    began, cpu = time.perf_counter(), time.process_time()
    result = run()
    print(f"  {text}: {time.perf_counter() - began:.2f} s, CPU {time.process_time() - cpu:.2f} s", flush=True)
    return result


def measure(halls: int, tickets: int) -> None:
    os.environ["YINGTING_DATA_DIR"] = tempfile.mkdtemp(prefix="yingting-bench-")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction
    from evidence_journal import COLUMNS, _tickets

    from yingting.foundation.alerting import jobs, links, rules_in_force
    from yingting.foundation.alerting.rules import Span
    from yingting.foundation.journal.models import Fact
    from yingting.foundation.lake.keeping import follow_the_journal
    from yingting.foundation.sites.models import Hall, Unit, UnitLevel
    from yingting.kernel.clocks import business_day, system_now

    call_command("migrate", verbosity=0)
    day = business_day(system_now(), "Asia/Shanghai")
    names = {name: str(uuid.uuid4()) for name in ("queue", "business", "priority", "counter")}
    ids = []
    with transaction.atomic():
        for number in range(halls):
            code = f"B{number:04d}"
            unit = Unit.objects.create(level=UnitLevel.HALL, code=code, path=f"P/{code}/", name=code)
            ids.append(Hall.objects.create(unit=unit, code=code).pk)
    links.tell_open_days_by(lambda: [(hall, day) for hall in ids])
    insert = f"INSERT INTO {Fact._meta.db_table} ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"

    def put(count: int, some: list) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for hall in some:
                cursor.executemany(insert, list(_tickets(hall, day, count, names)))

    def later() -> dt.datetime:
        return system_now() + dt.timedelta(seconds=3)  # facts wait two seconds until they count

    def judge(limit_min: float, span: Span) -> None:
        shipped, *rest = rules_in_force.SHIPPED.watches
        eager = dataclasses.replace(
            shipped, against=rules_in_force.Against.VALUE, value=limit_min, hold_min=0, minimum=1, span=span
        )
        object.__setattr__(rules_in_force.ALERTS, "shipped", rules_in_force.AlertsRule((eager, *rest)))
        jobs._looked_at.clear()

    print(f"{halls} halls, {tickets} tickets each so far")
    put(tickets, ids)
    timed("first fill of the day", lambda: follow_the_journal(later()))
    some = ids[:REFILLED]  # what a fill costs depends on the halls that changed alone
    put(1, some)
    timed(f"fill after one more ticket in {len(some)} halls", lambda: follow_the_journal(later()))
    judge(1000, Span.MINUTES)
    timed("first look, all within the limit", jobs.watch_running_days)
    jobs._looked_at.clear()
    timed("a look, all within the limit", jobs.watch_running_days)
    timed("a turn without news", jobs.watch_running_days)
    judge(0, Span.TODAY)  # at whatever hour this runs, the day has cases
    raised = timed("a look that raises an alert in every hall", jobs.watch_running_days)
    jobs._looked_at.clear()
    timed(f"a look at {len(raised)} open alerts", jobs.watch_running_days)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--halls", type=int, nargs="+", default=[1, 2000])
    parser.add_argument("--tickets", type=int, default=139)
    asked = parser.parse_args()
    if len(asked.halls) == 1:
        measure(asked.halls[0], asked.tickets)
    else:  # each in a process of its own: Django is set up once
        for halls in asked.halls:
            os.spawnv(
                os.P_WAIT,
                sys.executable,
                [sys.executable, *sys.argv[:1], "--halls", str(halls), "--tickets", str(asked.tickets)],
            )
