"""Queue operations per second over HTTP, beside the same statements by the bare driver in the same run.

    python benchmarks/queue_ops.py [--seconds 8] [--callers 1,8,16,32] [--databases sqlite,postgresql]

One cycle of a caller is take → call → start → finish: four operations, each with authorisation, rules, state and journal.
The bound runs the same SQL with the same parameters from as many threads in as many processes as the server has, without HTTP
and Django.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import sys
import threading
import time
import uuid

from house import BLOCKING_THREADS, SEED, House, house
from http_load import Caller, percentile

WORKERS = {"sqlite": 2, "postgresql": 2}


async def _caller(caller: Caller, seed: dict, seat: dict, business: str, until: float, counts: dict[str, int]) -> None:
    await caller.open()
    base = f"/api/v1/halls/{seed['hall']}"
    while time.perf_counter() < until:
        status, _ = await caller.post("take", f"{base}/tickets", {"business": business}, key=str(uuid.uuid4()))
        counts[f"take {status}"] = counts.get(f"take {status}", 0) + 1
        status, called = await caller.post("call", f"{base}/sessions/{seat['session']}/call", key=str(uuid.uuid4()))
        counts[f"call {status}"] = counts.get(f"call {status}", 0) + 1
        if status != 200:
            continue
        for step in ("start", "finish"):
            status, _ = await caller.post(step, f"{base}/tickets/{called['id']}/{step}", key=str(uuid.uuid4()))
            counts[f"{step} {status}"] = counts.get(f"{step} {status}", 0) + 1
    caller.close()


async def _load(built: House, callers: int, seconds: float) -> tuple[dict[str, list[float]], dict[str, int], float]:
    latencies: dict[str, list[float]] = {}
    counts: dict[str, int] = {}
    seats = built.seed["seats"][:callers]
    businesses = list(built.seed["businesses"].values())
    began = time.perf_counter()
    await asyncio.gather(
        *(
            _caller(
                Caller("127.0.0.1", built.port, seat["token"], latencies), built.seed, seat, businesses[n % len(businesses)],
                began + seconds, counts,
            )
            for n, seat in enumerate(seats)
        )
    )  # fmt: skip
    return latencies, counts, time.perf_counter() - began


def _bare_worker(env: dict[str, str], seed: dict, seats: list[dict], seconds: float, answer) -> None:
    """The same statements by the driver alone: psycopg or sqlite3, a connection per thread."""
    os.environ.update(env)
    import datetime as dt

    import django

    django.setup()
    import psycopg
    from django.db import connection

    from yingting.domains.queueing import statements
    from yingting.domains.queueing.queries.setup import fresh_setup
    from yingting.domains.queueing.rules.calling import Standing
    from yingting.kernel.ids import new_id, new_short_secret

    setup = fresh_setup(uuid.UUID(seed["hall"]))
    sqlite = connection.vendor == "sqlite"
    s = statements
    texts = s.texts() if not sqlite else {}
    done = []
    businesses = list(setup.businesses.values())
    normal = next(row for row in setup.priorities.values() if row.is_default)

    def run(seat: dict, number: int) -> None:
        business = businesses[number % len(businesses)]
        queue = setup.queues[setup.classes[business.class_id].queue]
        if sqlite:
            execute = None
        else:
            bare = psycopg.connect(env["YINGTING_DATABASE_URL"], autocommit=True, prepare_threshold=3)
            cursor = bare.cursor()

            def execute(text, params):
                cursor.execute(text, params)
                row = cursor.fetchone()
                return dict(zip((c.name for c in cursor.description), row, strict=True)) if row else None

        clerk = uuid.UUID(json.loads(seat_clerks)[seat["session"]])
        operations, until = 0, time.perf_counter() + seconds
        while time.perf_counter() < until:
            now = dt.datetime.now(dt.UTC)
            common = {"hall": setup.id, "config": setup.version, "day": setup.day(now), "now": now, "real_now": now,
                      "actor_kind": "person", "actor": clerk, "actor_label": "bench", "book": 0}  # fmt: skip
            take = common | {
                "letter": queue.letter, "series": new_id(), "id": new_id(), "secret": new_short_secret(), "channel": "api",
                "queue": queue.id, "business": business.id, "priority": normal.id, "tier": 1, "head_start": 0, "rank_at": None,
                "booking": None,
                "expected_s": business.expected_s, "ahead": 0, "low": 0, "high": 1, "by": 1, "verification": "",
                "seen": '{"work_s": 540, "counters": 2, "free": 0, "around": 4, "oldest_s": 120}', "key": str(uuid.uuid4()),
            }  # fmt: skip
            call = common | {
                "session": uuid.UUID(seat["session"]),
                "clerk": clerk,
                "queues": list(setup.queues),
                "key": str(uuid.uuid4()),
            }
            place = Standing(None, queue.letter, 1, 0, now, now, now)
            if sqlite:
                s.outlook(setup, day=take["day"], queue=queue.id, place=place, levels={}, now=now)
                s.take(take)
                row = s.call(call)
            else:
                execute(*s.outlook_words(setup, day=take["day"], queue=queue.id, place=place, levels={}, now=now))
                execute(texts["take"], take)
                row = execute(texts["call"], call)
            operations += 2
            if row["id"] is None:
                continue
            start = common | {"ticket": row["id"], "clerk": clerk, "handling": new_id(), "key": str(uuid.uuid4())}
            end = common | {"ticket": row["id"], "clerk": clerk, "key": str(uuid.uuid4())}
            if sqlite:
                s.start(start), s.finish(end)
            else:
                execute(texts["start"], start), execute(texts["finish"], end)
            operations += 2
        done.append(operations)
        connection.close()

    from yingting.domains.queueing.models import CounterSession

    seat_clerks = json.dumps(
        {str(pk): str(clerk) for pk, clerk in CounterSession.objects.values_list("id", "clerk_id")}
    )
    threads = [threading.Thread(target=run, args=(seat, n)) for n, seat in enumerate(seats)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answer.put(sum(done))


def bare(built: House, callers: int, seconds: float) -> float:
    """Operations per second of the same statements without HTTP, Django's request handling and rules."""
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    seats = built.seed["seats"][:callers]
    shares = [share for share in (seats[0::2], seats[1::2]) if share]
    workers = [
        context.Process(target=_bare_worker, args=(built.env, built.seed, share, seconds, answer)) for share in shares
    ]
    for worker in workers:
        worker.start()
    total = sum(answer.get() for _ in workers)
    for worker in workers:
        worker.join()
    return total / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--callers", default="1,8,16,32")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--threads", type=int, default=BLOCKING_THREADS)
    options = parser.parse_args()
    print("database    callers   ops/s  bound ops/s  ratio   p50 ms   p99 ms  CPU ms/op  refused", flush=True)
    for database in options.databases.split(","):
        with house(database) as built:
            built.seed = json.loads(built.python(SEED.format(counters=32)))
            for callers in map(int, options.callers.split(",")):
                built.start(WORKERS[database], options.threads)
                asyncio.run(_load(built, callers, 1.0))  # warm-up
                before = built.cpu_s()
                latencies, counts, took = asyncio.run(_load(built, callers, options.seconds))
                cpu = built.cpu_s() - before
                built.stop()
                everything = [value for values in latencies.values() for value in values]
                refused = sum(count for name, count in counts.items() if not name.endswith(("200", "201")))
                bound = bare(built, callers, options.seconds)
                print(
                    f"{database:<11} {callers:>7} {len(everything) / took:>7.0f} {bound:>12.0f} {len(everything) / took / bound:>6.2f}"
                    f" {1000 * percentile(everything, 0.5):>8.1f} {1000 * percentile(everything, 0.99):>8.1f}"
                    f" {1000 * cpu / max(1, len(everything)):>10.2f} {refused:>8}",
                    flush=True,
                )


if __name__ == "__main__":
    sys.exit(main())
