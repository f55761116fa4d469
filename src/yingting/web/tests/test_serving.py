"""`yingting serve`: what dies comes back, what is told to stop stops, and what cannot start says why."""

import os
import resource
import signal
import socket
import subprocess
import sys

import pytest

from yingting.web.serving import CannotServe, require_free
from yingting.web.tests.running import RunningHall, wait_for


def children_of(pid: int) -> dict[str, int]:
    """Roles and pids of the supervisor's children."""
    listed = subprocess.run(["ps", "-Ao", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    found = {}
    for line in listed.splitlines():
        child, parent, args = line.split(None, 2)
        if int(parent) == pid and "yingting.web.processes" in args:
            found[args.split()[-1]] = int(child)
    return found


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return bool(state) and not state.startswith("Z")


@pytest.fixture
def hall(tmp_path):
    running = RunningHall(tmp_path / "hall")
    running.tell("raise_curtain(); answer = 1")
    yield running
    running.end()


@pytest.fixture
def served(hall):
    hall.supervisor = hall.command(
        "serve", "--port", str(hall.port), "--live-port", str(hall.live_port), "--workers", "2"
    )
    wait_for(lambda: hall.answers() and hall.answers(hall.live_port), within_s=120)
    wait_for(lambda: len(children_of(hall.supervisor.pid)) == 3)
    return hall


@pytest.mark.slow
def test_what_is_killed_comes_back_within_seconds_and_all_stop_together(served):
    supervisor = served.supervisor.pid
    before = children_of(supervisor)
    assert set(before) == {"web", "stream", "worker"}
    for role, port in (("web", served.port), ("stream", served.live_port)):
        os.kill(before[role], signal.SIGKILL)
        wait_for(lambda role=role: children_of(supervisor).get(role, before[role]) != before[role], within_s=20)
        wait_for(lambda port=port: served.answers(port), within_s=90)
    # A worker of the web server alone: its own parent starts it again.
    (web,) = [pid for role, pid in children_of(supervisor).items() if role == "web"]
    listed = subprocess.run(["ps", "-Ao", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    workers = [int(line.split()[0]) for line in listed.splitlines() if int(line.split()[1]) == web]
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not any(is_alive(pid) for pid in workers), within_s=5)
    wait_for(served.answers, within_s=90)

    running = list(children_of(supervisor).values())
    served.supervisor.send_signal(signal.SIGTERM)
    assert served.supervisor.wait(15) == 0
    assert not any(is_alive(pid) for pid in running)
    require_free("127.0.0.1", served.port, "--port")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_a_supervisor_that_is_killed_outright_leaves_no_port_taken(served):
    running = list(children_of(served.supervisor.pid).values())
    served.supervisor.kill()
    served.supervisor.wait()
    wait_for(lambda: not any(is_alive(pid) for pid in running), within_s=15)
    require_free("127.0.0.1", served.port, "--port")
    require_free("127.0.0.1", served.live_port, "--live-port")


def test_a_port_that_is_taken_is_said_in_words():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotServe, match=f"端口 {port} 已被其他程序占用.*--port") as why:
            require_free("127.0.0.1", port, "--port")
    assert f"Port {port} is taken by another program" in str(why.value)
    require_free("127.0.0.1", port, "--port")


def test_the_demo_wipes_only_what_a_demo_made(tmp_path):
    kept = tmp_path / "precious.txt"
    kept.write_text("mine")
    done = subprocess.run(
        [sys.executable, "-m", "yingting.web.cli", "demo", "--fresh", "--data", str(tmp_path)],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "left alone" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]


def test_the_version_is_told():
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = subprocess.run(
        [sys.executable, "-m", "yingting.web.cli", "version"],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, "0.1.0")
    # It reads neither settings nor models. (The processor's time: how busy the machine is does not matter.)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 2
