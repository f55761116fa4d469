"""A hall that runs in processes of its own, on a database of its own: for tests and benchmarks that need the real thing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from yingting.web.tests import migrated

SRC = Path(__file__).resolve().parents[3]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def wait_for(what, *, within_s=60.0, every_s=0.05):
    """Return the first true answer of `what`, or fail."""
    deadline = time.monotonic() + within_s
    while not (answer := what()):
        assert time.monotonic() < deadline, f"not within {within_s} s"
        time.sleep(every_s)
    return answer


# Reads code line by line, runs it, and tells the answer or why there is none.
_TELLER = """
import datetime as dt, json, sys, time, traceback
import django
django.setup()
from django.db import connections
from yingting.planning.cast import find_cast, raise_curtain
known, told = dict(globals()), sys.stdout
sys.stdout = sys.stderr
for line in sys.stdin:
    scope = dict(known)
    try:
        exec(json.loads(line), scope)
        answer = {"answer": scope["answer"]}
    except Exception:
        answer = {"failed": traceback.format_exc()}
    connections.close_all()
    print(json.dumps(answer), file=told, flush=True)
"""
_prepared: list[TemporaryDirectory[str]] = []  # the folder of a hall that has just been prepared


class RunningHall:
    """A data folder, a database of the kind that YINGTING_DATABASE_URL names, and the processes started on them."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.port, self.live_port = free_port(), free_port()
        self.home = f"http://127.0.0.1:{self.port}"
        self.processes: list[subprocess.Popen[bytes]] = []
        folder.mkdir(parents=True, exist_ok=True)
        self._database = migrated.new_database(folder)
        self.environment = {
            **os.environ, "PYTHONPATH": str(SRC), "YINGTING_DATA_DIR": str(folder), "YINGTING_HOST": "127.0.0.1",
            "YINGTING_PORT": str(self.port), "YINGTING_LIVE_PORT": str(self.live_port), "YINGTING_WORKERS": "1",
            "YINGTING_DATABASE_URL": self._database, "YINGTING_SECRET_KEY": settings.SECRET_KEY, **environment,
        }  # fmt: skip
        self.environment.pop("YINGTING_SUPERVISOR", None)
        self._teller: subprocess.Popen[bytes] | None = None
        self._prepare()

    def _prepare(self) -> None:
        """Prepare the first hall of this process; the next ones get a copy of its folder, and a database of their own."""
        if not _prepared:
            self.run("prepare")
            _prepared.append(TemporaryDirectory(prefix="yingting-hall-"))
            shutil.copytree(
                self.folder, _prepared[0].name, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sqlite3*")
            )
        shutil.copytree(_prepared[0].name, self.folder, dirs_exist_ok=True)

    def run(self, role: str) -> None:
        """Run a role that ends by itself."""
        subprocess.run(
            [sys.executable, "-m", "yingting.web.processes", role],
            env=self.environment,
            check=True,
            capture_output=True,
        )

    def start(self, role: str) -> subprocess.Popen[bytes]:
        """Start a role in the background."""
        return self._popen([sys.executable, "-m", "yingting.web.processes", role])

    def command(self, *words: str) -> subprocess.Popen[bytes]:
        """Start `yingting …` in the background, its output kept."""
        return self._popen(
            [sys.executable, "-m", "yingting.web.cli", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def _popen(self, words, **options) -> subprocess.Popen[bytes]:
        ours = {"env": self.environment, "stdin": subprocess.DEVNULL, "start_new_session": True}
        process = subprocess.Popen(words, **(ours | options))
        self.processes.append(process)
        return process

    def tell(self, code: str):
        """Run Python code against this hall's database, in a process beside it; it leaves its answer in `answer`."""
        if self._teller is None:
            environment = self.environment | {"DJANGO_SETTINGS_MODULE": "yingting.web.settings"}
            words = [sys.executable, "-c", _TELLER]
            self._teller = self._popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        self._teller.stdin.write(json.dumps(code).encode() + b"\n")
        self._teller.stdin.flush()
        told = json.loads(self._teller.stdout.readline())
        assert "answer" in told, told["failed"]
        return told["answer"]

    def answers(self, port: int | None = None) -> bool:
        from yingting.web.serving import answers

        return answers("127.0.0.1", port or self.port)

    def end(self) -> None:
        """End all that was started, and drop the database."""
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            for pipe in filter(None, (process.stdin, process.stdout)):
                pipe.close()
        migrated.drop(self._database)


@contextmanager
def opened_hall(folder: Path, *roles: str, first=lambda hall: None, **environment: str):
    """A hall on which `first` has been done, whose roles run and which answers; it is ended afterwards. `hall.roles` has the
    processes by role.
    """
    hall = RunningHall(folder, **environment)
    try:
        first(hall)
        hall.roles = {role: hall.start(role) for role in roles}
        wait_for(lambda: hall.answers() and hall.answers(hall.live_port))
        yield hall
    finally:
        hall.end()


class Listener:
    """A screen: reads the event stream of a token on a plain socket, noting when each event came."""

    def __init__(self, port: int, token: str, *, receive_buffer: int | None = None) -> None:
        self.sock = socket.socket()
        if receive_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.connect(("127.0.0.1", port))
        self.sock.sendall(f"GET /live?t={token} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        self.text = b""

    def read(self, timeout_s: float) -> bytes:
        """Read once; b"" when nothing came, EOFError when the line is closed."""
        self.sock.settimeout(timeout_s)
        try:
            got = self.sock.recv(65536)
        except TimeoutError:
            return b""
        if not got:
            raise EOFError
        self.text += got
        return got

    def until(self, marker: bytes, within_s: float = 5.0) -> float:
        """Read until the marker appears in what is new; return the wall clock of that moment."""
        seen = len(self.text)
        deadline = time.monotonic() + within_s
        while marker not in self.text[seen:]:
            left = deadline - time.monotonic()
            assert left > 0, f"{marker!r} did not come within {within_s} s: {self.text[seen:]!r}"
            self.read(left)
        return time.time()

    def close(self) -> None:
        self.sock.close()
