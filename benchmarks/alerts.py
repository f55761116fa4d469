"""Alert latency measured: from the ticket that crosses a level to the alert on the duty manager's screen.

    python benchmarks/alerts.py [--rounds 100]

Real processes (web, stream, worker) on SQLite, or on the PostgreSQL of YINGTING_DATABASE_URL. Each round issues one ticket
that reaches the next level; the screen hears of it and fetches the console until the alert stands there. The clock starts
when the ticket's transaction has committed. Bound in the same run: the same ticket, a screen that hears of the ticket itself
and fetches the same console once, with no alert in between.
"""

from __future__ import annotations

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingting.web.settings")
os.environ.setdefault("YINGTING_DATA_DIR", tempfile.mkdtemp(prefix="yingting-bench-"))

from yingting.foundation.live.tokens import live_token
from yingting.web.tests.running import Listener, RunningHall, wait_for

# The levels of a hall where every second ticket reaches the next one: half the tickets make an alert, half do not.
SETUP = """
import dataclasses
from django.conf import settings
from importlib import import_module
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from yingting.domains.peaks.queries.rules_in_force import PEAKS, SHIPPED
from yingting.domains.peaks.rules import Level
from yingting.foundation.editing.rulebook.actions import publish_rule
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import system_now
cast = raise_curtain()
Hall.objects.update(clock_anchor_real=system_now(), clock_anchor_hall=system_now().replace(hour=2, minute=0), clock_speed=1)
levels = tuple(Level(f"l{{n}}", str(n), str(n), "red", 2 * n, 600 + n, 100) for n in range(1, {rounds} + 1))
hall = Hall.objects.get(pk=cast.hall)
publish_rule(PEAKS, unit=hall.unit_id, rule=dataclasses.replace(SHIPPED, levels=levels, line_people=900),
             valid_from=system_now().date() + dt.timedelta(days=1), actor=SYSTEM, now=system_now())
from yingting.foundation.rulebook.models import RuleVersion
RuleVersion.objects.update(valid_from=system_now().date() - dt.timedelta(days=1))
boss = Person.objects.get(staff_no="9001")
session = import_module(settings.SESSION_ENGINE).SessionStore()
session.update({{SESSION_KEY: str(boss.pk), BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                HASH_SESSION_KEY: boss.get_session_auth_hash()}})
session.create()
answer = [str(cast.hall), session.session_key]
"""
# Issues a ticket for every line on its input and answers with the moment of its commit.
ISSUER = """
import django, sys, time; django.setup()
from yingting.domains.queueing.actions.issuing import issue_ticket
from yingting.domains.queueing.queries.setup import hall_now
from yingting.kernel.actors import SYSTEM
from yingting.planning.cast import find_cast
cast = find_cast()
for _ in sys.stdin:
    issue_ticket(hall=cast.hall, business=cast.businesses["fee"], actor=SYSTEM, now=hall_now(cast.hall))
    print(time.time(), flush=True)
"""


def percentiles(values: list[float]) -> str:
    ordered = sorted(values)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return f"p50 {1000 * statistics.median(ordered):.0f} ms, p99 {1000 * p99:.0f} ms, max {1000 * ordered[-1]:.0f} ms"


class Screen:
    """The duty manager's screen: it hears of a change and fetches the console, at most every 250 ms, as live.js does."""

    GAP_S = 0.25

    def __init__(self, hall: RunningHall, token: str, session: str) -> None:
        self.line = Listener(hall.live_port, token)
        self.line.until(b"event: hello", within_s=20)
        self.pages = http.client.HTTPConnection("127.0.0.1", hall.port, timeout=30)
        self.headers = {"Cookie": f"yingting={session}; yingting_language=en", "HX-Request": "true"}
        self.fetched_at = 0.0

    def fetch(self) -> str:
        self.pages.request("GET", "/floor/H01/console/", headers=self.headers)
        response = self.pages.getresponse()
        text = response.read().decode()
        assert response.status == 200, response.status
        return text

    def until(self, is_there, *, within_s: float = 20.0) -> float:
        """Follow changes until the console shows what is wanted; return the moment."""
        deadline = time.time() + within_s
        is_due = False
        while time.time() < deadline:
            is_due |= b"event: changed" in self.line.read(0.05 if not is_due else 0.005)
            if is_due and time.time() - self.fetched_at >= self.GAP_S:
                is_due, self.fetched_at = False, time.time()
                if is_there(self.fetch()):
                    return time.time()
        raise AssertionError("the alert did not come")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    hall = RunningHall(Path(tempfile.mkdtemp(prefix="yingting-bench-")), YINGTING_WORKERS="1", YINGTING_DEMO="1")
    issuer = None
    try:
        ids, session = hall.tell(SETUP.format(rounds=options.rounds))
        for role in ("web", "stream", "worker"):
            hall.start(role)
        environment = {**hall.environment, "DJANGO_SETTINGS_MODULE": "yingting.web.settings"}
        issuer = subprocess.Popen(
            [sys.executable, "-c", ISSUER], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        wait_for(lambda: hall.answers() and hall.answers(hall.live_port), within_s=60)
        time.sleep(3)  # the worker, too, has come up
        screen = Screen(hall, live_token([UUID(ids)]), session)

        def issue() -> float:
            issuer.stdin.write("\n")
            issuer.stdin.flush()
            return float(issuer.stdout.readline())

        alerts, bounds = [], []
        for n in range(1, options.rounds + 1):
            for kept, wanted in ((bounds, f">{2 * n - 1}</b>"), (alerts, f'data-alert-level="{n}"')):
                time.sleep(0.7)
                screen.line.read(0.01)
                committed = issue()
                kept.append(screen.until(lambda text, wanted=wanted: wanted in text) - committed)
        database = "PostgreSQL" if hall.environment["YINGTING_DATABASE_URL"] else "SQLite"
        print(f"{database}: ticket that crosses a level → alert on the manager's screen: {percentiles(alerts[1:])}")
        print(f"  bound, a ticket → the same console on the same screen: {percentiles(bounds[1:])}; "
              f"ratio of p50 {statistics.median(alerts[1:]) / statistics.median(bounds[1:]):.2f}")  # fmt: skip
    finally:
        if issuer is not None:
            issuer.kill()
            issuer.wait()
            issuer.stdin.close()
            issuer.stdout.close()
        hall.end()


if __name__ == "__main__":
    main()
