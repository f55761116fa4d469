"""Fixtures for all tests: the cast, a fixed clock, both databases.

YINGTING_DATABASE_URL chooses the database; scripts/test runs the suite once on each.
"""

from __future__ import annotations

import atexit
import datetime as dt
import os
import shutil
import sqlite3
import tempfile

os.environ["YINGTING_TESTING"] = "1"
# No page of a test may reach the stream of a hall that happens to run on this machine.
os.environ.setdefault("YINGTING_LIVE_PORT", "9")
os.environ["DJANGO_SETTINGS_MODULE"] = "yingting.web.settings"
os.environ.setdefault("YINGTING_DATA_DIR", tempfile.mkdtemp(prefix="yingting-test-"))

import django

# Here and not by pytest-django: it would read the settings before the lines above say that this is a test.
django.setup()

import pytest  # noqa: E402 - after the settings
from django.db import connection  # noqa: E402 - as above
from django.test import TransactionTestCase  # noqa: E402 - as above
from hypothesis import settings as hypothesis_settings  # noqa: E402 - as above

from yingting.web.tests import migrated  # noqa: E402 - as above
from yingting.web.tests.emptying import emptied  # noqa: E402 - as above

# A run says the same twice: examples follow from the test. YINGTING_EXPLORE=1 looks at new ones each time.
hypothesis_settings.register_profile("same", derandomize=True, deadline=None)
hypothesis_settings.register_profile("explore", print_blob=True, deadline=None)
hypothesis_settings.load_profile("explore" if os.environ.get("YINGTING_EXPLORE") else "same")


def pytest_configure(config):
    """Tests speak Chinese: the catalogues are compiled before the first of them (once, not by every worker)."""
    if "YINGTING_MIGRATED" not in os.environ:
        os.environ["YINGTING_MIGRATED"] = tempfile.mkdtemp(prefix="yingting-migrated-")
        config.stash[_OURS] = True
    if not hasattr(config, "workerinput"):
        from yingting.web.translations import compile_catalogues

        compile_catalogues()


def pytest_unconfigure(config):
    if config.stash.get(_OURS, False):
        migrated.forget()
        shutil.rmtree(os.environ.pop("YINGTING_MIGRATED"))


# Whether this run made the folder of the migrated database, and so removes it.
_OURS = pytest.StashKey[bool]()

_Creation = type(connection.creation)
_create = _Creation._create_test_db


def _create_migrated(self, *args, **options):
    """The database of a test process is a copy of the one that was migrated; Django then finds no migration missing."""
    if self.connection.vendor == "postgresql":
        self.connection.settings_dict["TEST"]["TEMPLATE"] = migrated.template()
        return _create(self, *args, **options)
    name = _create(self, *args, **options)
    target = sqlite3.connect(name, uri=True)
    atexit.register(target.close)  # a database in memory lives as long as somebody is connected
    migrated.copy_to(target)
    return name


_Creation._create_test_db = _create_migrated

# What starts processes of its own, or speaks with a database past Django's fixtures.
NEAR_THE_DATABASE = ("tests/races", "tests/api", "src/yingting/web", "src/yingting/foundation/live")


# Figures are read from Parquet files: which database the facts came from changes nothing, but for what writes tables of its own
# or reads the day that still runs.
FROM_THE_LAKE = "src/yingting/reporting/"
BUT = (
    "src/yingting/reporting/bulletins/tests/test_issuing.py",
    "src/yingting/reporting/scorecards/tests/test_freezing.py",
    "src/yingting/reporting/tests/test_entries_pages.py",
    "src/yingting/reporting/tests/test_live_alerts.py",
    "src/yingting/reporting/tests/test_own_days.py",
)
# Whole days of the simulated hall: a demo lives on SQLite, an hour of the same life runs on both databases, and so do the actions.
WHOLE_DAYS = (
    "src/yingting/planning/tests/test_case_past.py::test_the_past_has_something_of_everything",
    "src/yingting/planning/tests/test_floor_life.py::test_at_month_end_the_demo_comes_to_forced_diversion_and_back_by_itself",
    "src/yingting/planning/tests/test_known_customers.py::test_booked_customers_arrive",
    "src/yingting/planning/tests/test_living_hall.py::test_a_whole_day_ends",
)
# What asks for pages, or for the API with a token: its cases differ in who asks and what is typed, not in the SQL.
ASKING = {"client", "tokens"}


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL run what another database can change: the rest has proved all it can on SQLite."""
    if connection.vendor == "sqlite":
        return
    here, asked = [], set()
    for item in items:
        test = item.nodeid.partition("[")[0]
        is_again = test in asked and hasattr(item, "callspec")
        if _meets_the_database(item) and not is_again:
            here.append(item)
        if ASKING & set(getattr(item, "fixturenames", ())):
            asked.add(test)
    left = set(here)
    config.hook.pytest_deselected(items=[item for item in items if item not in left])
    items[:] = here


def _meets_the_database(item):
    if item.nodeid.startswith(FROM_THE_LAKE) and not item.nodeid.startswith(BUT):
        return False
    if item.nodeid.startswith(WHOLE_DAYS):
        return False
    if item.nodeid.startswith(NEAR_THE_DATABASE) or item.get_closest_marker("django_db"):
        return True
    return bool({"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())))


# Monday, 5 January 2026, 10:00 in Shanghai: the hall of the cast is open.
TEN_O_CLOCK = dt.datetime(2026, 1, 5, 2, 0, tzinfo=dt.UTC)

TransactionTestCase._fixture_teardown = emptied


@pytest.fixture(autouse=True)
def _forget_what_processes_remember():
    """Ids are new in every test, but a remembered actor or setup must never decide one."""
    from django.conf import settings
    from django.core.cache import cache
    from django.utils import translation

    # A page in English leaves its thread in English; the next test begins in the house's language.
    translation.activate(settings.LANGUAGE_CODE)

    from yingting.domains.queueing.actions import days
    from yingting.domains.queueing.queries import setup, tickets
    from yingting.web import api

    for kept in (days._opened, setup._setups, tickets._seats, setup._rules, api._actors):
        kept.clear()
    cache.clear()


@pytest.fixture
def now() -> dt.datetime:
    return TEN_O_CLOCK


@pytest.fixture
def cast(db):
    from yingting.planning.cast import raise_curtain

    return raise_curtain()


@pytest.fixture
def committed_cast(transactional_db):
    """The cast, committed: for tests with several connections or processes."""
    from yingting.planning.cast import raise_curtain

    return raise_curtain()


@pytest.fixture
def actor_of():
    """Return the actor of a member of the cast by staff number."""
    from yingting.foundation.people.access import actor_for_person
    from yingting.foundation.people.models import Person

    return lambda staff_no: actor_for_person(Person.objects.get(staff_no=staff_no))
