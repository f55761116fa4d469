"""The inbox page and its badge: one's own messages, for everybody who is signed in."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yingting.foundation.notify.models import Message
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.kernel.actors import SYSTEM
from yingting.planning.cast import PASSWORD


@pytest.fixture
def told(cast, now):
    def told(*staff_nos, link="/guide/"):
        telling = Telling("test.told", "Messages", Severity.URGENT, {}, body="Given up.", link=link)
        notify(people=[cast.people[one] for one in staff_nos], telling=telling, actor=SYSTEM, now=now)
        return Message.objects.get(person__staff_no=staff_nos[0])

    return told


@pytest.fixture
def as_(client):
    def as_(staff_no):
        assert client.login(username=staff_no, password=PASSWORD)
        return client

    return as_


def test_a_visitor_is_sent_to_sign_in(client, told):
    row = told("1001")
    for address in ("", "badge/"):
        assert client.get(f"/messages/{address}").status_code == 302
    for address in ("read/", f"{row.pk}/read/", f"{row.pk}/open/"):
        assert client.post(f"/messages/{address}")["Location"].startswith("/sign-in/")
        assert client.get(f"/messages/{address}").status_code == 405
    row.refresh_from_db()
    assert row.read_at is None


@pytest.mark.parametrize("staff_no", ["1001", "1101", "2001", "9001"])
def test_everybody_sees_their_own_and_no_one_elses(as_, told, staff_no):
    mine, other = told(staff_no), told("1301")
    client = as_(staff_no)
    page = client.get("/messages/").content.decode()
    assert (str(mine.pk) in page, str(other.pk) in page) == (True, False)
    for deed in ("read", "open"):
        assert client.post(f"/messages/{other.pk}/{deed}/").status_code == 404
    other.refresh_from_db()
    assert other.read_at is None


def test_the_badge_counts_and_goes(as_, told):
    row = told("1001")
    client = as_("1001")
    assert '<b>1<span class="visually-hidden"> 条未读</span></b>' in client.get("/messages/badge/").content.decode()
    assert client.post(f"/messages/{row.pk}/read/")["Location"] == "/messages/"
    assert "<b>" not in client.get("/messages/badge/").content.decode()
    assert "没有未读消息" in client.get("/messages/").content.decode()
    assert str(row.pk) in client.get("/messages/?show=all").content.decode()


def test_opening_reads_and_leads_only_into_this_house(as_, told):
    client, row = as_("1001"), told("1001")
    assert client.post(f"/messages/{row.pk}/open/")["Location"] == "/guide/"
    row.refresh_from_db()
    assert row.read_at is not None
    foreign = told("1101", link="//elsewhere.example/")
    assert as_("1101").post(f"/messages/{foreign.pk}/open/", {"show": "all"})["Location"] == "/messages/?show=all"


def test_all_that_was_shown_is_read_and_a_broken_moment_reads_all(as_, told, now):
    client, row = as_("1001"), told("1001")
    client.post("/messages/read/", {"shown_at": (now - dt.timedelta(minutes=1)).isoformat()})
    row.refresh_from_db()
    assert row.read_at is None
    client.post("/messages/read/", {"shown_at": "2026-99-99T00:00"})
    row.refresh_from_db()
    assert row.read_at is not None


def test_a_page_asks_once_for_the_badge(as_, told):
    told("1001")
    client = as_("1001")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get("/messages/?show=all")
    assert (
        sum("COUNT" in query["sql"] and "read_at" in query["sql"] and "IS NULL" in query["sql"] for query in queries)
        == 1
    )
