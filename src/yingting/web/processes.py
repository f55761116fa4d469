"""What each process of a running hall does. The supervisor starts them as `python -m yingting.web.processes ROLE`.

prepare   database, messages, static files; ends when done
opening   the morning of a demo hall, up to the moment when the doors open to the newcomer; ends when done
web       granian: pages and API over WSGI, and the static files
stream    uvicorn: the live stream, nothing else
worker    queued tasks and the small schedule
simulate  the customers and clerks of a demo
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingting.web.settings")

# Threads of one web process that wait for the database at the same time. Python runs one of them at a time, so more would
# only hold more connections.
BLOCKING_THREADS = min(8, (os.cpu_count() or 1) + 1)
_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """On Linux: when the supervisor is killed outright, this process gets a SIGTERM, so that no port stays taken."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.environ.get("YINGTING_SUPERVISOR", str(os.getppid())) != str(os.getppid()):
        sys.exit(0)  # it died before the line above


def listening_socket(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises OSError when the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock


def web() -> None:
    """Serve pages, API and static files."""
    from django.conf import settings
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    Granian(
        "yingting.web.wsgi:application",
        address=os.environ.get("YINGTING_HOST", "127.0.0.1"),
        port=int(os.environ.get("YINGTING_PORT", "8000")),
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("YINGTING_WORKERS", "2")),
        blocking_threads=BLOCKING_THREADS,
        blocking_threads_idle_timeout=600,
        backpressure=256,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=10,
        static_path_route=[settings.STATIC_URL.rstrip("/")],
        static_path_mount=[Path(settings.STATIC_ROOT)],
    ).serve()


def stream() -> None:
    """Serve the live stream."""
    import uvicorn

    from yingting.web.stream import application

    _raise_open_files()
    host = os.environ.get("YINGTING_HOST", "127.0.0.1")
    sock = listening_socket(host, int(os.environ.get("YINGTING_LIVE_PORT", "8001")))
    # What a screen has not read waits in small buffers, so that a dead line shows within seconds and costs little memory.
    # Accepted connections inherit both.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16384)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 30_000)
    config = uvicorn.Config(
        application, http="h11", ws="none", loop="asyncio", lifespan="on", log_level="critical", access_log=False, backlog=4096,
        server_header=False, date_header=False, proxy_headers=False, timeout_graceful_shutdown=1, timeout_keep_alive=5,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[sock])


def _raise_open_files() -> None:
    """Every screen is an open file; the usual soft limit of 1,024 is for interactive shells."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def prepare() -> None:
    """Bring database, messages and static files up to date."""
    import django

    django.setup()
    from yingting.web import preparing

    preparing.prepare()


def opening() -> None:
    """Make a demo hall and live through its morning."""
    _draw_uncompiled()
    import django

    django.setup()
    from yingting.planning.jobs import open_the_demo
    from yingting.web.preparing import step

    step("演示大厅 · demo hall", open_the_demo)


def _draw_uncompiled() -> None:
    """A day's customers are drawn in no time by numpy alone: leave the twin's compiler to the worker, which simulates."""
    os.environ.setdefault("NUMBA_DISABLE_JIT", "1")


def worker() -> None:
    """Run queued tasks and the schedule."""
    import django

    django.setup()
    from yingting.web.working import work

    work()


def simulate() -> None:
    """Run the simulated customers and clerks of a demo."""
    _draw_uncompiled()
    import django

    django.setup()
    from yingting.planning.jobs import live_on

    live_on()


ROLES: dict[str, Callable[[], None]] = {
    "prepare": prepare, "opening": opening, "web": web, "stream": stream, "worker": worker, "simulate": simulate,
}  # fmt: skip

if __name__ == "__main__":
    end_with_parent()
    ROLES[sys.argv[1]]()
