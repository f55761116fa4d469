"""The past of a demo's voices: a campaign with suggestions and votes, a consultation, an order that people confirm."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID

from yingting.domains.cases.actions.remedies import Plan
from yingting.domains.voices.actions.campaigning import Announcement, open_campaign
from yingting.domains.voices.actions.consulting import Question, answer, finish, open_consultation, settle_comment
from yingting.domains.voices.actions.ordering import confirm, issue_order, tell_people
from yingting.domains.voices.actions.suggesting import Idea, act_on, join, judge, suggest, support
from yingting.domains.voices.models import Consultation, Invitation, Suggestion
from yingting.domains.voices.rules import Judgement, Outcome, Stance
from yingting.foundation.days import local_day
from yingting.foundation.people.access import actor_for_person
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import SYSTEM, Actor
from yingting.planning.case_stories import DAY, HOUR, Story
from yingting.planning.matters import IDEAS

if TYPE_CHECKING:
    from yingting.planning.case_past import Past


def voices(past: Past) -> None:
    """Plan what staff suggested, were asked and were told."""
    people = {one.staff_no: actor_for_person(one) for one in Person.objects.filter(is_simulated=False)}
    past.plan(at := past.when(26, 9), _campaign(people, at))
    past.plan(at := past.when(48, 10), _consultation(people, at, ends=True))
    past.plan(at := past.when(1, 10), _consultation(people, at, ends=False))
    past.plan(at := past.when(6, 9), _order(people, at))


def _campaign(people: dict[str, Actor], now: dt.datetime) -> Story:
    """A campaign in which people suggest and vote; one is adopted and acted upon, one joined, one declined."""
    boss, manager = people["9001"], people["1301"]
    announced = Announcement(
        Unit.objects.get(code="TH").pk, "我为服务进一言·冬季", "怎样让老年客户和高峰时段的客户少等一会儿？",
        local_day(now), local_day(now) + 40 * DAY,
    )  # fmt: skip
    campaign = open_campaign(announced=announced, actor=boss, now=now)
    made: list[UUID] = []
    for author, (kind, title, text, effect, about) in zip(
        ("1001", "1101", "1201", "2001", "1001", "2011"), IDEAS, strict=True
    ):
        now = yield DAY + HOUR
        idea = Idea(kind, title, text, effect, about, is_named=author != "2001", campaign=campaign)
        made.append(suggest(idea=idea, actor=people[author], now=now))
    for author, which in (("1101", 0), ("1201", 0), ("2001", 0), ("1001", 1), ("1201", 1), ("1101", 3), ("1001", 2)):
        now = yield 3 * HOUR
        support(suggestion=made[which], actor=people[author], now=now)
    now = yield 2 * HOUR
    join(suggestion=made[5], into=made[0], actor=boss, now=now)
    now = yield DAY
    judge(
        suggestion=made[1],
        judgement=Judgement.ADOPTED,
        why="下月起全厅使用三句确认，写入办理规范。",
        actor=_owner(made[1]),
        now=now,
    )
    now = yield HOUR
    plan = Plan(
        "improvement", "三句确认写入办理规范并逐人演练", "GD/GZ/TH/H01/", _of(people["1201"]), _of(manager), local_day(now) + 14 * DAY,
        look_on=local_day(now) + 45 * DAY,
    )  # fmt: skip
    act_on(suggestion=made[1], plan=plan, actor=boss, now=now)
    now = yield DAY
    why = "防滑垫已列入各厅雨天必备，无需另行安排，谢谢提醒。"
    judge(suggestion=made[2], judgement=Judgement.NOT, why=why, actor=_owner(made[2]), now=now)


def _consultation(people: dict[str, Actor], now: dt.datetime, *, ends: bool) -> Story:
    """A draft before the front line: still running, or finished with what became of each comment."""
    boss = people["9001"]
    title, text = (
        ("高峰时段临时加开台席办法", "等候超过二十分钟时，值班经理可以直接加开台席，事后补记原因。")
        if ends
        else ("午间轮休调整办法", "十二点到十四点至少三人在岗，轮休错开四十分钟。")
    )
    question = Question(
        Unit.objects.get(code="GD").pk, title, text, local_day(now) + 5 * DAY, roles=("clerk", "guide"),
        people=(_of(people["1201"]),),
    )  # fmt: skip
    asked = open_consultation(question=question, actor=boss, now=now)
    now = yield 4 * HOUR
    answer(consultation=asked, stance=Stance.AGREE, words="", actor=people["1101"], now=now)
    if not ends:
        return
    now = yield DAY
    answer(
        consultation=asked,
        stance=Stance.CHANGE,
        words="加开之后要有人补岗，建议写明从哪里调人。",
        actor=people["1001"],
        now=now,
    )
    now = yield HOUR
    answer(consultation=asked, stance=Stance.AGREE, words="", actor=people["2011"], now=now)
    now = yield 6 * DAY
    for row in Invitation.objects.filter(consultation=asked, stance=Stance.CHANGE.value):
        words = "已写明由导购岗补位"
        settle_comment(consultation=asked, invitation=row.pk, outcome=Outcome.TAKEN, words=words, actor=boss, now=now)
    now = yield HOUR
    assert Consultation.objects.filter(pk=asked).exists()
    finish(consultation=asked, summary="三人答复，一条意见采纳，按修改稿施行。", actor=boss, now=now)


def _order(people: dict[str, Actor], now: dt.datetime) -> Story:
    """An order in words that some have confirmed."""
    text = "办理任何增值业务前，逐项说明名称、价格、期限，客户点头后再开通。"
    order = issue_order(
        unit=Unit.objects.get(code="TH").pk, title="增值业务开通前逐项确认", text=text, actor=people["9001"], now=now
    )
    now = yield HOUR
    tell_people(actor=SYSTEM, now=now)
    for staff_no in ("1301", "1001"):
        now = yield 5 * HOUR
        confirm(order=order, actor=people[staff_no], now=now)


def _owner(suggestion: UUID) -> Actor:
    owner = Suggestion.objects.select_related("case__owner").get(pk=suggestion).case.owner
    assert owner is not None
    return actor_for_person(owner)


def _of(actor: Actor) -> UUID:
    assert actor.person is not None
    return actor.person
