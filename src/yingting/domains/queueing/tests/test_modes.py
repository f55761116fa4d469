"""Normal and forced mode of a hall."""

from __future__ import annotations

import datetime as dt

import pytest

from yingting.domains.queueing.actions.days import close_day, ensure_day
from yingting.domains.queueing.actions.modes import end_forced_mode, start_forced_mode
from yingting.domains.queueing.models import ForcedMode
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.foundation.journal.models import Fact
from yingting.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db


@pytest.mark.req("QUE-09")
def test_a_stretch_of_forced_mode_has_a_start_an_end_a_reason_and_people(cast, now, actor_of):
    manager = actor_of("1201")
    begun = start_forced_mode(hall=cast.hall, reason="月末高峰", actor=manager, now=now)
    assert fresh_setup(cast.hall).forced == begun.id
    ended = end_forced_mode(hall=cast.hall, actor=manager, now=now + dt.timedelta(minutes=25))
    assert fresh_setup(cast.hall).forced is None
    assert (ended.id, ended.reason, ended.ended_at) == (begun.id, "月末高峰", now + dt.timedelta(minutes=25))
    row = ForcedMode.objects.get()
    assert (row.started_by_id, row.ended_by_id) == (manager.id, manager.id)
    assert [
        (fact.kind, fact.version, fact.data) for fact in Fact.objects.filter(subject=row.pk).order_by("version")
    ] == [
        ("mode.forced", 1, {"reason": "月末高峰"}),
        ("mode.normal", 2, {"why": "ended", "minutes": 25.0}),
    ]


def test_a_hall_is_forced_once_at_a_time_and_ends_what_runs(cast, now, actor_of):
    manager = actor_of("1201")
    with pytest.raises(Refusal) as none_runs:
        end_forced_mode(hall=cast.hall, actor=manager, now=now)
    start_forced_mode(hall=cast.hall, reason="高峰", actor=manager, now=now)
    with pytest.raises(Refusal) as runs_already:
        start_forced_mode(hall=cast.hall, reason="高峰", actor=manager, now=now)
    assert (none_runs.value.code, runs_already.value.code) == ("mode.normal", "mode.forced")
    assert ForcedMode.objects.count() == 1


@pytest.mark.parametrize(("who", "reason", "code"), [
    ("1001", "高峰", "access.refused"), ("2001", "高峰", "hall.unknown"), ("1201", "  ", "reason.needed"),
])  # fmt: skip
def test_only_who_supervises_the_queue_switches_and_says_why(cast, now, actor_of, who, reason, code):
    with pytest.raises(Refusal) as refused:
        start_forced_mode(hall=cast.hall, reason=reason, actor=actor_of(who), now=now)
    assert refused.value.code == code
    assert not ForcedMode.objects.exists()


def test_the_end_of_the_day_ends_the_mode(cast, now, actor_of):
    manager = actor_of("1201")
    ensure_day(fresh_setup(cast.hall), day=now.date(), now=now, actor=manager)
    start_forced_mode(hall=cast.hall, reason="高峰", actor=manager, now=now)
    close_day(hall=cast.hall, day=now.date(), actor=manager, now=now + dt.timedelta(hours=7))
    row = ForcedMode.objects.get()
    assert (row.ended_at, Fact.objects.get(subject=row.pk, version=2).data["why"]) == (
        now + dt.timedelta(hours=7),
        "day_end",
    )
    assert fresh_setup(cast.hall).forced is None
