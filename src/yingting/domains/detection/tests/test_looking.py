"""A look over the cases in the database: issues with the cases behind them, batches, and nothing of a text anywhere."""

import datetime as dt

import pytest
from django.db import connection

from yingting.domains.cases.actions import closing
from yingting.domains.detection.actions.looking import look_over
from yingting.domains.detection.models import Batch, BatchMember, HotIssue, Look
from yingting.domains.detection.queries import standouts
from yingting.domains.detection.tests.conftest import H01, H02
from yingting.foundation.journal.models import Fact
from yingting.kernel.actors import SYSTEM
from yingting.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
SAME = (
    "宽带从周二开始一直断网，报修没人来",
    "宽带从周二开始一直断网,报修没有人来!",
    "家里宽带从周二开始一直断网，报修没人来",
)


def look(now):
    return Look.objects.get(pk=look_over(last=(now + dt.timedelta(hours=8)).date(), actor=SYSTEM, now=now))


@pytest.fixture
def surge(complaints, now):
    """Two months with a complaint now and then in both halls, and nine about broadband in one of them today."""
    for n in range(1, 9):
        complaints.some(1, now - 7 * n * DAY, category="network.mobile", unit=H02, text=f"手机在地下室没有信号第{n}周")
        complaints.some(1, now - (7 * n + 2) * DAY, text=f"装宽带预约的时间不合适{'再' * n}")
    return complaints.some(9, now, text="网速太慢")


@pytest.mark.req("CMP-16")
def test_a_surge_is_an_issue_with_its_figures_and_the_cases_behind_it(surge, actor_of, now):
    seen = look(now + dt.timedelta(hours=1))
    (lead,) = standouts.issues_for(actor_of("9001"), seen)
    assert (lead.unit.path, lead.category, lead.seen) == (H01, "network.broadband", 9)
    assert lead.expected == 0.0
    assert lead.by_chance < lead.share_false < 0.01
    assert lead.since == dt.date(2026, 1, 5)
    assert sum(lead.daily[-lead.window :]) == 9
    assert {(part.unit.code, part.category) for part in lead.parts} >= {("TH", "network"), ("GD", "network.broadband")}
    file = standouts.issue_of(actor_of("9001"), lead.id)
    assert {line.id for line in file.cases} == set(surge)


def test_an_issue_shows_only_what_the_reader_may_see(surge, actor_of, now):
    seen = look(now + dt.timedelta(hours=1))
    manager = actor_of("1301")
    assert {one.unit.path for one in standouts.issues_for(manager, seen)} == {H01}
    province = HotIssue.objects.filter(unit__path="GD/").first()
    for stranger, issue in ((manager, province), (actor_of("2001"), HotIssue.objects.first())):
        with pytest.raises(Refusal) as told:
            standouts.issue_of(stranger, issue.pk)
        assert told.value.code == "detection.unknown"


def test_texts_nearly_the_same_in_two_halls_are_a_batch(complaints, actor_of, now):
    same = [complaints.about(None, now, text=text, unit=unit) for text, unit in zip(SAME, (H01, H02, H01), strict=True)]
    complaints.about(None, now, text="营业员态度很差，不愿意解释套餐内容")
    seen = look(now + DAY)
    (batch,) = standouts.batches_for(actor_of("9001"), seen)
    assert {one.line.id for one in batch.members} == set(same)
    assert batch.units == ("体育西营业厅", "天河路营业厅")
    assert min(one.percent for one in batch.members) >= 60
    # The hall's own manager sees two of the three: too few to be a batch to them.
    assert standouts.batches_for(actor_of("1301"), seen) == []
    with pytest.raises(Refusal):
        standouts.batch_of(actor_of("1301"), batch.id)


def test_cases_of_one_customer_are_proposed_for_merging_and_nothing_is_merged(complaints, actor_of, now):
    phones = ("13800005678", "138 0000 5678", "13900001111")
    same = [complaints.about(None, now, text=text, phone=phone) for text, phone in zip(SAME, phones, strict=True)]
    seen = look(now + DAY)
    (listed,) = standouts.batches_for(actor_of("9001"), seen)
    (group,) = standouts.batch_of(actor_of("9001"), listed.id).same
    assert {line.id for line in group} == set(same[:2])
    assert {one.line.state for one in listed.members} == {"open"}
    # Once somebody has merged two, the third alone with them is no batch any more.
    closing.merge(case=same[0], into=same[1], actor=actor_of("9001"), now=now + DAY)
    assert standouts.batches_for(actor_of("9001"), look(now + DAY)) == []


def test_nothing_of_a_text_is_kept_or_logged(complaints, now, caplog):
    for text in SAME:
        complaints.about(None, now, text=text)
    caplog.set_level(0)
    look(now + DAY)
    assert Batch.objects.count() == 1
    kept = "".join(str(row) for model in (Look, HotIssue, Batch, BatchMember) for row in model.objects.values_list())
    kept += "".join(str(fact.data) for fact in Fact.objects.all())
    logged = "".join(record.getMessage() for record in caplog.records if record.name.startswith("yingting"))
    assert not any(part in kept + logged for part in ("断网", "周二", "报修"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT daily, category FROM detection_hotissue")
        assert "宽带" not in str(cursor.fetchall())


def test_a_quiet_house_and_an_empty_one_have_nothing_to_show(cast, actor_of, now):
    seen = look(now)
    assert (seen.cells, seen.texts) == (0, 0)
    assert standouts.issues_for(actor_of("9001"), seen) == []
    assert Fact.objects.get(kind="cases.looked_over").data == {
        "last": "2026-01-05",
        "cells": 0,
        "issues": 0,
        "batches": 0,
    }


def test_looks_of_long_ago_go(cast, now):
    look(now - 100 * DAY)
    look(now)
    assert Look.objects.count() == 1
