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
