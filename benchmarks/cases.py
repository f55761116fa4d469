"""Cases in numbers: due moments made anew, breaches found.

    python benchmarks/cases.py [--database sqlite postgresql] [--parts queue,reckon,overdue] [--open 100000] [--late 20000]

queue     50 handlers at once, each with a pause of seconds between two steps (the mean is said); the queue's page comes in 300 ms
          for 95 of 100. After them a crowd writes into one case without a pause: nothing that was taken is lost, and what was
          refused is not there.

reckon    a day is closed for a whole province: the due moments of the running clocks of 100,000 open cases made anew. Bound in
          the same run: some of the same clocks read and written back in the same pieces, due a second later.
overdue   limits that end at one midnight: from the moment to the last of the breaches, each with its own moment. Bound: a minute.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import cases_load
from house import House, house
from http_load import percentile

SETUP = """
import datetime as dt, json, sys, time, resource
sys.path.insert(0, {benchmarks!r})
from cases_made_up import fill
from yingting.domains.cases.models import Case, Clock
from yingting.foundation.people.models import Person, Role, RoleGrant
from yingting.foundation.sites.models import Unit
from yingting.kernel.clocks import system_now
from yingting.planning.cast import raise_curtain
def tell(**said): print(json.dumps(said))
def peak_mb(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
"""
BARE = 50_000  # clocks read and written for the bound
MADE_UP = """
raise_curtain()
unit, role = Unit.objects.get(code="H01"), Role.objects.get(key="duty_manager")
people = []
for n in range({handlers}):
    person = Person.objects.create(staff_no=f"h{{n:03d}}", name=f"处理{{n}}", unit=unit, password="!")
    RoleGrant.objects.create(person=person, role=role, unit=unit)
    people.append(person)
began = time.perf_counter()
fill({count}, unit.path, people, system_now())
tell(cases=Case.objects.count(), clocks=Clock.objects.filter(is_running=True).count(), seconds=time.perf_counter() - began)
"""
RECKON = """
from django.db import transaction
from yingting.domains.cases.actions.stepping.reckoning import reckon_anew
from yingting.foundation.calendars.rules_of_time import DATES, DatedHours, OwnDates
from yingting.foundation.editing.rulebook.actions import publish_rule
from yingting.foundation.journal.many import update_many
from yingting.foundation.rulebook.models import RuleVersion
from yingting.kernel.actors import SYSTEM
# The bound: some rows read, and the same three columns written, due a second later so that the indexes move too, in the same pieces
# by the same statement; told by the row.
began, last, touched, columns = time.perf_counter(), None, 0, ("due_at", "is_provisional", "next_rung_at")
while touched < {sample}:
    rows = Clock.objects.filter(is_running=True).order_by("pk")
    some = list((rows.filter(pk__gt=last) if last else rows).values_list("pk", *columns)[:5000])
    if not some: break
    with transaction.atomic():
        update_many(Clock, columns, [(pk, due + dt.timedelta(seconds=1), *rest) for pk, due, *rest in some])
    last, touched = some[-1][0], touched + len(some)
bare = time.perf_counter() - began
day = system_now().date() + dt.timedelta(days=2)
closed = DatedHours((OwnDates(day, "停电"),))
publish_rule(DATES, unit=Unit.objects.get(code="GD").pk, rule=closed, valid_from=day, actor=SYSTEM, now=system_now())
RuleVersion.objects.update(valid_from=system_now().date() - dt.timedelta(days=1))
began, cpu = time.perf_counter(), time.process_time()
done = reckon_anew()
tell(touched=done, seconds=time.perf_counter() - began, cpu=time.process_time() - cpu, bare=bare, bare_rows=touched, peak_mb=peak_mb())
"""
OVERDUE = """
from yingting.domains.cases.actions.escalating import look
from yingting.domains.cases.actions.stepping.breaching import give_breaches
from yingting.foundation.journal.models import Fact
from yingting.kernel.actors import SYSTEM
midnight = system_now() - dt.timedelta(seconds=1)
some = Clock.objects.filter(is_running=True, breached_at__isnull=True).values_list("pk", flat=True)[:{late}]
ids = list(some)
for n in range(0, len(ids), 500):
    Clock.objects.filter(pk__in=ids[n:n + 500]).update(due_at=midnight)
waiting = Clock.objects.filter(is_running=True, breached_at__isnull=True, due_at__lte=system_now()).count()
began = time.perf_counter()
found = give_breaches(SYSTEM, system_now())
seconds = time.perf_counter() - began
ours = Clock.objects.filter(pk__in=ids[:500])
assert all(at == midnight for at in ours.values_list("breached_at", flat=True))
assert Fact.objects.filter(kind="clock.breached").count() >= found
tell(waiting=waiting, found=found, seconds=seconds)
"""


def run(built: House, code: str) -> list[dict]:
    head = SETUP.format(benchmarks=str(Path(__file__).resolve().parent))
    return [json.loads(line) for line in built.python(head + code).splitlines() if line.startswith("{")]


def queue(built: House, seconds: float, think_s: float, crowd: int) -> bool:
    (said,) = run(built, cases_load.SEATS)
    built.python(
        "from django.core.management import call_command; call_command('collectstatic', interactive=False, verbosity=0)"
    )
    built.start()
    tally = cases_load.Tally()
    # Until both workers have read their modules and rules.
    asyncio.run(cases_load.work(built.port, said["seats"], 25, 3, tally))
    tally.seconds.clear()
    cpu = built.cpu_s()
    asyncio.run(cases_load.work(built.port, said["seats"], seconds, think_s, tally))
    cpu = built.cpu_s() - cpu
    asyncio.run(cases_load.press(built.port, said["seats"][0], 10, crowd, tally))
    built.stop()
    after = run(built, cases_load.AFTER.format(cases=json.dumps(tally.before)))
    wrong = [row for row in after if not row["counted"] == row["facts"] == row["versions"] == tally.taken[row["case"]]]
    page = percentile(tally.seconds["queue"], 0.95) * 1000
    print(
        f"  queue    {len(said['seats'])} handlers, {think_s:g} s between steps, {seconds:g} s, {cpu / seconds:.2f} cores busy"
    )
    print(f"           {cases_load.told(tally)}")
    print(
        f"           {tally.taken.total():,} writes taken, {tally.refused:,} refused as somebody wrote in between; cases whose count or "
        f"facts differ from that: {len(wrong)} of {len(after)}; other answers: {len(tally.wrong)} {tally.wrong[:3]}"
    )
    return page < 300 and not wrong and not tally.wrong


def reckon(built: House) -> bool:
    (said,) = run(built, RECKON.format(sample=BARE))
    per_row, bare = said["seconds"] / max(said["touched"], 1), said["bare"] / max(said["bare_rows"], 1)
    ratio = per_row / bare
    print(
        f"  reckon   {said['touched']:,} clocks in {said['seconds']:.0f} s ({said['cpu']:.0f} s CPU), peak {said['peak_mb']} MB; "
        f"{per_row * 1e6:.0f} µs each; only read and written {bare * 1e6:.0f} µs each (of {said['bare_rows']:,}): ratio {ratio:.2f}"
    )
    return ratio < 6


def overdue(built: House, late: int) -> bool:
    (said,) = run(built, OVERDUE.format(late=late))
    print(f"  overdue  {said['found']:,} breaches of {said['waiting']:,} in {said['seconds']:.1f} s (at most 60)")
    return said["found"] == said["waiting"] and said["seconds"] < 60


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), nargs="*", default=["postgresql", "sqlite"])
    parser.add_argument("--parts", default="queue,reckon,overdue")
    parser.add_argument("--open", type=int, default=100_000)
    parser.add_argument("--late", type=int, default=20_000)
    parser.add_argument("--handlers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=10, help="seconds between two steps of a handler, the mean")
    parser.add_argument("--crowd", type=int, default=8, help="browsers that write into one case without a pause")
    options = parser.parse_args()
    kept = []
    for database in options.database:
        with house(database) as built:
            (made,) = run(built, MADE_UP.format(handlers=options.handlers, count=options.open))
            print(
                f"{database}: {made['cases']:,} open cases, {made['clocks']:,} running clocks, made up in {made['seconds']:.0f} s"
            )
            parts = {
                "queue": lambda: queue(built, options.seconds, options.pause, options.crowd),
                "reckon": lambda: reckon(built), "overdue": lambda: overdue(built, options.late),
            }  # fmt: skip
            kept += [parts[part]() for part in options.parts.split(",")]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
