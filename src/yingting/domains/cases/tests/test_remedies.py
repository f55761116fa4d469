"""Linked actions: done by one, checked by another; a case is not closed before; their effect is looked at later."""

import datetime as dt

import pytest

from yingting.domains.cases.actions import closing, remedies
from yingting.domains.cases.actions.remedies import Plan, set_remedy
from yingting.domains.cases.models import Case, Remedy
from yingting.domains.cases.queries.remedies import seen_by, to_do
from yingting.domains.cases.tests.stories import H01, answered, called_back, id_of, minutes, verified
from yingting.foundation.journal.models import Fact
from yingting.foundation.notify.models import Message
from yingting.kernel.actors import SYSTEM
from yingting.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def story(cast, actor_of, now):
    case = verified(actor_of, now)
    answered(case, actor_of, now)
    return case


def plan(now, **changes):
    today = now.date()
    values = {
        "sort": "corrective", "what": "办理前逐条确认合约期", "unit": H01, "owner": id_of("1201"), "verifier": id_of("1301"),
        "due_on": today + 3 * DAY, "look_on": today + 33 * DAY,
    }  # fmt: skip
    return Plan(**(values | changes))


def refused(code, act, **arguments):
    facts = Fact.objects.count()
    with pytest.raises(Refusal) as told:
        act(**arguments)
    assert (told.value.code, Fact.objects.count()) == (code, facts)


@pytest.mark.req("CMP-08")
def test_a_case_is_not_closed_while_its_action_is_open(story, actor_of, now):
    manager = actor_of("1301")
    linked = set_remedy(case=story.id, plan=plan(now), actor=manager, now=minutes(now, 17))
    called_back(story, actor_of, now)
    refused("case.gate", closing.close, case=story.id, actor=manager, now=minutes(now, 23))
    remedies.submit(remedy=linked, note="已改流程卡", actor=actor_of("1201"), now=minutes(now, 24))
    refused("case.gate", closing.close, case=story.id, actor=manager, now=minutes(now, 25))
    remedies.check(remedy=linked, is_done=True, actor=manager, now=minutes(now, 26))
    closing.close(case=story.id, actor=manager, now=minutes(now, 27))
    assert Case.objects.get(pk=story.id).state == "closed"


def test_who_does_it_does_not_check_it_and_only_the_checker_gives_it_up(story, actor_of, now):
    manager, duty = actor_of("1301"), actor_of("1201")
    at = minutes(now, 17)
    same = plan(now, verifier=id_of("1201"))
    refused("remedy.same", set_remedy, case=story.id, plan=same, actor=manager, now=at)
    linked = set_remedy(case=story.id, plan=plan(now), actor=manager, now=at)
    refused("remedy.owner_only", remedies.submit, remedy=linked, note="好了", actor=manager, now=at)
    refused("remedy.verifier_only", remedies.cancel, remedy=linked, reason="不做了", actor=duty, now=at)
    refused("case.words_missing", remedies.cancel, remedy=linked, reason=" ", actor=manager, now=at)
    remedies.submit(remedy=linked, note="好了", actor=duty, now=at)
    refused("remedy.verifier_only", remedies.check, remedy=linked, is_done=True, actor=duty, now=at)
    remedies.check(remedy=linked, is_done=False, note="现场仍是旧卡", actor=manager, now=at)
    row = Remedy.objects.get(pk=linked)
    assert (row.state, row.returns) == ("open", 1)
    remedies.cancel(remedy=linked, reason="并入全市统一整改", actor=manager, now=at)
    assert Remedy.objects.get(pk=linked).state == "cancelled"
    steps = (
        Fact.objects.filter(subject=linked, kind="remedy.moved")
        .order_by("version")
        .values_list("data__step", flat=True)
    )
    assert list(steps) == ["submitted", "returned", "cancelled"]


def test_more_time_is_granted_by_the_checker_and_the_first_day_stays_known(story, actor_of, now):
    manager, duty, day = actor_of("1301"), actor_of("1201"), now.date()
    linked = set_remedy(case=story.id, plan=plan(now), actor=manager, now=minutes(now, 17))
    remedies.ask_longer(remedy=linked, due_on=day + 9 * DAY, reason="等系统升级", actor=duty, now=minutes(now, 18))
    assert Remedy.objects.get(pk=linked).due_on == day + 3 * DAY
    remedies.answer_longer(remedy=linked, grants=True, actor=manager, now=minutes(now, 19))
    row = Remedy.objects.get(pk=linked)
    assert (row.due_on, row.first_due_on, row.asked_due_on) == (day + 9 * DAY, day + 3 * DAY, None)
    refused("remedy.state", remedies.answer_longer, remedy=linked, grants=True, actor=manager, now=minutes(now, 20))


def test_who_is_to_act_is_told_when_it_is_due_once_a_day_and_later_who_looks_at_the_effect(story, actor_of, now):
    manager, duty = actor_of("1301"), actor_of("1201")
    linked = set_remedy(case=story.id, plan=plan(now), actor=manager, now=minutes(now, 17))
    assert remedies.remind(actor=SYSTEM, now=now + 2 * DAY) == 0
    assert remedies.remind(actor=SYSTEM, now=now + 5 * DAY) == 1  # a missed run loses nothing
    assert remedies.remind(actor=SYSTEM, now=now + 5 * DAY) == 0
    assert Message.objects.filter(person=duty.person, kind="remedy.told").count() == 2
    remedies.submit(remedy=linked, note="好了", actor=duty, now=now + 5 * DAY)
    remedies.check(remedy=linked, is_done=True, actor=manager, now=now + 5 * DAY)
    assert list(to_do(manager)) == [Remedy.objects.get(pk=linked)]
    assert remedies.remind(actor=SYSTEM, now=now + 40 * DAY) == 1
    refused("case.effect_by_doer", remedies.look_at_remedy, remedy=linked, effect="better", actor=duty, now=now)
    remedies.look_at_remedy(remedy=linked, effect="better", note="本月无同类投诉", actor=manager, now=now + 40 * DAY)
    assert list(to_do(manager)) == []


def test_nobody_sees_an_action_of_another_hall_unless_it_is_theirs(story, actor_of, now):
    linked = set_remedy(case=story.id, plan=plan(now), actor=actor_of("1301"), now=minutes(now, 17))
    outsider = actor_of("2001")
    assert not seen_by(outsider).exists()
    refused("remedy.unknown", remedies.submit, remedy=linked, note="x", actor=outsider, now=now)
    assert seen_by(actor_of("1201")).count() == 1
