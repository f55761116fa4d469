"""The supervisor behind `yingting serve`: starts the processes of a hall, starts again what dies, stops all together.

It imports no Django, so that it stays small and nothing in it can break with the application.
"""

from __future__ import annotations

import errno
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from yingting.web.processes import listening_socket

STOP_WITHIN_S = 10.0
_HEALTHY_AFTER_S = 20.0
_WAITS_S = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
_FAILURES_AT_START = 4

Say = Callable[[str], None]


class CannotServe(Exception):
    """The hall cannot be opened; the message says why, in words for the person at the keyboard."""


@dataclass(slots=True)
class Child:
    """One process of the hall. It leads a process group of its own, so that what it started ends with it."""

    role: str
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    failures: int = 0

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the process and all that it started."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


@dataclass(slots=True)
class Supervisor:
    """Keeps the children of these roles running until a SIGTERM or SIGINT comes."""

    roles: Sequence[str]
    environment: Mapping[str, str]
    say: Say
    children: list[Child] = field(default_factory=list)
    is_stopping: bool = False
    was_ready: bool = False

    def run(self, when_ready: Callable[[], None]) -> int:
        """Start all, call `when_ready` once web and stream answer, and watch. Returns the exit code."""
        self.children = [Child(role) for role in self.roles]
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            while not self.is_stopping:
                self._look_after()
                if not self.was_ready and self._answers():
                    self.was_ready = True
                    when_ready()
                time.sleep(0.1)
        finally:
            self._end_all()
        return 0

    def _stop(self, *_: object) -> None:
        self.is_stopping = True

    def _look_after(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.process is not None:
                code = child.process.poll()
                if code is None:
                    if child.failures and now - child.started_at > _HEALTHY_AFTER_S:
                        child.failures = 0
                    continue
                self._has_died(child, code, now)
            if child.process is None and now >= child.start_at:
                self._start(child)

    def _has_died(self, child: Child, code: int, now: float) -> None:
        child.signal_group(signal.SIGKILL)  # workers that outlived their parent would keep the port
        child.process = None
        wait = _WAITS_S[min(child.failures, len(_WAITS_S) - 1)]
        child.failures += 1
        child.start_at = now + wait
        if not self.was_ready and child.failures >= _FAILURES_AT_START:
            raise CannotServe(f"{child.role} 无法启动,见上方信息 · cannot be started, see above")
        how = f"signal {-code}" if code < 0 else f"code {code}"
        self.say(f"{child.role} 意外结束 ({how}),{wait:g} 秒后重启 · ended unexpectedly, starting again")

    def _start(self, child: Child) -> None:
        child.process = subprocess.Popen(
            [sys.executable, "-m", "yingting.web.processes", child.role],
            env={**self.environment, "YINGTING_SUPERVISOR": str(os.getpid())},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        child.started_at = time.monotonic()

    def _answers(self) -> bool:
        ports = [self.environment["YINGTING_PORT"]] if "web" in self.roles else []
        ports += [self.environment["YINGTING_LIVE_PORT"]] if "stream" in self.roles else []
        return all(answers(self.environment["YINGTING_HOST"], int(port)) for port in ports)

    def _end_all(self) -> None:
        for child in self.children:
            child.signal_group(signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN_S
        for child in self.children:
            if child.process is not None:
                with suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.0, deadline - time.monotonic()))
                child.signal_group(signal.SIGKILL)
                child.process.wait()


def answers(host: str, port: int) -> bool:
    """Does something answer "healthy" there?"""
    connection = http.client.HTTPConnection(reachable(host), port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def reachable(host: str) -> str:
    """Return the address under which this machine itself reaches a server that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - it is recognised, not used


def require_free(host: str, port: int, option: str) -> None:
    """Refuse in words when the address cannot be listened on. Raises CannotServe."""
    try:
        listening_socket(host, port).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CannotServe(
                f"端口 {port} 已被其他程序占用,请用 {option} 换一个。\n"
                f"Port {port} is taken by another program; choose another with {option}."
            ) from error
        raise CannotServe(f"无法监听 {host}:{port} · cannot listen there: {error.strerror or error}") from error


def run_once(role: str, environment: Mapping[str, str]) -> None:
    """Run one role to its end before the hall opens. Raises CannotServe when it fails."""
    done = subprocess.run([sys.executable, "-m", "yingting.web.processes", role], env=dict(environment), check=False)
    if done.returncode != 0:
        raise CannotServe(f"{role} 未完成 (代码 {done.returncode}),见上方信息 · did not finish, see above")
