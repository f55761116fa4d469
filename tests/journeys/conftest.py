"""The journeys' database is a file on SQLite: browser, server threads and printers each need a connection of their own."""

import itertools
import os
import shutil
from pathlib import Path

import pytest
from tests.journeys.acting import sign_in

_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
_found = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    str(_MAC) if _MAC.exists() else "",
)
# Every journey starts this browser; CHROMIUM in the environment names another.
os.environ.setdefault("CHROMIUM", _found or "/usr/bin/chromium")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory, django_db_modify_db_settings_parallel_suffix):
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "journeys.sqlite3")


ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# Playwright's synchronous driver runs an event loop in this thread; the tests' own database work is not inside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=20_000)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=os.environ["CHROMIUM"], args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium):
    """Return a function that opens a page in a browser profile of its own; a script error, or what the page's content policy
    stops, fails the test. What else the browser complains of is in `page.complaints`.
    """
    contexts, errors = [], []

    def open_page(size=(1280, 800), *, locale="zh-CN", **more):
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, locale=locale, **more)
        context.set_default_timeout(20_000)
        context.set_default_navigation_timeout(60_000)  # the first look at figures loads what computes them
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if "Content Security" in line.text else None)
        page.on("console", lambda line: page.complaints.append(line.text) if line.type == "error" else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page_of(new_page, live_server):
    """Return a function that opens a page as a member of the cast (None: as nobody), signed in beforehand, in a language, at a
    size, and goes to a path. Addresses of the page are paths of the hall's server, whose address is `page.home`.
    """
    from django.conf import settings
    from django.test import Client

    from yingting.foundation.people.models import Person

    def open_page(staff_no=None, path="", *, language="zh-hans", **more):
        page, cookies = new_page(base_url=live_server.url, **more), {settings.LANGUAGE_COOKIE_NAME: language}
        if staff_no:
            client = Client()
            client.force_login(Person.objects.get(staff_no=staff_no))
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
        page.home = live_server.url
        if path:
            page.goto(path)
        return page

    return open_page


@pytest.fixture
def page_at(new_page):
    """Return a function that opens a page of a hall which runs in processes of its own, signed in at the door."""
    from django.conf import settings

    def open_page(hall, staff_no, path, *, language="zh-hans", **more):
        page = new_page(base_url=hall.home, **more)
        page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": hall.home}])
        if staff_no:
            sign_in(page, staff_no, path)
        else:
            page.goto(path)
        return page

    return open_page


@pytest.fixture
def hands(committed_cast, now):
    """The staff of the cast at work; the hall's clock goes on from ten."""
    from yingting.domains.queueing.tests.screens import Hands, set_clock

    set_clock(committed_cast.hall, now)
    return Hands(committed_cast)


# Clips are over at once, unheard.
QUIET_CLIPS = """
HTMLMediaElement.prototype.play = function () {
  setTimeout(() => this.dispatchEvent(new Event("ended")), 5);
  return Promise.resolve();
};
"""


@pytest.fixture
def browse(new_page, live_server, hands):
    """Return a fresh browser at a size: a customer's, without a cookie."""

    def open_page(size, *, language="zh-CN", before="", quiet=True):
        page = new_page(size, locale=language, base_url=live_server.url)
        for script in (QUIET_CLIPS if quiet else "", before):
            if script:
                page.context.add_init_script(script)
        page.home = live_server.url
        return page

    return open_page


@pytest.fixture
def device(browse, hands):
    """Return a browser that has been paired as a device by typing the code."""
    from yingting.domains.queueing.tests.screens import new_code

    names = (f"屏 {n}" for n in itertools.count(1))

    def open_device(kind, size, *, printer="", address="", **more):
        page = browse(size, **more)
        page.row, code = new_code(hands.cast.hall, kind, name=next(names), printer=printer)
        page.goto("/device/")
        page.fill("#code", code)
        page.click("button.primary")
        page.click("a.primary")
        page.wait_for_url(f"**/{kind}/")
        if address:
            page.goto(f"/{kind}/{address}")
        return page

    return open_device
