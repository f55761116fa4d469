"""Suggestions: an owner and a clock, one person one vote, joined with their votes, answered to all, made into actions."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from yingting.domains.cases.actions.handling import move
from yingting.domains.cases.actions.remedies import Plan
from yingting.domains.cases.models import Case, Clock, Remedy
from yingting.domains.voices.actions.campaigning import Announcement, open_campaign, thank
from yingting.domains.voices.actions.suggesting import Idea, act_on, join, judge, suggest, support, withdraw_support
from yingting.domains.voices.models import Suggestion, Vote
from yingting.domains.voices.queries import campaigns, suggestions
from yingting.domains.voices.queries.rules_in_force import SUGGESTING
from yingting.domains.voices.rules import Judgement
from yingting.domains.voices.tests.conftest import id_of, later, refused
from yingting.foundation.editing.rulebook.actions import publish_rule
from yingting.foundation.journal.models import Fact
from yingting.foundation.notify.models import Message
from yingting.foundation.sites.models import Unit

pytestmark = pytest.mark.django_db
PLATES = Idea(
    "measure",
    "工号牌改为桌牌",
    "把工号牌改成桌牌，可以写上服务理念",
    "客户一眼看清是谁在服务",
    about="service",
    cost_fen=50_000,
)
ALIKE = Idea("idea", "建议用桌牌代替工号牌", "建议将工号牌改为桌牌，写服务理念", "更醒目", is_named=False)


@pytest.fixture
def plates(cast, actor_of, now):
    return Suggestion.objects.get(pk=suggest(idea=PLATES, actor=actor_of("1001"), now=now))


def told(kind):
    return set(Message.objects.filter(kind=kind).values_list("person__staff_no", flat=True))


@pytest.mark.req("VOX-01")
def test_a_suggestion_is_a_case_with_an_owner_and_a_clock(plates, now):
    case = Case.objects.get(pk=plates.case_id)
    assert (case.kind, case.channel, case.owner_id, case.first_asker_id) == (
        "suggestion", "staff", id_of("1301"), id_of("1001"),
    )  # fmt: skip
    answer = Clock.objects.get(case=case, code="answer")
    assert (answer.is_running, answer.limit["amount"], answer.limit["unit"]) == (True, 15, "working_days")
    assert told("suggestion.new") == {"1301"}


@pytest.mark.req("VOX-06")
@pytest.mark.req("VOX-07")
def test_kind_and_cost_are_kept_and_what_is_missing_is_asked_for(plates, actor_of, now):
    assert (plates.kind, plates.cost_fen, plates.shared_path) == ("measure", 50_000, "GD/GZ/")
    for wrong in (Idea("joke", "a", "b", "c"), Idea("idea", " ", "b", "c"), Idea("idea", "a", "b", "")):
        refused("voice.field_missing", suggest, idea=wrong, actor=actor_of("1001"), now=now)


def test_without_name_colleagues_and_the_case_do_not_tell_who_it_was_and_who_answers_does_see(cast, actor_of, now):
    pk = suggest(idea=ALIKE, actor=actor_of("1001"), now=now)
    row = Suggestion.objects.get(pk=pk)
    case = Case.objects.get(pk=row.case_id)
    assert (case.first_asker_id, case.owner_id) == (None, id_of("1301"))
    registered = Fact.objects.get(kind="case.registered", subject=case.pk)
    assert (registered.actor, registered.actor_label) == (None, "system")
    who = {no: suggestions.page_of(actor_of(no), pk, now).line.who for no in ("1001", "1101", "2001", "1301", "9001")}
    assert who == {"1001": "王芳", "1101": "", "2001": "", "1301": "王芳", "9001": "王芳"}


def test_a_manager_without_another_in_the_hall_is_answered_from_above(cast, actor_of, now):
    row = Suggestion.objects.get(pk=suggest(idea=PLATES, actor=actor_of("1301"), now=now))
    assert row.case.owner_id == id_of("9001")


def test_colleagues_of_the_city_read_it_and_a_rule_says_how_far(plates, actor_of, now):
    assert suggestions.page_of(actor_of("2001"), plates.pk, now).may_vote
    hall_only = type(SUGGESTING.shipped)(
        SUGGESTING.shipped.kinds, shared_within=type(SUGGESTING.shipped.shared_within)("hall")
    )
    publish_rule(
        SUGGESTING, unit=Unit.objects.get(code="GD").pk, rule=hall_only, valid_from=now.date() + dt.timedelta(days=3650 * 2),
        actor=actor_of("9901"), now=now,
    )  # fmt: skip
    then = later(now, days=3650 * 2)
    other = suggest(idea=PLATES, actor=actor_of("1001"), now=then)
    refused("voice.unknown", suggestions.page_of, actor=actor_of("2001"), suggestion=other, now=then)
    refused("voice.unknown", support, suggestion=other, actor=actor_of("2001"), now=then)


def test_one_person_has_one_vote_and_may_take_it_back_and_none_for_the_own(plates, actor_of, now):
    asked = {"suggestion": plates.pk, "now": now}
    refused("voice.own_vote", support, actor=actor_of("1001"), **asked)
    support(actor=actor_of("1101"), **asked)
    refused("voice.voted", support, actor=actor_of("1101"), **asked)
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(suggestion=plates, person_id=id_of("1101"), at=now)
    support(actor=actor_of("2001"), **asked)
    withdraw_support(actor=actor_of("1101"), **asked)
    refused("voice.not_voted", withdraw_support, actor=actor_of("1101"), **asked)
    plates.refresh_from_db()
    assert plates.votes == Vote.objects.filter(suggestion=plates).count() == 1


def test_similar_ones_are_shown_while_one_writes(plates, actor_of, now):
    suggest(
        idea=Idea("idea", "休息区加座位", "高峰时座位不够，建议加两排", "客户不用站着"), actor=actor_of("1101"), now=now
    )
    found = suggestions.similar(actor_of("2001"), "建议将工号牌改为桌牌", percent=30)
    assert [line.row.title for line in found] == ["工号牌改为桌牌"]
    assert suggestions.similar(actor_of("2001"), "牌", percent=30) == []


def test_joining_carries_votes_once_each_keeps_both_names_and_merges_the_cases(plates, actor_of, now):
    second = suggest(idea=ALIKE, actor=actor_of("1101"), now=later(now, minutes=5))
    for pk, no in ((plates.pk, "1201"), (second, "1201"), (second, "2001"), (second, "1001")):
        support(suggestion=pk, actor=actor_of(no), now=later(now, minutes=6))
    boss, at = actor_of("1301"), later(now, minutes=7)
    refused("voice.join_later", join, suggestion=plates.pk, into=second, actor=boss, now=at)
    refused("access.refused", join, suggestion=second, into=plates.pk, actor=actor_of("2001"), now=at)
    join(suggestion=second, into=plates.pk, actor=boss, now=at)
    plates.refresh_from_db()
    # 1201 had voted for both, 1001 made the earlier one; 2001's vote and the author's own support came along.
    votes = {vote.person.staff_no: vote.came_with_id for vote in Vote.objects.filter(suggestion=plates)}
    assert votes == {"1201": None, "1101": second, "2001": second}
    assert plates.votes == 3
    gone = Suggestion.objects.get(pk=second)
    assert (gone.author_id, gone.joined_into_id, gone.case.merged_into_id) == (id_of("1101"), plates.pk, plates.case_id)
    refused("voice.joined", support, suggestion=second, actor=actor_of("9001"), now=at)
    shown = suggestions.page_of(boss, plates.pk, at)
    assert [line.who for line in shown.joined] == ["李明"]


@pytest.mark.req("VOX-02")
def test_the_answer_stops_the_clock_and_reaches_all_who_supported_it(plates, actor_of, now):
    second = suggest(idea=ALIKE, actor=actor_of("1101"), now=now)
    join(suggestion=second, into=plates.pk, actor=actor_of("1301"), now=now)
    support(suggestion=plates.pk, actor=actor_of("2001"), now=now)
    at = later(now, hours=3)
    asked = {"suggestion": plates.pk, "judgement": Judgement.ADOPTED, "now": at}
    refused("case.owner_only", judge, why="好", actor=actor_of("9001"), **asked)
    refused("voice.own_judged", judge, why="好", actor=actor_of("1001"), **asked)
    refused("voice.field_missing", judge, why=" ", actor=actor_of("1301"), **asked)
    judge(why="统一更换，先在两个厅试行", actor=actor_of("1301"), **asked)
    case = Case.objects.get(pk=plates.case_id)
    answer = Clock.objects.get(case=case, code="answer")
    assert (case.result, case.step, answer.is_running, answer.breached_at) == ("solved", "effect", False, None)
    assert case.owner_id == id_of("9001")  # the effect is looked at by another person
    assert told("suggestion.answered") == {"1001", "1101", "2001"}
    refused("voice.judged", judge, why="再答", actor=actor_of("1301"), **asked)
    refused("voice.judged", support, suggestion=plates.pk, actor=actor_of("1201"), now=at)


def test_without_what_it_is_about_the_process_waits_for_that(cast, actor_of, now):
    row = Suggestion.objects.get(pk=suggest(idea=ALIKE, actor=actor_of("1001"), now=now))
    judge(suggestion=row.pk, judgement=Judgement.NOT, why="已有规定", actor=actor_of("1301"), now=now)
    case = Case.objects.get(pk=row.case_id)
    assert (case.step, case.result) == ("take_in", "not")
    refused("case.step_needs", move, case=case.pk, to="handle", actor=actor_of("1301"), now=now)


@pytest.mark.req("VOX-03")
def test_an_adopted_one_becomes_an_action_that_another_person_checks(plates, actor_of, now):
    plan = Plan(
        "improvement", "更换桌牌", "GD/GZ/TH/H01/", id_of("1201"), id_of("9001"), now.date() + dt.timedelta(days=14),
        now.date() + dt.timedelta(days=60),
    )  # fmt: skip
    asked = {"suggestion": plates.pk, "plan": plan, "actor": actor_of("1301"), "now": now}
    refused("voice.not_adopted", act_on, **asked)
    judge(suggestion=plates.pk, judgement=Judgement.ADOPTED, why="好办法", actor=actor_of("1301"), now=now)
    act_on(**asked)
    remedy = Remedy.objects.get(case=plates.case_id)
    assert (remedy.owner_id, remedy.verifier_id, remedy.state) == (id_of("1201"), id_of("9001"), "open")
    refused("voice.unknown", act_on, **{**asked, "actor": _nobody()})
    assert suggestions.page_of(actor_of("1101"), plates.pk, now).remedies == (remedy,)


def _nobody():
    from yingting.kernel.actors import Actor, ActorKind

    return Actor(ActorKind.CUSTOMER, None, "anonymous")


@pytest.mark.req("VOX-02")
def test_a_campaign_gathers_suggestions_and_thanks_those_who_took_part(cast, actor_of, now):
    boss, day = actor_of("9001"), now.date()
    announced = Announcement(
        Unit.objects.get(code="GZ").pk, "我为服务进一言", "让等候更短", day, day + dt.timedelta(days=30)
    )
    refused("campaign.unknown", open_campaign, announced=announced, actor=actor_of("1301"), now=now)
    wrong = Announcement(announced.unit, "x", "y", day, day - dt.timedelta(days=1))
    refused("campaign.span", open_campaign, announced=wrong, actor=boss, now=now)
    pk = open_campaign(announced=announced, actor=boss, now=now)
    (campaign,) = campaigns.running_at("GD/GZ/TH/H01/", day)
    assert (campaign.pk, campaigns.running_at("GD/", day).count()) == (pk, 0)
    one = suggest(idea=Idea("idea", "甲", "乙", "丙", about="service", campaign=pk), actor=actor_of("1001"), now=now)
    suggest(idea=Idea("idea", "子", "丑", "寅", is_named=False, campaign=pk), actor=actor_of("1101"), now=now)
    judge(suggestion=one, judgement=Judgement.PARTLY, why="先试一周", actor=actor_of("1301"), now=now)
    found = campaigns.figures_of(campaign)
    assert (found.made, found.people, found.judged, found.adopted, found.partly) == (2, 2, 1, 0, 1)
    assert campaigns.thanked(campaign) == ["王芳"]  # who left no name is not named here either
    refused("access.refused", thank, campaign=pk, words="谢谢", actor=actor_of("1301"), now=now)
    thank(campaign=pk, words="谢谢大家", actor=boss, now=now)
    over = later(now, days=40)
    late = Idea("idea", "甲", "乙", "丙", campaign=pk)
    refused("campaign.unknown", suggest, idea=late, actor=actor_of("1001"), now=over)
