"""The stories of a demo's cases. Each is a generator: it does something at a moment, yields how long until it goes on, and is sent
the moment at which it does; who runs it decides what the time between is (a past that is made up, or the hall's own clock).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator
from typing import Any
from uuid import UUID

from yingting.domains.cases.actions import (
    closing,
    customers,
    escalating,
    handling,
    holding,
    rating,
    relating,
    remedies,
    tracing,
)
from yingting.domains.cases.actions.leaving import Left, leave_case
from yingting.domains.cases.actions.registering import Intake, register
from yingting.domains.cases.models import Case, Finding, FindingState, MeetingItem
from yingting.domains.cases.queries.rules_in_force import SUPPORT_RATING, rule_of
from yingting.domains.detection.actions.alarming import look_at_staff_numbers
from yingting.domains.detection.models import UnawareAlarm
from yingting.foundation.days import local_day
from yingting.foundation.sites.models import Hall, Unit
from yingting.kernel.actors import SYSTEM, Actor, ActorKind
from yingting.kernel.ids import new_id
from yingting.planning.casework import Staff, call_in_vain, pause_after, waits_of, work_on
from yingting.planning.matters import BY_CATEGORY, INNER, MATTERS, NAMES

Story = Generator[dt.timedelta, dt.datetime, None]
Part = Generator[dt.timedelta, dt.datetime, dt.datetime]
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
_MOST_DEEDS = 40
_CONFIRMED_SHARE = 0.92  # of the findings that nobody is answerable: what is left waits for a superior


def handle(staff: Staff, case: UUID, now: dt.datetime, *, until: str = "", deeds: int = _MOST_DEEDS) -> Part:
    """Work on a case until it is closed, until it stands in a step, or for some deeds."""
    for _ in range(deeds):
        if until and Case.objects.filter(pk=case, step=until).exists():
            break
        now = yield pause_after(staff, case)
        if not work_on(staff, case, now):
            break
    nobody = Finding.objects.filter(case=case, case__closed_at__isnull=False, person=None, state=FindingState.PROPOSED)
    if (row := nobody.first()) is not None and staff.dice.uniform() < _CONFIRMED_SHARE:
        now = yield DAY
        judge = next(one for one in staff.superiors() if one.person != row.by_id)
        tracing.judge(finding=row.pk, confirms=True, actor=judge, now=now)
    return now


# ------------------------------------------------------------------------------------------------ how a case comes in
def at_counter(staff: Staff, now: dt.datetime, *, by: Actor | None = None, category: str = "", **more: Any) -> UUID:
    """A customer complains at a counter, and a clerk writes it down."""
    matter = BY_CATEGORY.get(category) or MATTERS[int(staff.dice.uniform() * len(MATTERS))]
    text = matter.texts[int(staff.dice.uniform() * len(matter.texts))]
    given = {"channel": "counter", "text": text, "category": matter.category, **who(staff), **more}
    actor = by or staff.one_of(staff.at("clerk"))
    return register(intake=Intake(staff.path, **given), actor=actor, now=now).id


def by_phone_page(staff: Staff, now: dt.datetime, text: str = "", choice: str = "complaint") -> UUID:
    """A customer leaves a case on the phone page of the hall."""
    matter = MATTERS[int(staff.dice.uniform() * len(MATTERS))]
    said = text or matter.texts[int(staff.dice.uniform() * len(matter.texts))]
    left = Left(choice, said, matter.demand, phone=who(staff)["phone"], agrees=True)
    hall = Hall.objects.get(unit__path=staff.path)
    return leave_case(hall=hall.pk, left=left, actor=Actor(ActorKind.CUSTOMER, new_id(), "customer"), now=now).id


def who(staff: Staff) -> dict[str, Any]:
    """A customer's name and a number that nobody has."""
    return {
        "name": NAMES[int(staff.dice.uniform() * len(NAMES))],
        "phone": f"1990000{int(staff.dice.uniform(1000, 9999))}",
    }


# ------------------------------------------------------------------------------------------------ stories
def counter(
    staff: Staff, now: dt.datetime, *, by: Actor | None = None, category: str = "", until: str = "",
    deeds: int = _MOST_DEEDS, **more: Any,
) -> Story:  # fmt: skip
    """A complaint at the counter, handled until it is closed or as far as told."""
    case = at_counter(staff, now, by=by, category=category, **more)
    yield from handle(staff, case, now, until=until, deeds=deeds)


def phone_page(staff: Staff, now: dt.datetime, *, text: str = "", choice: str = "complaint", until: str = "") -> Story:
    """A case that a customer left on the phone page."""
    case = by_phone_page(staff, now, text, choice)
    yield from handle(staff, case, now, until=until)


def from_outside(
    staff: Staff, now: dt.datetime, *, channel: str, number: str, by: Actor, category: str = "fees.bill", until: str = "",
) -> Story:  # fmt: skip
    """A complaint that came through another house, half a day after it was received there."""
    matter = BY_CATEGORY[category]
    intake = Intake(
        staff.path, channel, matter.texts[0], channel_number=number, received_at=now - 5 * HOUR, category=category,
        owner=by.person, **who(staff),
    )  # fmt: skip
    case = register(intake=intake, actor=by, now=now).id
    yield from handle(staff, case, now, until=until)


