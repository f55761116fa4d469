"""The journeys' database is a file on SQLite: browser, server threads and printers each need a connection of their own."""

import os
import shutil
from pathlib import Path

import pytest

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
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=os.environ["CHROMIUM"], args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium):
    """Return a function that opens a page in a browser profile of its own; a script error, or what the page's content policy
    stops, fails the test.
    """
    contexts, errors = [], []

    def open_page(size=(1280, 800), *, locale="zh-CN", **more):
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, locale=locale, **more)
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if "Content Security" in line.text else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []
