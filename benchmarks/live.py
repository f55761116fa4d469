"""The live stream measured: commit → fragment refreshed on 30 screens of one hall, and the memory of 2,000 idle screens.

    python benchmarks/live.py [--screens 30] [--idle 2000] [--commits 40]

Runs on SQLite, or on the PostgreSQL of YINGTING_DATABASE_URL (in a database of its own that is dropped afterwards).
Bounds in the same run: the same 30 screens fetching the fragment together without any stream (latency), and an asyncio
process that only holds the same sockets (memory).
"""

from __future__ import annotations

import argparse
import http.client
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingting.web.settings")
os.environ.setdefault("YINGTING_DATA_DIR", tempfile.mkdtemp(prefix="yingting-bench-"))

import psutil

from yingting.foundation.live.tokens import live_token
from yingting.web.tests.running import Listener, RunningHall, free_port, wait_for

BARE_ECHO = """
import asyncio, resource, sys
async def hold(reader, writer):
    await reader.readuntil(b"\\r\\n\\r\\n")
    writer.write(b"HTTP/1.1 200 OK\\r\\n\\r\\n")
    await reader.read()
async def main():
    server = await asyncio.start_server(hold, "127.0.0.1", int(sys.argv[1]), backlog=4096)
    async with server: await server.serve_forever()
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard > 0 else 65536, hard))
asyncio.run(main())
"""
COMMITS = """
from yingting.domains.queueing.actions.issuing import issue_ticket
from yingting.kernel.actors import SYSTEM
cast = find_cast()
answer = []
for n in range({count}):
    issue_ticket(hall=cast.hall, business=cast.businesses["fee"], actor=SYSTEM,
                 now=dt.datetime(2026, 1, 5, 2, 0, tzinfo=dt.UTC) + dt.timedelta(seconds=n))
    answer.append(time.time())
    time.sleep(0.3)
"""


def fetch(connection: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> None:
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    response.read()
    assert response.status == 200, (path, response.status)


def percentiles(values: list[float]) -> str:
    ordered = sorted(values)
    return f"p50 {1000 * statistics.median(ordered):.0f} ms, p99 {1000 * ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]:.0f} ms"


def screens_follow(
    hall: RunningHall, token: str, path: str, headers: dict[str, str], screens: int, commits: int
) -> list[float]:
    """Each screen hears of a change and fetches its fragment; return the seconds from each commit to each fragment."""
    refreshed: list[list[tuple[float, float]]] = [[] for _ in range(screens)]
    stop = threading.Event()

    def screen(kept: list[tuple[float, float]]) -> None:
        line, pages = Listener(hall.live_port, token), http.client.HTTPConnection("127.0.0.1", hall.port, timeout=30)
        line.until(b"event: hello", within_s=20)
        while not stop.is_set():
            got = line.read(0.2)
            if b"event: changed" in got:
                heard = time.time()
                fetch(pages, path, headers)
                kept.append((heard, time.time()))

    threads = [threading.Thread(target=screen, args=(kept,)) for kept in refreshed]
    for thread in threads:
        thread.start()
    time.sleep(1)
    committed = hall.tell(COMMITS.format(count=commits))
    time.sleep(1)
    stop.set()
    for thread in threads:
        thread.join()
    # The first commit also opens the day; each fragment counts for the latest commit before its screen heard of it.
    delays = []
    for kept in refreshed:
        for done in committed[1:]:
            after = [fresh - done for heard, fresh in kept if heard >= done - 0.005]
            delays.append(min(after) if after else float("inf"))
    return delays


def fetched_together(hall: RunningHall, path: str, headers: dict[str, str], screens: int, rounds: int) -> list[float]:
    """The bound: the same screens fetch at the same moment, without any stream."""
    barrier, times = threading.Barrier(screens), []

    def screen() -> None:
        pages = http.client.HTTPConnection("127.0.0.1", hall.port, timeout=30)
        for _ in range(rounds):
            barrier.wait()
            begun = time.perf_counter()
            fetch(pages, path, headers)
            times.append(time.perf_counter() - begun)

    threads = [threading.Thread(target=screen) for _ in range(screens)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def memory_per_screen(pid: int, port: int, request: bytes, count: int) -> float:
    """KiB that the process grows by for each of `count` idle connections."""
    process = psutil.Process(pid)
    before = process.memory_info().rss
    lines = []
    for _ in range(count):
        line = socket.create_connection(("127.0.0.1", port))
        line.sendall(request)
        lines.append(line)
    for line in lines:
        line.recv(64)
    time.sleep(2)
    grown = (process.memory_info().rss - before) / count / 1024
    for line in lines:
        line.close()
    return grown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--screens", type=int, default=30)
    parser.add_argument("--idle", type=int, default=2000)
    parser.add_argument("--commits", type=int, default=40)
    options = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard > 0 else 65536, hard))
    hall = RunningHall(Path(tempfile.mkdtemp(prefix="yingting-bench-")), YINGTING_WORKERS="2", YINGTING_DEMO="1")
    bare = None
    try:
        ids, secret = hall.tell(
            "cast = raise_curtain()\n"
            "from yingting.foundation.people.models import ApiToken, Person\n"
            "from yingting.foundation.people.access import digest\n"
            "boss = Person.objects.get(staff_no='1201')\n"
            "ApiToken.objects.create(person=boss, digest=digest('bench'), name='bench', created_at=dt.datetime.now(dt.UTC))\n"
            "answer = [str(cast.hall), 'bench']"
        )
        token = live_token([UUID(ids)])
        path, headers = f"/api/v1/halls/{ids}/board", {"Authorization": f"Bearer {secret}"}
        hall.start("web")
        stream = hall.start("stream")
        wait_for(lambda: hall.answers() and hall.answers(hall.live_port), within_s=60)
        database = "PostgreSQL" if hall.environment["YINGTING_DATABASE_URL"] else "SQLite"

        fetched_together(hall, path, headers, options.screens, 5)
        bound = fetched_together(hall, path, headers, options.screens, 20)
        delays = screens_follow(hall, token, path, headers, options.screens, options.commits)
        print(f"{database}: commit → board read again on {options.screens} screens: {percentiles(delays)}")
        print(f"  bound, the same reads together without a stream: {percentiles(bound)}; "
              f"ratio of p50 {statistics.median(delays) / statistics.median(bound):.2f}")  # fmt: skip

        request = f"GET /live?t={token} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        screen = memory_per_screen(stream.pid, hall.live_port, request, options.idle)
        port = free_port()
        bare = subprocess.Popen([sys.executable, "-c", BARE_ECHO, str(port)])
        time.sleep(1)
        line = memory_per_screen(bare.pid, port, request, options.idle)
        print(
            f"{options.idle} idle screens: {screen:.1f} KiB each (limit 64); bare asyncio sockets {line:.1f} KiB; ratio {screen / line:.1f}"
        )
    finally:
        if bare is not None:
            bare.kill()
            bare.wait()
        hall.end()


if __name__ == "__main__":
    main()
