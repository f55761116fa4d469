"""Fixtures for all tests: the cast, a fixed clock, both databases.

YINGTING_DATABASE_URL chooses the database; scripts/test runs the suite once on each.
"""

from __future__ import annotations

import datetime as dt
import os
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

# A run says the same twice: examples follow from the test. YINGTING_EXPLORE=1 looks at new ones each time.
hypothesis_settings.register_profile("same", derandomize=True, deadline=None)
hypothesis_settings.register_profile("explore", print_blob=True, deadline=None)
hypothesis_settings.load_profile("explore" if os.environ.get("YINGTING_EXPLORE") else "same")


def pytest_configure(config):
    """Tests speak Chinese: the catalogues are compiled before the first of them (once, not by every worker)."""
    if not hasattr(config, "workerinput"):
        from yingting.web.translations import compile_catalogues

        compile_catalogues()


# What starts processes of its own, or speaks with a database past Django's fixtures.
NEAR_THE_DATABASE = ("tests/races", "tests/api", "src/yingting/web", "src/yingting/foundation/live")


def pytest_collection_modifyitems(config, items):
    """Tests that touch no database run once, on SQLite: another database changes nothing for them."""
    if connection.vendor == "sqlite":
        return
    here = [item for item in items if _meets_the_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not _meets_the_database(item)])
    items[:] = here


def _meets_the_database(item):
    if item.nodeid.startswith(NEAR_THE_DATABASE) or item.get_closest_marker("django_db"):
        return True
    return bool({"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())))


# Monday, 5 January 2026, 10:00 in Shanghai: the hall of the cast is open.
TEN_O_CLOCK = dt.datetime(2026, 1, 5, 2, 0, tzinfo=dt.UTC)

_flush = TransactionTestCase._fixture_teardown


def _flush_with_the_journal(self):
    """Emptying the database between tests is the one time when facts, and what else only grows, may go."""
    from yingting.foundation.journal import triggers

    for table in triggers.growing_tables():
        triggers.remove(connection, table)
    try:
        _flush(self)
    finally:
        for table in triggers.growing_tables():
            triggers.install(connection, table)


TransactionTestCase._fixture_teardown = _flush_with_the_journal


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
