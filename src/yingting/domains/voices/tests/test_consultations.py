"""Before a rule is published the front line is asked: too few, too early, unanswered comments and other drafts do not count."""

import dataclasses
import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from yingting.domains.voices.actions.consulting import (
    Question,
    answer,
    finish,
    give_up,
    open_consultation,
    settle_comment,
)
from yingting.domains.voices.models import Consultation, Invitation, RuleGround
from yingting.domains.voices.queries import consultations
from yingting.domains.voices.queries.rules_in_force import CONSULTING
from yingting.domains.voices.rules import Outcome, Stance
from yingting.domains.voices.tests.conftest import id_of, later, refused
from yingting.foundation.editing.rulebook.actions import publish_rule
from yingting.foundation.notify.models import Message
from yingting.foundation.rulebook.guards import remarks_on
from yingting.foundation.rulebook.kinds import as_body, kinds
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.kernel.clocks import system_now

pytestmark = pytest.mark.django_db
FRONT = ("1001", "1011", "1101")


@pytest.fixture
def now():
    """A rule begins today or later, and today is the system's."""
    return system_now()


def scorecard():
    return kinds()["evidence.scorecard"]


def publish(actor, now, rule=None, **more):
    kind, unit = scorecard(), Unit.objects.get(code="GD")
    return publish_rule(
        kind, unit=unit.pk, rule=rule or kind.shipped, valid_from=now.date() + dt.timedelta(days=30), actor=actor, now=now, **more
    )  # fmt: skip


def question(now, **more):
    kind = scorecard()
    asked = {
        "unit": Unit.objects.get(code="GD").pk, "title": "新的考核办法", "text": "请大家看看", "roles": ("clerk", "guide"),
        "closes_on": now.date() + dt.timedelta(days=3), "rule_kind": kind.code, "body": as_body(kind, kind.shipped),
    }  # fmt: skip
    return Question(**{**asked, **more})


@pytest.fixture
def asked(clerks, actor_of, now):
    return Consultation.objects.get(pk=open_consultation(question=question(now), actor=actor_of("9901"), now=now))


def all_agree(asked, actor_of, now):
    for staff_no in (*FRONT, "2011"):
        answer(consultation=asked.pk, stance=Stance.AGREE, words="", actor=actor_of(staff_no), now=now)


@pytest.mark.req("VOX-04")
def test_a_kind_that_needs_it_is_not_published_without_a_finished_consultation(asked, actor_of, now):
    admin = actor_of("9901")
    refused("rule.held", publish, actor=admin, now=now)
    assert not RuleVersion.objects.filter(kind="evidence.scorecard").exists()
    all_agree(asked, actor_of, now)
    refused("rule.held", publish, actor=admin, now=now)  # everybody has said something, and nobody has finished it
    finish(consultation=asked.pk, summary="一致同意", actor=admin, now=now)
    version = publish(admin, now)
    ground = RuleGround.objects.get(version=version)
    assert (ground.consultation_id, ground.is_as_drafted, ground.urgent) == (asked.pk, True, "")
    (remark,) = remarks_on([version.pk])[version.pk]
    assert "新的考核办法" in remark.text
    refused("rule.held", publish, actor=admin, now=now)  # one record, one version
    with pytest.raises(DatabaseError), transaction.atomic():
        RuleGround.objects.all().delete()


def test_other_kinds_are_published_as_before(cast, actor_of, now):
    kind = kinds()["takings.methods"]
    publish_rule(
        kind, unit=Unit.objects.get(code="GD").pk, rule=kind.shipped, valid_from=now.date() + dt.timedelta(days=1),
        actor=actor_of("9901"), now=now,
    )  # fmt: skip
    assert RuleGround.objects.count() == 0


def test_in_an_emergency_it_is_published_with_a_reason_that_is_shown(cast, actor_of, now):
    refused("rule.held", publish, actor=actor_of("9901"), now=now, urgent="  ")
    version = publish(actor_of("9901"), now, urgent="省公司要求当日执行")
    ((ground, title),) = consultations.unconsulted(actor_of("1001"))
    assert (ground.version_id, ground.urgent, title) == (version.pk, "省公司要求当日执行", "评分卡")
    (remark,) = remarks_on([version.pk])[version.pk]
    assert "省公司要求当日执行" in remark.text


def test_too_few_of_the_front_line_and_too_little_time_are_refused(clerks, actor_of, now):
    asked = {"actor": actor_of("9901"), "now": now}
    few = question(now, roles=("duty_manager", "hall_manager"), people=(id_of("1001"),))
    refused("consultation.few", open_consultation, question=few, **asked)
    short = question(now, closes_on=now.date() + dt.timedelta(days=1))
    refused("consultation.short", open_consultation, question=short, **asked)
    refused("access.refused", open_consultation, question=question(now), actor=actor_of("9001"), now=now)
    refused("consultation.unknown", open_consultation, question=question(now, body="none"), **asked)
    refused("consultation.draft_wrong", open_consultation, question=question(now, body={}), **asked)
    refused("consultation.unknown", open_consultation, question=question(now, rule_kind="no.such"), **asked)


