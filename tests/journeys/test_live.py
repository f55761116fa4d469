"""A page stays true: it says when it is stale and finds back by itself."""

import subprocess
from uuid import UUID

import pytest

from yingting.foundation.live.tokens import live_token
from yingting.web.tests.running import opened_hall, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# As small as a live page can be: the badge, and a fragment that shows something which changes.
PAGE = """<!doctype html><html lang="en"><head><title>probe</title>
<meta name="htmx-config" content='{"includeIndicatorStyles":false,"allowEval":false}'>
<script src="/static/vendor/htmx.min.js" defer></script><script src="/static/web/live.js" defer></script></head>
<body data-live="http://127.0.0.1:%(live_port)d/live?t=%(token)s"><p id="stale" hidden>stale</p>
<div id="shown" hx-get="/demo/clock/" hx-trigger="yingting:changed from:body"></div></body></html>"""
SET_SPEED = """
from yingting.planning.demo_clock import set_speed
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import system_now
answer = str(set_speed(hall=find_cast().hall, speed=%d, actor=SYSTEM, now=system_now()))
from yingting.foundation.live import publishing
time.sleep(0.1)
"""


def _prepare(hall):
    ids = hall.tell("cast = raise_curtain(); answer = str(cast.hall)")
    hall.tell(SET_SPEED % 1)
    write(hall, "probe", live_token([UUID(ids)]))


def write(hall, name, token):
    """A file on the server: Chromium takes a page that the test makes up for a public one, and bars it from this machine."""
    page = PAGE % {"live_port": hall.live_port, "token": token}
    (hall.folder / "static" / f"{name}.html").write_text(page, encoding="utf-8")


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    with opened_hall(tmp_path_factory.mktemp("live"), "web", "stream", first=_prepare, YINGTING_DEMO="1") as hall:
        yield hall


@pytest.fixture
def page(hall, page_at):
    return page_at(hall, None, "/static/probe.html")


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def shows_speed(page, speed: int, within_ms: int = 5000) -> None:
    page.wait_for_selector(f"#shown button[value='{speed}'][aria-pressed=true]", timeout=within_ms)


@pytest.mark.req("SLF-01")
def test_a_page_follows_changes_says_when_it_is_stale_and_finds_back(hall, page):
    hall.tell(SET_SPEED % 1)
    shows_speed(page, 1)  # the greeting alone makes it fetch: something may have happened since the page was made
    hall.tell(SET_SPEED % 5)
    shows_speed(page, 5, 2000)
    assert page.is_hidden("#stale")

    page.evaluate("document.body.dataset.liveStale = '1.5'")
    end(hall.roles["stream"])
    page.wait_for_selector("#stale", state="visible", timeout=6000)
    hall.tell(SET_SPEED % 20)
    page.wait_for_timeout(500)
    shows_speed(page, 5)  # nobody told it, and it says so

    hall.roles["stream"] = hall.start("stream")
    page.evaluate("document.body.dataset.liveStale = '45'")
    page.wait_for_selector("#stale", state="hidden", timeout=20_000)
    shows_speed(page, 20)


def test_a_page_whose_server_fails_says_so_and_recovers_by_itself(hall, page):
    page.wait_for_selector("#shown button")
    hall.roles["web"].terminate()
    hall.roles["web"].wait()
    hall.tell(SET_SPEED % 60)
    page.wait_for_selector("#stale", state="visible", timeout=6000)
    hall.roles["web"] = hall.start("web")
    page.wait_for_selector("#stale", state="hidden", timeout=30_000)
    shows_speed(page, 60)


def test_a_tab_that_is_shown_again_fetches_at_once(hall, page):
    page.wait_for_selector("#shown button")
    page.wait_for_timeout(500)  # screens fetch at most four times in a second
    with page.expect_request("**/demo/clock/", timeout=2000):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    with page.expect_request("**/demo/clock/", timeout=2000):
        page.evaluate("window.dispatchEvent(new Event('online'))")


def test_a_page_with_a_token_that_is_too_old_is_loaded_again_once(hall, page):
    loads, refusals = [], []
    page.on("load", lambda _: loads.append(1))
    page.on("response", lambda answer: refusals.append(answer.request.method) if answer.status == 403 else None)
    write(hall, "old", "forged")
    page.goto("/static/old.html")
    # It asks why it is refused (HEAD) and loads again; that page asks, too, and stays.
    wait_for(lambda: page.wait_for_timeout(100) or refusals.count("HEAD") == 2)
    page.wait_for_timeout(1000)
    assert len(loads) == 2
