"""The time at the counters and in forced diversion: folded, and counted once more second by second from the facts."""

import datetime as dt
from itertools import pairwise

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from yingting.domains.queueing.tables import COUNTER_TIME, MODES, STEERINGS, Labels, fold_day
from yingting.domains.queueing.tests.journals import MONDAY, OPENINGS, Day, days

LABELS = Labels("H01", "Asia/Shanghai", counters={"c1": "1"}, clerks={"kc1": "1001"}, businesses={"b0": "Fee"})
SECOND = dt.timedelta(seconds=1)
MIDNIGHT = dt.datetime(2026, 1, 5, 16, tzinfo=dt.UTC)
COLUMNS = ("open_s", "serving_s", "way_s", "paused_s", "idle_s", "idle_waiting_s")


def state_at(facts, at):
    """Return the kind and data of the last fact up to a moment of each subject, with what it kept from before."""
    found = {}
    for fact in facts:
        if fact["occurred_at"] <= at:
            kept = found.get(fact["subject"], {})
            found[fact["subject"]] = {**kept, **fact["data"], "kind": fact["kind"]}
            if fact["kind"] == "ticket.called":
                found[fact["subject"]]["for_counter"] = None  # it has come to where it was sent
            if fact["kind"] in ("ticket.reclassed", "ticket.recalled", "ticket.verified", "ticket.rating_asked",
                                "ticket.business_added", "ticket.business_next", "ticket.rated"):  # fmt: skip
                found[fact["subject"]]["kind"] = kept["kind"]  # the ticket stays what it was
    return found


def second_by_second(facts):
    """What each session did in each second: independent of the fold, and as slow as it is simple."""
    if not facts:
        return {}
    until = min(max(fact["occurred_at"] for fact in facts), MIDNIGHT)
    opened = {fact["subject"]: fact for fact in facts if fact["kind"] == "session.opened"}
    closed = {fact["subject"]: fact["occurred_at"] for fact in facts if fact["kind"] == "session.closed"}
    spent = {session: dict.fromkeys(COLUMNS, 0) for session in opened}
    moments = sorted({fact["occurred_at"] for fact in facts} | {until})
    for at, after in pairwise(moments):
        seen = state_at(facts, at)
        tickets = [one for one in seen.values() if one["kind"].startswith("ticket.")]
        for session, fact in opened.items():
            if fact["occurred_at"] > at or at >= closed.get(session, until):
                continue
            own = {one["kind"] for one in tickets if one.get("session") == session}
            counter = fact["data"]["counter"]
            waiting = any(
                one["kind"] in ("ticket.issued", "ticket.returned", "ticket.transferred")
                and one.get("for_counter") in (None, counter)
                for one in tickets
            )
            doing = (
                "serving_s" if "ticket.started" in own
                else "way_s" if "ticket.called" in own
                else "paused_s" if seen[session]["kind"] == "session.paused"
                else "idle_s"
            )  # fmt: skip
            length = (after - at) / SECOND
            spent[session]["open_s"] += length
            spent[session][doing] += length
            spent[session]["idle_waiting_s"] += length if doing == "idle_s" and waiting else 0
    return spent


@settings(max_examples=50, deadline=None)
@given(day=days())
def test_the_time_of_every_session_is_that_of_its_moments_added_up(day):
    facts = day.facts()
    rows = fold_day(facts, LABELS).counter_time
    assert {row["session"]: {name: row[name] for name in COLUMNS} for row in rows} == second_by_second(facts)
    for row in rows:
        assert row["open_s"] == row["serving_s"] + row["way_s"] + row["paused_s"] + row["idle_s"]
        assert row["idle_waiting_s"] <= row["idle_s"]


@settings(max_examples=50, deadline=None)
@given(day=days(), late=st.integers(0, 80))
def test_facts_that_are_not_there_yet_only_shorten_what_is_told(day, late):
    facts = [fact for place, fact in enumerate(day.facts()) if place != late]
    whole, known = (fold_day(some, LABELS) for some in (day.facts(), facts))
    assert len(known.counter_time) <= len(whole.counter_time)
    for table, rows in ((COUNTER_TIME, known.counter_time), (MODES, known.modes), (STEERINGS, known.steerings)):
        assert all(list(row) == table.schema.names for row in rows)
    for row in known.counter_time:
        assert row["open_s"] == row["serving_s"] + row["way_s"] + row["paused_s"] + row["idle_s"]


def walked(*steps, opens=OPENINGS[0]):
    return Day("", MONDAY, opens).walk((what, pick, minutes * 60) for what, pick, minutes in steps)


def time_of(day, counter="1"):
    (row,) = [row for row in fold_day(day.facts(), LABELS).counter_time if row["counter"] == counter]
    return {name.removesuffix("_s"): row[name] / 60 for name in COLUMNS} | {"closed": row["closed_at"] is not None}


def test_a_day_at_a_counter_is_split_into_what_it_was_spent_on():
    day = walked(
        ("issue", 0, 5),  # nobody for five minutes
        ("call", 0, 2),  # one waited for two
        ("start", 0, 1),
        ("pause", 0, 4),  # while serving: not paused yet
        ("issue", 1, 0),
        ("finish", 0, 3),
        ("unpause", 0, 6),  # another waits, but the counter is paused
        ("close", 0, 2),
    )  # fmt: skip
    assert time_of(day) == {
        "open": 23, "serving": 7, "way": 1, "paused": 6, "idle": 9, "idle_waiting": 4, "closed": True,
    }  # fmt: skip


def test_somebody_sent_to_one_counter_waits_for_that_counter_alone():
    day = walked(("issue", 0, 0), ("send", 3, 1), ("close", 0, 10))  # to c1, whose session is the first
    assert day.tickets["t0002"]["for"] == "c1"
    assert (time_of(day)["idle_waiting"], time_of(day, "c2")["idle_waiting"]) == (11, 1)


def test_an_open_session_is_counted_up_to_the_days_last_fact_but_not_beyond_midnight():
    day = walked(("issue", 0, 5), opens=OPENINGS[1])
    assert time_of(day)["open"] == 5
    day.walk([("issue", 0, 20 * 60)])
    assert (time_of(day)["open"], time_of(day)["closed"]) == (10, False)
    day.walk([("close", 0, 5 * 60)])  # a session that is really closed after midnight is told as it was
    assert (time_of(day)["open"], time_of(day)["idle_waiting"], time_of(day)["closed"]) == (30, 25, True)


@pytest.mark.req("QUE-09", "QUE-10")
def test_a_stretch_of_forced_diversion_and_the_answers_in_it_are_rows():
    day = walked(("force", 0, 0), ("accept", 0, 1), ("accept", 1, 1), ("insist", 0, 1), ("issue", 0, 7))
    (running,) = fold_day(day.facts(), LABELS).modes
    assert (running["forced_s"], running["ended_at"], running["why"]) == (600.0, None, None)
    rows = fold_day(day.end().facts(), LABELS)
    assert [(row["forced_s"], row["why"]) for row in rows.modes] == [(600.0, "day_end")]
    assert sorted((row["answer"], row["business"], row["shown_at"]) for row in rows.steerings) == [
        ("accepted", "b1", "kiosk"), ("insisted", "Fee", "guide"),
    ]  # fmt: skip
