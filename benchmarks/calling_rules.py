"""Call-next by edited rules against the shipped order, in the same run: 200 waiting, 12 queues, 20 rules.

    python benchmarks/calling_rules.py [--rounds 8] [--databases sqlite,postgresql] [--most 1.5]

CPU milliseconds of one call over HTTP as a counter makes it (server and database processes), in blocks of 80 calls at 80
counters that alternate between the two rule sets on the same line; it is put back between blocks, so 240 to 160 wait. Beside it
the bare action without HTTP, in one process (with its database backend). Exits with 1 when the ratio over HTTP is above `--most`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CALLS, WAITING, LETTERS = 80, 240, "ABCDEFGHIJKL"


def main() -> int:
    from house import SEED, house

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--most", type=float, default=1.5)
    options = parser.parse_args()
    print("database    way     shipped CPU ms  edited CPU ms  ratio", flush=True)
    worst = 0.0
    for database in options.databases.split(","):
        with house(database) as built:
            built.seed = json.loads(built.python(SEED.format(counters=CALLS + 1)))
            in_house(built, f"put_line(); print(json.dumps(bare({options.rounds})))", database, "action")
            worst = max(worst, over_http(built, options.rounds, database))
    return int(worst > options.most)


def in_house(built, code: str, *show: str) -> None:
    """Run code of this module in a process of the house; with `show`, print the figures that it prints."""
    here = str(Path(__file__).parent)
    answer = built.python(f"import json, sys; sys.path.insert(0, {here!r})\nfrom calling_rules import *\n{code}")
    if show:
        report(*show, *json.loads(answer))


def report(database: str, way: str, shipped: float, edited: float) -> float:
    print(f"{database:<11} {way:<7} {shipped:>14.2f} {edited:>14.2f} {edited / shipped:>6.2f}", flush=True)
    return edited / shipped


def over_http(built, rounds: int, database: str) -> float:
    """CPU of server and database per call; the ratio."""
    built.start(workers=1)
    spent = [0.0, 0.0]
    for turn in range(2 * rounds):
        in_house(built, f"put_back(); publish({bool(turn % 2)})")
        spent[turn % 2] += asyncio.run(_block(built))
    built.stop()
    return report(database, "HTTP", *(1000 * seconds / (rounds * CALLS) for seconds in spent))


async def _block(built) -> float:
    from http_load import Caller

    callers = [Caller("127.0.0.1", built.port, seat["token"], {}) for seat in built.seed["seats"]]
    for caller in callers:
        await caller.open()

    async def call(n: int) -> None:
        seat = built.seed["seats"][n]
        path = f"/api/v1/halls/{built.seed['hall']}/sessions/{seat['session']}/call"
        status, answer = await callers[n].post("call", path, key=str(uuid.uuid4()))
        assert status == 200, answer

    await call(CALLS)  # the server reads the hall's setup anew
    for caller, seat in zip(callers, built.seed["seats"], strict=True):  # and who holds which token
        await caller.post("start", f"/api/v1/halls/{built.seed['hall']}/tickets/{seat['session']}/start")
    before = built.cpu_s()
    for n in range(CALLS):
        await call(n)
    spent = built.cpu_s() - before
    for caller in callers:
        caller.close()
    return spent


def twenty_rules():
    """Conditions on the line, the clock and the mode that mostly do not hold, and at the end two that always do."""
    import datetime as dt

    from yingting.domains.queueing.rules.calling import CallingRule, CallingRules, Take, When

    many = [CallingRule(f"many {n}", when=When.WAITING, at_least=40 + n, queues=(LETTERS[n],)) for n in range(8)]
    long = [CallingRule(f"long {n}", when=When.LONGEST, at_least=60 + n, queues=(LETTERS[n],)) for n in range(5)]
    hours = [
        CallingRule(f"hour {n}", when=When.TIME, starts=dt.time(0), ends=dt.time(0, 0, 1), queues=("A", "B"))
        for n in range(3)
    ]
    forced = [CallingRule(f"forced {n}", when=When.FORCED, queues=("C",)) for n in range(2)]
    last = [
        CallingRule("mix", take=Take.RATIO, ratio="A:2 B:1 C:1 D:1"),
        CallingRule("rest", queues=tuple("EFGH"), take=Take.PRIORITY),
    ]
    return CallingRules(max_wait_min=60, rules=(*many, *long, *hours, *forced, *last))


def put_line() -> None:
    """Twelve queues and those who wait in them, some in the care lane and some star customers."""
    import datetime as dt

    from yingting.domains.queueing.models import HallDay, Queue, Ticket
    from yingting.domains.queueing.queries.setup import fresh_setup, hall_now
    from yingting.foundation.sites.models import Hall

    hall = Hall.objects.get(code="H01")
    Queue.objects.bulk_create(
        Queue(hall=hall, letter=letter, name=letter, position=10 + n) for n, letter in enumerate(LETTERS[3:])
    )
    Hall.objects.filter(pk=hall.pk).update(config_version=hall.config_version + 1)
    setup, now = fresh_setup(hall.pk), hall_now(hall.pk)
    day, kinds, queues = setup.day(now), list(setup.priorities.values()), list(setup.queues)
    HallDay.objects.get_or_create(hall=hall, business_day=day, defaults={"opened_at": now})
    normal = next(kind for kind in kinds if kind.is_default)
    rows = []
    for n in range(WAITING):
        kind = kinds[0] if n % 40 == 0 else kinds[1] if n % 7 == 0 else normal
        at = now - dt.timedelta(seconds=8 * (WAITING - n))
        rows.append(
            Ticket(
                hall=hall, business_day=day, number=f"{LETTERS[n % 12]}{n:03}", channel="api", queue_id=queues[n % 12],
                business_id=next(iter(setup.businesses)), priority_id=kind.id, tier=kind.tier, issued_at=at, queued_at=at,
                changed_at=at, rank_at=at - dt.timedelta(minutes=kind.head_start_min), expected_s=90, quoted_ahead=0,
            )
        )  # fmt: skip
    Ticket.objects.bulk_create(rows)


def put_back() -> None:
    """Everybody waits again, the counters are free."""
    from django.db import connection

    from yingting.domains.queueing.models import CounterSession, Ticket

    CounterSession.objects.update(ticket=None)
    Ticket.objects.exclude(state="waiting").update(state="waiting", counter=None, session=None)
    if connection.vendor == "postgresql":  # as autovacuum does in a hall, where a line changes slower
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE queueing_ticket, queueing_countersession")


def publish(edited: bool) -> None:
    """Put the twenty rules, or the shipped ones, in force."""
    from yingting.domains.queueing.queries.calling_rules import CALLING
    from yingting.domains.queueing.queries.setup import fresh_setup, hall_now
    from yingting.foundation.editing.rulebook.actions import publish_rule
    from yingting.foundation.people.access import actor_for_person
    from yingting.foundation.people.models import Person
    from yingting.foundation.sites.models import Hall

    hall = Hall.objects.get(code="H01")
    now = hall_now(hall.pk)
    rule, day = twenty_rules() if edited else CALLING.shipped, fresh_setup(hall.pk).day(now)
    actor = actor_for_person(Person.objects.get(staff_no="9901"))
    publish_rule(CALLING, unit=hall.unit_id, rule=rule, valid_from=day, actor=actor, now=now)


def bare(rounds: int) -> list[float]:
    """Mean CPU milliseconds of the action alone: [shipped, edited]."""
    from dataclasses import replace

    import psutil
    from django.db import connection

    from yingting.domains.queueing.actions.calling import call_next
    from yingting.domains.queueing.models import CounterSession
    from yingting.domains.queueing.queries import setup as setups
    from yingting.domains.queueing.queries.calling_rules import day_rules
    from yingting.foundation.people.access import actor_for_person
    from yingting.foundation.sites.models import Hall

    hall = Hall.objects.get(code="H01").pk
    now = setups.hall_now(hall)
    shipped = setups.fresh_setup(hall)
    numbers = {counter.id: counter.number for counter in shipped.counters.values()}
    kept = (shipped, replace(shipped, calling=day_rules(twenty_rules(), 1, numbers).counters, calling_book=1))
    seats = [
        (session.pk, session.counter_id, actor_for_person(session.clerk))
        for session in CounterSession.objects.select_related("clerk")[:CALLS]
    ]
    backend = None
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend = psutil.Process(cursor.fetchone()[0])

    def cpu() -> float:
        times = backend.cpu_times() if backend else None
        return time.process_time() + (times.user + times.system if times else 0.0)

    aside = ThreadPoolExecutor(1)  # a connection of its own, whose CPU is not counted
    spent = [0.0, 0.0]
    for turn in range(-2, 2 * rounds):
        setups._setups[hall] = kept[turn % 2]
        aside.submit(put_back).result()
        before = cpu()
        for session, counter, actor in seats:
            call_next(hall=hall, session=session, counter=counter, actor=actor, now=now, skills=frozenset())
        if turn >= 0:  # the first block of each warms up
            spent[turn % 2] += cpu() - before
    aside.submit(put_back).result()
    return [1000 * seconds / (rounds * len(seats)) for seconds in spent]


if __name__ == "__main__":
    sys.exit(main())
