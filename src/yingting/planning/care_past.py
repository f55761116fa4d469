"""What a demo's first hall has done for the customers whom it knows: a campaign, leads, visits, a notice, and plans for its regulars.

Everything goes through the actions that people use, each at its own moment before the demo's first day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.relations.actions.counting import count_frequent
from yingting.domains.relations.actions.entitling import (
    Announced,
    TakenPart,
    open_offering,
    register_for,
    use_entitlement,
)
from yingting.domains.relations.actions.leading import Followed, Interest, follow_lead, open_lead
from yingting.domains.relations.actions.managing import Notice, announce, log_visit, plan_visit, tell_notice
from yingting.domains.relations.actions.teaching import contact_teaching, plan_teaching
from yingting.domains.relations.models import Frequent, NoticeTo, Registration
from yingting.domains.relations.rules.managing import LeadState, Purpose
from yingting.foundation.customers.consents import consents_of
from yingting.foundation.customers.models import Customer, FileState
from yingting.foundation.days import local_day
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import actor_for_person
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import SYSTEM, Actor
from yingting.kernel.clocks import local_instant
from yingting.planning.known_people import DEMO

_HALL, _CLERK, _MANAGER = "H01", "1001", "1301"
_KEY = ("big", "important", "industry")
_LEARNT = ("手机常弹广告", "家里三个人都用本网", "老人机看不清字", "想换宽带", "")
_ANSWERS = ("taken", "thinking", "declined")


@dataclass(frozen=True, slots=True)
class _Told:
    """A step of a lead: days before the first day, the channel, its outcome, words, the next promised day (days before) or the end."""

    ago: int
    channel: str
    outcome: str
    words: str
    next_ago: int | None = None
    end: LeadState | None = None


# Days before the first day, interest, whose, what was noted, the first promised day, and what was done.
_LEADS: tuple[tuple[int, str, str, str, int, tuple[_Told, ...]], ...] = (
    (34, "broadband", _CLERK, "新房下月装修好，想装千兆", 31, (
        _Told(31, "phone", "interested", "约好看房后定装机时间", next_ago=24),
        _Told(24, "hall", "reached", "当面选好套餐，已受理", end=LeadState.WON),
    )),
    (27, "plan5g", _MANAGER, "流量每月超出", 25, (
        _Told(25, "phone", "no_answer", "", next_ago=22),
        _Told(22, "phone", "reached", "想等合约到期再换", next_ago=-9),
    )),
    (18, "home", _CLERK, "问过门口摄像头", 16, (_Told(16, "phone", "declined", "已在别处买了", end=LeadState.LOST),)),
    (9, "device", _CLERK, "想给父母换手机", 6, ()),
    (2, "plan5g", _MANAGER, "孩子上大学要办卡", -1, ()),
    (1, "broadband", _CLERK, "邻居装了千兆，想问价格", 0, ()),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Hall:
    """The hall and who acts in it: `when(ago, hour)` is a moment of a day so long before the first one."""

    hall: Hall
    clerk: Actor
    manager: Actor
    when: Callable[[int, int], dt.datetime]
    people: tuple[UUID, ...]
    companies: tuple[UUID, ...]


def make_past_of_care(until: dt.datetime, timezone: str) -> None:
    """Live what was done for known customers before an instant; their files are there."""
    today = local_day(until)
    hall = Hall.objects.select_related("unit").get(code=_HALL)
    people = Person.objects.in_bulk([_CLERK, _MANAGER], field_name="staff_no")

    def when(ago: int, hour: int) -> dt.datetime:
        return local_instant(today - dt.timedelta(days=ago), dt.time(hour, 20), timezone)

    long_known = _who_agree(hall, until - dt.timedelta(days=40))
    here = _Hall(
        hall, actor_for_person(people[_CLERK]), actor_for_person(people[_MANAGER]), when,
        tuple(pk for pk, is_company in long_known if not is_company), tuple(pk for pk, is_company in long_known if is_company),
    )  # fmt: skip
    with writing():
        _campaign(here, today)
        for customer, lead in zip(here.people[6:], _LEADS, strict=False):
            _lead(here, customer, lead, today)
        _companies(here, today)


def _who_agree(hall: Hall, before: dt.datetime) -> list[tuple[UUID, bool]]:
    """Return who agreed to care and was known by then, the longest known first, and whether each is a company."""
    rows = Customer.objects.filter(
        unit=hall.unit, state=FileState.ACTIVE, source=DEMO.code, is_left_alone=False, registered_at__lt=before
    )
    listed = list(rows.order_by("registered_at", "id").values_list("pk", "is_company"))
    agreed = consents_of([pk for pk, _is_company in listed])
    return [one for one in listed if "care" in agreed.get(one[0], frozenset())]


def _campaign(here: _Hall, today: dt.date) -> None:
    """A service week for the neighbourhood that still goes on: who took part, what was learnt, who used what it brought."""
    first, last = today - dt.timedelta(days=28), today + dt.timedelta(days=17)
    announced = Announced(here.hall.unit_id, "进社区服务月：手机体检、查杀病毒", first, last, "virus_check")
    offering = open_offering(announced=announced, actor=here.manager, now=here.when(30, 9))
    for n, customer in enumerate(here.people[:15]):
        offered = n % 2 == 0
        part = TakenPart(_LEARNT[n % len(_LEARNT)], True, offered, _ANSWERS[n % 3] if offered else "")
        at = here.when(27 - n, 10 + n % 6)
        made = register_for(offering=offering, customer=customer, part=part, actor=here.clerk, now=at)
        if n % 3 != 1:
            granted = Registration.objects.values_list("entitlement", flat=True).get(pk=made)
            use_entitlement(entitlement=granted, hall=here.hall.pk, actor=here.clerk, now=at + dt.timedelta(minutes=25))


def _lead(here: _Hall, customer: UUID, told: tuple[int, str, str, str, int, tuple[_Told, ...]], today: dt.date) -> None:
    ago, code, owner, words, first_ago, steps = told
    actor = here.clerk if owner == _CLERK else here.manager
    interest = Interest(code, owner, today - dt.timedelta(days=first_ago), words, has_card=ago % 2 == 0)
    lead = open_lead(customer=customer, interest=interest, actor=actor, now=here.when(ago, 15))
    for step in steps:
        next_on = None if step.next_ago is None else today - dt.timedelta(days=step.next_ago)
        said = Followed(step.channel, step.outcome, step.words, next_on, step.end)
        follow_lead(lead=lead, said=said, actor=actor, now=here.when(step.ago, 11))


def _companies(here: _Hall, today: dt.date) -> None:
    """Visits at the customers' places, one of them to come, and a notice of which some were told."""
    for n, customer in enumerate(here.companies[:3]):
        day = today - dt.timedelta(days=33 - n)
        visit = plan_visit(
            customer=customer, person=_MANAGER, purpose=Purpose.REGULAR, planned_on=day, actor=here.manager, now=here.when(40, 10)
        )  # fmt: skip
        said = ("线路稳定，想了解云桌面", "续约意向明确，价格待批", "反映月底对账慢，已转财务窗口")[n]
        log_visit(visit=visit, result=said, actor=here.manager, now=here.when(33 - n, 16))
    if here.companies:
        plan_visit(
            customer=here.companies[0], person=_MANAGER, purpose=Purpose.DEMO, planned_on=today + dt.timedelta(days=3),
            actor=here.manager, now=here.when(1, 16),
        )  # fmt: skip
    notice = Notice(here.hall.unit_id, "周六凌晨网络割接", "周六零点至四点割接，专线可能闪断两分钟，请提前安排。", _KEY)
    announce(notice=notice, actor=here.manager, now=here.when(3, 9))
    for row in NoticeTo.objects.order_by("pk")[:2]:
        tell_notice(notice=row.pk, channel="phone", outcome="reached", actor=here.manager, now=here.when(3, 11))


def follow_up_regulars(now: dt.datetime) -> int:
    """Count who comes often, now that the past is there, and plan to teach some of them; return how many come often."""
    count_frequent(actor=SYSTEM, now=now, anew=True)
    hall = Hall.objects.select_related("unit").filter(code=_HALL).first()
    if hall is None:
        return 0
    clerk = actor_for_person(Person.objects.get(staff_no=_CLERK))
    agree = {pk for pk, _is_company in _who_agree(hall, now)}
    listed = Frequent.objects.filter(until__isnull=True, customer__unit=hall.unit).order_by("-visits", "customer")
    chosen = [row.customer_id for row in listed if row.customer_id in agree]
    for n, customer in enumerate(chosen[:3]):
        due = local_day(now) + dt.timedelta(days=3 + 2 * n)
        plan = plan_teaching(customer=customer, owner=_CLERK, due_on=due, actor=clerk, now=now)
        if n == 0:
            contact_teaching(
                teaching=plan,
                channel="hall",
                outcome="interested",
                words="约好明天带上手机来，一起缴一次费",
                actor=clerk,
                now=now,
            )
    return listed.count()
