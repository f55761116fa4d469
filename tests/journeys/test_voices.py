"""The voice of the front line in a real browser: a suggestion with a similar one, its answer, a consultation, an order; axe."""

import datetime as dt

import pytest
from tests.journeys.looking import looked_at

from yingting.domains.cases.actions.remedies import Plan, check, submit
from yingting.domains.voices.actions.campaigning import Announcement, open_campaign
from yingting.domains.voices.actions.consulting import Question, open_consultation
from yingting.domains.voices.actions.ordering import issue_order, tell_people
from yingting.domains.voices.actions.suggesting import Idea, act_on, judge, suggest
from yingting.domains.voices.models import Effect, Suggestion
from yingting.domains.voices.rules import Judgement
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.people.models import Person, Role, RoleGrant
from yingting.foundation.rulebook.kinds import as_body, kinds
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import system_now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def voices(committed_cast, actor_of):
    now, boss = system_now(), actor_of("9001")
    day, hall = today_at("GD/", now), Unit.objects.get(code="H01")
    clerk = Person.objects.create_user("1011", None, name="许兰", unit=hall)
    RoleGrant.objects.create(person=clerk, role=Role.objects.get(key="clerk"), unit=hall)
    theme = "从客户排队看起：少走一步、少等一分、少跑一趟"
    open_campaign(
        announced=Announcement(Unit.objects.get(code="GZ").pk, "我为服务进一言", theme, day, day + dt.timedelta(days=30)),
        actor=boss, now=now,
    )  # fmt: skip
    suggest(
        idea=Idea("measure", "工号牌改为桌牌", "把工号牌改成桌牌，可以写上服务理念", "客户一眼看清是谁在服务", "service", 50_000),
        actor=actor_of("1101"), now=now,
    )  # fmt: skip
    card = kinds()["evidence.scorecard"]
    asked = open_consultation(
        question=Question(
            Unit.objects.get(code="GD").pk, "下半年考核办法", "服务占六成，请大家看看合不合理", day + dt.timedelta(days=5),
            ("clerk", "guide"), (), card.code, "", as_body(card, card.shipped),
        ),
        actor=actor_of("9901"), now=now,
    )  # fmt: skip
    order = issue_order(
        unit=hall.pk, title="不得拒收现金", text="即日起，任何台席不得拒收现金。", roles=("clerk",), actor=boss, now=now
    )
    tell_people(actor=SYSTEM, now=now)
    return asked, order


@pytest.mark.req("VOX-01")
def test_a_suggestion_its_answer_a_consultation_and_an_order(page_of, voices):
    asked, order = voices
    clerk = page_of("1001", "/", size=(1366, 768))
    assert looked_at(clerk, "home-zh") == []
    clerk.click("a.entry:has(b:text-is('建议'))")
    clerk.click("text=提建议")
    clerk.fill("#id_title", "建议用桌牌代替工号牌")
    clerk.wait_for_selector(".voice-similar >> text=工号牌改为桌牌")
    assert looked_at(clerk, "suggestion-new-zh") == []
    clerk.click(".voice-similar button")
    clerk.wait_for_selector(".voice-similar >> text=✓ 已支持")
    assert Suggestion.objects.get().votes == 1
    clerk.goto(f"/voices/consultations/{asked}/")
    clerk.check("input[value=change]")
    clerk.fill("#id_words", "等候时长受客流影响，权重建议降低")
    clerk.click("main >> text=提交")
    clerk.wait_for_selector("text=谢谢您的意见")
    assert looked_at(clerk, "consultation-zh") == []
    clerk.goto(f"/voices/orders/{order}/")
    clerk.click("text=已阅，签收")
    clerk.wait_for_selector("text=已签收，谢谢")
    manager = page_of("1301", f"/voices/suggestions/{Suggestion.objects.get().pk}/", size=(1366, 768))
    manager.check("input[value=adopted]")
    manager.fill("#id_why", "先在两个厅试行，月底统一更换")
    manager.click("section >> button:has-text('答复')")
    manager.wait_for_selector("text=转为落实措施")
    assert looked_at(manager, "suggestion-zh") == []
    phone = page_of("1101", "/voices/suggestions/", language="en", size=(360, 780))
    assert looked_at(phone, "suggestions-en-360") == []
    admin = page_of("9901", f"/voices/consultations/{asked}/", language="en", size=(1366, 768))
    assert looked_at(admin, "consultation-run-en") == []
    boss = page_of("9001", f"/voices/orders/{order}/", language="en", size=(1366, 768))
    assert looked_at(boss, "order-en") == []
    boss.click("main >> text=Check")
    assert looked_at(boss, "order-check-en") == []


def carried_out(actor_of, now):
    """An adopted suggestion whose action was checked two months ago, with one clear comparison and one of too few cases."""
    then, boss = now - dt.timedelta(days=70), actor_of("1301")
    made = suggest(
        idea=Idea("measure", "工号牌改为桌牌", "换成桌牌", "更醒目", "service"), actor=actor_of("1001"), now=then
    )
    judge(suggestion=made, judgement=Judgement.ADOPTED, why="统一更换", actor=boss, now=then)
    people = {no: Person.objects.get(staff_no=no).pk for no in ("1201", "9001")}
    plan = Plan("improvement", "更换桌牌", "GD/GZ/TH/H01/", people["1201"], people["9001"], today_at("GD/", now))
    remedy = act_on(suggestion=made, plan=plan, actor=boss, now=then)
    submit(remedy=remedy, note="全厅已换", actor=actor_of("1201"), now=then + dt.timedelta(days=3))
    check(remedy=remedy, is_done=True, actor=actor_of("9001"), now=then + dt.timedelta(days=4))
    days = {
        "before_first": then.date() - dt.timedelta(days=28), "before_last": then.date() - dt.timedelta(days=1),
        "after_first": then.date() + dt.timedelta(days=5), "after_last": then.date() + dt.timedelta(days=32),
    }  # fmt: skip
    for key, verdict, was, n, is_now, m in (
        ("queueing.wait_mean", "better", 612.0, 2210, 468.0, 2305), ("cases.solved", "not_rated", 0.71, 14, 0.86, 7),
    ):  # fmt: skip
        Effect.objects.create(
            suggestion_id=made, indicator=key, units=["GD/GZ/TH/H01/"], before_value=was, before_n=n, after_value=is_now, after_n=m,
            verdict=verdict, by_id=people["9001"], at=now, **days,
        )  # fmt: skip
    return made


@pytest.mark.req("VOX-03")
def test_before_and_after_of_a_suggestion_stands_on_its_page_and_fits(page_of, committed_cast, actor_of):
    made = carried_out(actor_of, system_now())
    for language, size in (("zh-hans", (1366, 768)), ("en", (1366, 768)), ("zh-hans", (390, 844))):
        page = page_of("9001", f"/voices/suggestions/{made}/", size=size, language=language)
        told = page.locator("section[aria-labelledby=effect]").inner_text()
        assert "10.2" in told
        assert "7.8" in told
        assert looked_at(page, f"effect-{language}-{size[0]}") == []
    assert page.locator("#id_indicator").count() == 1
    assert "样本太少" in told