def test_everybody_asked_is_told_and_nobody_else_sees_it(asked, actor_of, now):
    told = set(Message.objects.filter(kind="consultation.asked").values_list("person__staff_no", flat=True))
    assert told == {*FRONT, "2011"}
    assert set(Invitation.objects.filter(is_front=True).values_list("person__staff_no", flat=True)) == told
    assert [row.consultation_id for row in consultations.to_answer(actor_of("1001"), now)] == [asked.pk]
    refused("consultation.unknown", consultations.page_of, actor=actor_of("1201"), consultation=asked.pk, now=now)
    refused(
        "consultation.unknown", answer, consultation=asked.pk, stance=Stance.AGREE, words="", actor=actor_of("9901"), now=now
    )  # fmt: skip


def test_it_is_finished_only_when_time_is_over_enough_have_answered_and_each_comment_is(asked, actor_of, now):
    admin = actor_of("9901")
    end = {"consultation": asked.pk, "summary": "汇总", "actor": admin}
    refused(
        "consultation.words_missing",
        answer,
        consultation=asked.pk,
        stance=Stance.AGAINST,
        words=" ",
        actor=actor_of("1001"),
        now=now,
    )
    answer(consultation=asked.pk, stance=Stance.CHANGE, words="等候权重太高", actor=actor_of("1001"), now=now)
    answer(consultation=asked.pk, stance=Stance.AGREE, words="", actor=actor_of("1101"), now=now)
    refused("consultation.runs", finish, now=now, **end)
    over = later(now, days=4)
    refused("consultation.silent", finish, now=over, **end)
    refused(
        "consultation.over",
        answer,
        consultation=asked.pk,
        stance=Stance.AGREE,
        words="",
        actor=actor_of("1011"),
        now=over,
    )
    answer(consultation=asked.pk, stance=Stance.AGREE, words="", actor=actor_of("1011"), now=later(now, days=1))
    refused("consultation.open_comments", finish, now=over, **end)
    comment = Invitation.objects.get(consultation=asked, person=id_of("1001"))
    settled = {"consultation": asked.pk, "invitation": comment.pk, "now": over}
    refused("access.refused", settle_comment, outcome=Outcome.TAKEN, words="", actor=actor_of("1101"), **settled)
    refused("voice.field_missing", settle_comment, outcome=Outcome.NOT, words="", actor=admin, **settled)
    settle_comment(outcome=Outcome.TAKEN, words="降到 20 分", actor=admin, **settled)
    finish(now=over, **end)
    refused("consultation.over", finish, now=over, **end)
    asked.refresh_from_db()
    assert (asked.state, asked.summary) == ("finished", "汇总")


def test_another_rule_than_the_draft_needs_a_comment_that_was_taken(asked, actor_of, now):
    admin, shipped = actor_of("9901"), scorecard().shipped
    changed = dataclasses.replace(shipped, items=tuple(reversed(shipped.items)))
    assert as_body(scorecard(), changed) != as_body(scorecard(), shipped)
    all_agree(asked, actor_of, now)
    finish(consultation=asked.pk, summary="同意", actor=admin, now=now)
    refused("rule.held", publish, actor=admin, now=now, rule=changed)
    other = open_consultation(question=question(now), actor=admin, now=now)
    for staff_no in (*FRONT, "2011"):
        answer(consultation=other, stance=Stance.CHANGE, words="换个顺序", actor=actor_of(staff_no), now=now)
    for row in Invitation.objects.filter(consultation=other):
        settle_comment(
            consultation=other, invitation=row.pk, outcome=Outcome.PARTLY, words="已调整", actor=admin, now=now
        )
    finish(consultation=other, summary="按意见调整", actor=admin, now=now)
    ground = RuleGround.objects.get(version=publish(admin, now, rule=changed))
    assert (ground.consultation_id, ground.is_as_drafted) == (other, False)


def test_a_record_that_is_too_old_or_given_up_does_not_count(asked, actor_of, now):
    admin = actor_of("9901")
    all_agree(asked, actor_of, now)
    finish(consultation=asked.pk, summary="同意", actor=admin, now=now)
    held = {"kind": scorecard(), "path": "GD/", "key": "", "body": asked.body}
    assert consultations.missing_before(**held, now=later(now, days=CONSULTING.shipped.valid_days - 1)) == ""
    assert consultations.missing_before(**held, now=later(now, days=CONSULTING.shipped.valid_days + 1)) != ""
    other = open_consultation(question=question(now), actor=admin, now=now)
    give_up(consultation=other, why="方案取消", actor=admin, now=now)
    refused(
        "consultation.over", answer, consultation=other, stance=Stance.AGREE, words="", actor=actor_of("1001"), now=now
    )


def test_a_measure_in_words_is_put_before_people_too(clerks, actor_of, now):
    measure = question(now, rule_kind="", body=None, title="取消午休轮换", text="拟取消午休轮换，请发表意见")
    refused("access.refused", open_consultation, question=measure, actor=actor_of("1301"), now=now)
    pk = open_consultation(question=measure, actor=actor_of("9001"), now=now)
    page = consultations.page_of(actor_of("1001"), pk, now)
    assert (page.draft, page.asked, page.may_answer, page.runs) == ((), 4, True, False)
    answer(consultation=pk, stance=Stance.AGAINST, words="中午人最多", actor=actor_of("1001"), now=now)
    others = consultations.page_of(actor_of("1101"), pk, now)
    assert [(one.who, one.row.words) for one in others.comments] == [("", "中午人最多")]