def inner(staff: Staff, now: dt.datetime, *, process: str, by: Actor, n: int = 0, until: str = "") -> Story:
    """Something of the house itself: support, a fault, a rectification, a violation. Support is rated in the end."""
    rows = INNER[process]
    category, product, text, demand = rows[n % len(rows)]
    about = staff.one_of(staff.at("clerk", simulated=True)).person if process == "violation" else None
    channel = "inspection" if process in ("rectification", "violation") else "staff"
    owner = staff.superiors()[0].person if process in ("support", "violation") else None
    intake = Intake(
        staff.path, channel, text, process=process, category=category, product=product, demand=demand, owner=owner,
        about_person=about,
    )  # fmt: skip
    case = register(intake=intake, actor=by, now=now).id
    now = yield from handle(staff, case, now, until=until)
    if process == "support" and not until:
        now = yield 2 * HOUR
        rule = rule_of(SUPPORT_RATING, staff.path, local_day(now))
        points = {one.code: int(staff.dice.integers(3, rule.most + 1)) for one in rule.items}
        rating.rate(case=case, points=points, words="响应比上月快", actor=by, now=now)


def grumble(staff: Staff, now: dt.datetime, text: str, *, grows: bool = False) -> Story:
    """A grumble: calmed on the spot, or grown into a complaint."""
    clerk = staff.one_of(staff.at("clerk"))
    intake = Intake(staff.path, "counter", text, process="grumble", category="service.wait")
    case = register(intake=intake, actor=clerk, now=now).id
    if grows:
        now = yield 6 * MINUTE
        holding.accept(case=case, actor=clerk, now=now)
        now = yield 5 * MINUTE
        matter = relating.Matter(process="counter", demand="给个说法")
        case = relating.become_complaint(case=case, matter=matter, actor=clerk, now=now).id
    yield from handle(staff, case, now)


def declined(staff: Staff, now: dt.datetime, *, waits_for: Actor | None = None) -> Story:
    """A hand-over that is declined with a reason; the next one is accepted, or waits for somebody."""
    clerk, guide = staff.at("clerk")[0], staff.at("guide")[0]
    case = at_counter(staff, now, by=clerk, category="service.passed")
    now = yield 2 * MINUTE
    holding.accept(case=case, actor=clerk, now=now)
    now = yield 3 * MINUTE
    assert guide.person is not None
    holding.offer(case=case, receiver=guide.person, reason="移机的事归厅内跟进", actor=clerk, now=now)
    now = yield 4 * MINUTE
    holding.answer_offer(case=case, accepts=False, words="没有装维系统权限，请交值班经理", actor=guide, now=now)
    if waits_for is None:
        yield from handle(staff, case, now)
        return
    now = yield 6 * MINUTE
    assert waits_for.person is not None
    holding.offer(case=case, receiver=waits_for.person, reason="请联系装维处理", actor=clerk, now=now)


def waiting(staff: Staff, now: dt.datetime, *, for_customer: bool, consults: bool = False) -> Story:
    """A case that waits for papers or for others, with a colleague asked."""
    case = at_counter(staff, now, category="install.late")
    now = yield from handle(staff, case, now, until="verify")
    now = yield from handle(staff, case, now, deeds=2)
    owner = staff.actor(Case.objects.get(pk=case).owner_id)
    if consults:
        now = yield 10 * MINUTE
        asked = next(one for one in staff.at("clerk") if one.person != owner.person)
        assert asked.person is not None
        question = "当天您经手的派单备注是怎么写的？"
        holding.consult(case=case, asked=asked.person, question=question, actor=owner, now=now)
    now = yield 20 * MINUTE
    reason = waits_of(staff.path, local_day(now))[0 if for_customer else -1]
    handling.wait(case=case, reason=reason, for_customer=for_customer, actor=owner, now=now)


def promise_broken(staff: Staff, now: dt.datetime) -> Story:
    """A promise to the customer that was not kept: the answer came a day late."""
    case = at_counter(staff, now, category="network.broadband")
    now = yield from handle(staff, case, now, until="verify")
    now = yield from handle(staff, case, now, deeds=2)
    owner = staff.actor(Case.objects.get(pk=case).owner_id)
    now = yield 10 * MINUTE
    customers.promise(case=case, due_at=now + DAY, actor=owner, now=now)
    now = yield 2 * DAY
    yield from handle(staff, case, now)


def unreached(staff: Staff, now: dt.datetime) -> Story:
    """A call back in vain, morning, noon and afternoon; the fourth attempt reaches the customer."""
    case = at_counter(staff, now)
    now = yield from handle(staff, case, now, until="call_back")
    for pause in (20 * HOUR, 4 * HOUR, 3 * HOUR):
        now = yield pause
        call_in_vain(staff, case, now)
    yield from handle(staff, case, now)


