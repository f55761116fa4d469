"""Call-next by edited rules against the shipped order, in the same run: 200 waiting, 12 queues, 20 rules.

    python benchmarks/calling_rules.py [--rounds 12] [--databases sqlite,postgresql] [--most 1.5]

CPU milliseconds of one `call_next`, this process and its database backend together, without HTTP (which would only make the
two look more alike). Blocks of 40 calls at 40 counters alternate between the two rule sets on the same line, which is put back
between blocks: from 220 who wait down to 180. Exits with 1 when the ratio is above `--most`.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CALLS, WAITING, LETTERS = 40, 220, "ABCDEFGHIJKL"


def main() -> int:
    from house import SEED, house

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--most", type=float, default=1.5)
    options = parser.parse_args()
    print("database    shipped CPU ms  edited CPU ms  ratio  rules that chose", flush=True)
    worst = 0.0
    for database in options.databases.split(","):
        with house(database) as built:
            built.python(SEED.format(counters=CALLS))
            here = str(Path(__file__).parent)
            code = f"import sys; sys.path.insert(0, {here!r})\nimport calling_rules; calling_rules.measure({options.rounds})"
            shipped, edited, chose = json.loads(built.python(code))
        worst = max(worst, edited / shipped)
        print(f"{database:<11} {shipped:>14.2f} {edited:>14.2f} {edited / shipped:>6.2f}  {chose}", flush=True)
    return int(worst > options.most)


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


def measure(rounds: int) -> None:
    """Print [shipped, edited, rules that chose]: mean CPU milliseconds of a call."""
    import datetime as dt
    from collections import Counter
    from dataclasses import replace

    import psutil
    from django.db import connection

    from yingting.domains.queueing.actions.calling import call_next
    from yingting.domains.queueing.models import CounterSession, Queue, Ticket
    from yingting.domains.queueing.queries import setup as setups
    from yingting.domains.queueing.queries.calling_rules import day_rules
    from yingting.foundation.people.access import actor_for_person
    from yingting.foundation.sites.models import Hall

    hall = Hall.objects.get(code="H01")
    Queue.objects.bulk_create(
        Queue(hall=hall, letter=letter, name=f"{letter}", position=10 + n) for n, letter in enumerate(LETTERS[3:])
    )
    Hall.objects.filter(pk=hall.pk).update(config_version=hall.config_version + 1)
    now = setups.hall_now(hall.pk)
    shipped = setups.on_day(setups.fresh_setup(hall.pk), setups.fresh_setup(hall.pk).day(now))
    numbers = {counter.id: counter.number for counter in shipped.counters.values()}
    edited = replace(shipped, calling=day_rules(twenty_rules(), 1, numbers).counters, calling_book=1)
    kinds, queues = list(shipped.priorities.values()), list(shipped.queues)
    normal = next(kind for kind in kinds if kind.is_default)
    rows = []
    for n in range(WAITING):
        kind = kinds[0] if n % 40 == 0 else kinds[1] if n % 7 == 0 else normal
        at = now - dt.timedelta(seconds=8 * (WAITING - n))
        rows.append(
            Ticket(
                hall=hall, business_day=shipped.day(now), number=f"{LETTERS[n % 12]}{n:03}", channel="api", queue_id=queues[n % 12],
                business_id=next(iter(shipped.businesses)), priority_id=kind.id, tier=kind.tier, issued_at=at, queued_at=at,
                changed_at=at, rank_at=at - dt.timedelta(minutes=kind.head_start_min), expected_s=90, quoted_ahead=0,
            )
        )  # fmt: skip
    Ticket.objects.bulk_create(rows)
    seats = [
        (session.pk, session.counter_id, actor_for_person(session.clerk))
        for session in CounterSession.objects.select_related("clerk")
    ]
    backend = None
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            cursor.execute("SELECT pg_backend_pid()")
            backend = psutil.Process(cursor.fetchone()[0])

    def cpu() -> float:
        times = backend.cpu_times() if backend else None
        return time.process_time() + (times.user + times.system if times else 0.0)

    def put_back() -> None:
        CounterSession.objects.update(ticket=None)
        Ticket.objects.exclude(state="waiting").update(state="waiting", counter=None, session=None)

    aside = ThreadPoolExecutor(1)  # a connection of its own, whose CPU is not counted
    spent, chose = {"shipped": 0.0, "edited": 0.0}, Counter()
    for turn in range(-2, 2 * rounds):
        name, kept = (("shipped", shipped), ("edited", edited))[turn % 2]
        setups._setups[hall.pk] = kept
        before = cpu()
        rules = [
            call_next(hall=hall.pk, session=session, counter=counter, actor=actor, now=now, skills=frozenset(), request_key=None).rule
            for session, counter, actor in seats
        ]  # fmt: skip
        if turn >= 0:  # the first block of each warms up
            spent[name] += cpu() - before
            chose.update(rules if name == "edited" else ())
        aside.submit(put_back).result()
    per_call = {name: 1000 * seconds / (rounds * len(seats)) for name, seconds in spent.items()}
    print(json.dumps([per_call["shipped"], per_call["edited"], dict(chose)]))


if __name__ == "__main__":
    sys.exit(main())
