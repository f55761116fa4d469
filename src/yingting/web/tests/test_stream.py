"""The stream process over real sockets, on the database that the suite runs on."""

import signal
import statistics
import threading
import time
from uuid import UUID

import pytest

from yingting.foundation.live.tokens import live_token
from yingting.web.tests.running import Listener, RunningHall, wait_for

ISSUE = """
from yingting.domains.queueing.actions.issuing import issue_ticket
from yingting.kernel.actors import SYSTEM
cast = find_cast()
answer = []
for n in range({count}):
    issue_ticket(hall=cast.hall, business=cast.businesses["fee"], actor=SYSTEM, now=dt.datetime(2026, 1, 5, 2, 0, n, tzinfo=dt.UTC))
    answer.append(time.time())
    time.sleep({pause})
from yingting.foundation.live import publishing
time.sleep(0.1)
"""


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    running = RunningHall(tmp_path_factory.mktemp("stream"))
    try:
        running.ids = running.tell("cast = raise_curtain(); answer = [str(cast.hall), str(cast.other_hall)]")
        running.stream = running.start("stream")
        wait_for(lambda: running.answers(running.live_port))
        yield running
    finally:
        running.end()


@pytest.fixture
def listen(hall):
    lines = []

    def open_line(which: int, **options) -> Listener:
        line = Listener(hall.live_port, live_token([UUID(hall.ids[which])]), **options)
        lines.append(line)
        return line

    yield open_line
    for line in lines:
        line.close()


def test_a_screen_hears_of_a_commit_within_a_moment_and_another_halls_screen_does_not(hall, listen):
    screen, other = listen(0), listen(1)
    screen.until(b"event: hello")
    other.until(b"event: hello")
    came: list[float] = []

    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            events = screen.text.count(b"event: changed")
            screen.read(0.05)
            came.extend([time.time()] * (screen.text.count(b"event: changed") - events))

    reader = threading.Thread(target=read)
    reader.start()
    committed = hall.tell(ISSUE.format(count=12, pause=0.15))
    time.sleep(1)
    is_over.set()
    reader.join()
    # The first ticket of a day also opens the day, a commit of its own: its echo may be counted for the ticket.
    delays = [min((at - done for at in came if at >= done - 0.001), default=9.0) for done in committed[1:]]
    assert statistics.median(delays) < 0.08
    assert max(delays) < 0.6
    other.read(0.2)
    assert b"event: changed" not in other.text


@pytest.mark.parametrize("token", ["", "forged", "WyJhIl0:1:2"])
def test_a_forged_token_is_refused_in_words(hall, token):
    line = Listener(hall.live_port, token)
    line.until(b"Load it again")
    assert line.text.startswith(b"HTTP/1.1 403")
    line.close()


def test_a_page_of_another_port_may_listen_and_no_cookie_is_needed(listen):
    line = listen(0)
    line.until(b"event: hello")
    head = line.text.split(b"\r\n\r\n")[0]
    assert b"access-control-allow-origin: *" in head
    assert b"content-type: text/event-stream" in head
    assert b"allow-credentials" not in head


def test_a_stream_that_was_killed_greets_its_screens_again(hall, listen):
    line = listen(0)
    line.until(b"event: hello")
    hall.stream.send_signal(signal.SIGKILL)
    hall.stream.wait()
    with pytest.raises((EOFError, ConnectionError)):
        line.until(b"event: never")
    hall.stream = hall.start("stream")
    wait_for(lambda: hall.answers(hall.live_port))
    again = listen(0)
    again.until(b"event: hello")
    hall.tell(ISSUE.format(count=1, pause=0))
    again.until(b"event: changed")