def reopened(staff: Staff, now: dt.datetime, *, again: int = _MOST_DEEDS) -> Story:
    """Closed, and opened again because the customer says that it is not solved."""
    case = at_counter(staff, now, category="fees.bill")
    now = yield from handle(staff, case, now)
    now = yield 3 * DAY
    closing.reopen(case=case, reason="客户说退费没有到账", actor=staff.at("hall_manager")[0], now=now)
    yield from handle(staff, case, now, deeds=again)


def merged(staff: Staff, now: dt.datetime) -> Story:
    """The same customer complains twice about one matter: the second case goes into the first."""
    given = who(staff)
    first = at_counter(staff, now, category="service.manner", **given)
    now = yield 40 * MINUTE
    second = at_counter(staff, now, category="service.manner", **given)
    now = yield 15 * MINUTE
    closing.merge(case=second, into=first, actor=staff.at("hall_manager")[0], now=now)
    yield from handle(staff, first, now)


def with_remedy(staff: Staff, now: dt.datetime, *, ends: str) -> Story:
    """A complaint with a linked action: still open, verified, or verified and looked at for its effect."""
    case = at_counter(staff, now, category="service.wait")
    now = yield from handle(staff, case, now, until="answer")
    now = yield 5 * MINUTE
    boss, clerk = staff.at("hall_manager")[0], staff.at("clerk")[0]
    assert boss.person is not None
    assert clerk.person is not None
    plan = remedies.Plan(
        "corrective", "午间固定两人在岗，十二点前由值班经理确认到位", staff.path, clerk.person, boss.person, local_day(now) + 7 * DAY,
        look_on=local_day(now) + 30 * DAY,
    )  # fmt: skip
    linked = remedies.set_remedy(case=case, plan=plan, actor=boss, now=now)
    if ends == "open":
        yield from handle(staff, case, now, until="call_back")
        return
    now = yield 3 * DAY
    remedies.submit(remedy=linked, note="排班表已更新并张贴", actor=clerk, now=now)
    now = yield DAY
    remedies.check(remedy=linked, is_done=True, note="现场抽查三天到位", actor=boss, now=now)
    now = yield from handle(staff, case, now)
    if ends == "effect":
        now = yield 31 * DAY
        remedies.look_at_remedy(remedy=linked, effect="better", note="午间等候超时由五人降到一人", actor=boss, now=now)


def found_answerable(staff: Staff, now: dt.datetime, *, appeals: bool, decided: bool = False) -> Story:
    """Somebody is found answerable; the finding is confirmed and perhaps objected to."""
    clerk = staff.at("clerk")[0]
    case = at_counter(staff, now, by=clerk, category="service.manner", about_person=clerk.person)
    now = yield from handle(staff, case, now, until="call_back")
    now = yield HOUR
    found = tracing.Found("person", clerk.person, step="take_in", words="未使用规范用语，未起身")
    tracing.find(case=case, found=found, actor=staff.at("hall_manager")[0], now=now)
    now = yield from handle(staff, case, now)
    row = _finding_of(case)
    judge, other = staff.superiors()[:2]
    now = yield 5 * HOUR
    tracing.judge(finding=row, confirms=True, words="录像属实", actor=judge, now=now)
    if appeals:
        now = yield DAY
        tracing.appeal(finding=row, words="当时正在为另一位老人找座位，录像可以看到", actor=clerk, now=now)
    if decided:
        now = yield DAY
        tracing.decide_appeal(finding=row, reverses=True, words="复看录像，情况属实", actor=other, now=now)


def _finding_of(case: UUID) -> UUID:
    return Finding.objects.filter(case=case, step="take_in").values_list("pk", flat=True)[0]


def grave(staff: Staff, now: dt.datetime, *, decided: bool) -> Story:
    """A grave matter that ran over its time and came before the management meeting."""
    case = at_counter(staff, now, category="privacy", severity="grave")
    now = yield from handle(staff, case, now, deeds=4)
    if not decided:
        return
    while not (item := MeetingItem.objects.filter(case=case).first()):
        now = yield DAY
    now = yield DAY
    boss = staff.superiors()[-1]
    decision = "由市公司牵头，一周内完成全部营业厅台面资料管理检查；本件由区县服务经理直接答复客户。"
    escalating.decide(item=item.pk, decision=decision, actor=boss, now=now)
    yield from handle(staff, case, now)


def unaware(staff: Staff, now: dt.datetime, *, about: UUID, is_third: bool) -> Story:
    """A complaint of an unaware subscription about one staff number; the third of a month raises the alarm."""
    case = at_counter(staff, now, category="fees.unaware", about_person=about)
    now = yield from handle(staff, case, now, until="verify")
    now = yield from handle(staff, case, now, deeds=2)
    now = yield 5 * MINUTE
    owner = staff.actor(Case.objects.get(pk=case).owner_id)
    handling.verify(case=case, verification="true", actor=owner, now=now)
    now = yield from handle(staff, case, now)
    if not is_third:
        return
    look_at_staff_numbers(actor=SYSTEM, now=now)
    alarm = UnawareAlarm.objects.get(person=about)
    assert alarm.case is not None
    above = Staff(Unit.objects.get(pk=alarm.case.unit_id).path, staff.dice)
    yield from handle(above, alarm.case.pk, now)
