"""The fold of alerts: the rows tell what the table of alerts tells, and what the facts alone know."""

import datetime as dt

import pyarrow as pa
import pytest

from yingting.domains.peaks.actions.answering import take_measure
from yingting.domains.peaks.models import Alert
from yingting.domains.peaks.tables import ALERTS, PREFIXES, fold_alerts
from yingting.foundation.journal.settled import Window, facts_of_day


def folded(day):
    window = Window(PREFIXES, dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))
    return fold_alerts(facts_of_day(window, day.cast.hall, day.now.date()), "H01")


@pytest.mark.req("QUE-08")
def test_an_alert_that_lapses_rises_and_is_acted_on_is_one_row(day, actor_of):
    day.come(3)
    day.look()
    day.pass_(6)
    assert day.look() == ["lapsed"]
    day.come(6)
    day.look()
    day.pass_(1)
    take_measure(hall=day.cast.hall, measure="send_guide", actor=actor_of("1201"), now=day.now)
    alert = Alert.objects.get(kind="peak")
    (row,) = [row for row in folded(day) if row["kind"] == "peak"]
    assert row == {
        "hall": "H01", "business_day": alert.business_day, "alert": str(alert.pk), "kind": "peak", "level": alert.level,
        "raised_at": alert.raised_at, "act_by": alert.act_by,
        "acted_after_s": (alert.acted_at - alert.raised_at).total_seconds(), "lapses": alert.lapses, "lapsed": True,
        "ended_at": None, "lasted_s": None, "why": None,
    }  # fmt: skip
    assert (row["level"] > 1, row["lapses"], row["acted_after_s"]) == (True, 1, 420.0)
    assert pa.Table.from_pylist([row], schema=ALERTS.schema).to_pylist() == [row]


def fact(version, told, at=0, **data):
    when = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC) + dt.timedelta(seconds=at)
    return {"kind": f"alert.{told}", "subject": "a", "version": version, "occurred_at": when,
            "business_day": when.date(), "data": data}  # fmt: skip


RAISED = fact(1, "raised", kind="peak", level=2, act_by="2026-01-05T02:05:00+00:00")


def test_a_fact_that_is_not_settled_yet_hides_what_follows_it():
    acted, ended = fact(2, "acted", 60), fact(3, "ended", 90, why="over")
    (known,) = fold_alerts([RAISED, ended], "H01")
    assert (known["acted_after_s"], known["ended_at"], known["lapsed"]) == (None, None, False)
    (whole,) = fold_alerts([RAISED, acted, ended], "H01")
    assert (whole["acted_after_s"], whole["lasted_s"], whole["why"]) == (60.0, 90.0, "over")
    assert fold_alerts([acted], "H01") == []


def test_a_level_that_was_eased_stays_the_highest_it_reached():
    (row,) = fold_alerts([RAISED, fact(2, "eased", 60, level=1)], "H01")
    assert (row["level"], row["act_by"]) == (2, dt.datetime(2026, 1, 5, 2, 5, tzinfo=dt.UTC))
