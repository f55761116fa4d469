"""The rules of relations, declared with what holds where nobody wrote a version. Read by unit and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TypeVar

from yingting.domains.relations.rules.caring import (
    Attending,
    Benefit,
    CareAction,
    CareClass,
    CareItem,
    Caring,
    Entitling,
    Tenure,
    Weight,
)
from yingting.domains.relations.rules.frequent import Frequent, Script, Sort
from yingting.domains.relations.rules.managing import (
    Fasts,
    Leading,
    Reaching,
    SegmentVisits,
    Visiting,
)
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.customers.naming import choices
from yingting.foundation.customers.rules_in_force import classes_of
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare, offer
from yingting.foundation.rulebook.reading import in_force, in_force_by_path
from yingting.kernel.clocks import system_now
from yingting.kernel.shapes import Named, codes_once
from yingting.kernel.words import gettext_noop as _

T = TypeVar("T")
KEY_SEGMENTS = ("big", "important", "industry")

SCRIPTS = (
    Script(
        Sort.PAYMENT,
        "您每次来缴费要等一会儿。用手机缴费不用排队，我陪您用自己的手机办一次，以后在家就能缴。",
        "Each time you come to pay you have to wait. On your own phone there is no queue: shall we do it once together?",
        "在客户自己的手机上缴一次费，开通自动缴费",
        "Pay once on the customer's own phone, set up automatic payment",
    ),
    Script(
        Sort.ROUTINE,
        "查账单、换套餐在网上营业厅两分钟就好，一定要来厅的话可以先预约、避开高峰。",
        "Bills and plans take two minutes in the online hall. If you do come, book a time away from the peak.",
        "教会一项线上办理，约定错峰或预约到厅",
        "Teach one thing online, agree on booking or on a quieter time",
    ),
    Script(
        Sort.OTHER,
        "您最近来得多，是不是有件事一直没有办妥？我来帮您跟到底。",
        "You have come often lately. Is there something that was never settled? I will see it through.",
        "问清缘由：若是同一件事反复，登记工单一次办妥",
        "Find out why: if it is one matter again and again, open a case and settle it",
    ),
)


def _frequent_problems(rule: Frequent, _path: str) -> Iterable[Problem]:
    if set(rule.payment) & set(rule.routine):
        yield "routine", _("A business cannot be of both classes."), {}
    yield from codes_once((one.sort.value for one in rule.scripts), "scripts")


def _care_problems(rule: Caring, _path: str) -> Iterable[Problem]:
    if rule.settled_months <= rule.new_months:
        yield "settled_months", _("A settled customer has been here longer than a new one."), {}
    yield from codes_once((one.code for one in rule.actions), "actions")
    yield from codes_once((one.code for one in rule.weights), "weights")


def _attending_problems(rule: Attending, _path: str) -> Iterable[Problem]:
    known = {one.code for one in rule.classes}
    yield from codes_once((one.code for one in rule.classes), "classes")
    for n, one in enumerate(rule.items):
        if one.care not in known:
            yield f"items-{n}-care", _("“%(code)s” is none of the care classes above."), {"code": one.care}


def _visits_once(rule: Visiting, _path: str) -> Iterable[Problem]:
    yield from codes_once((one.segment for one in rule.segments), "segments")


FREQUENT: Kind[Frequent] = declare(
    Kind(
        "relations.frequent",
        _("Frequent visitors"),
        _("Who comes so often that quicker ways should be shown, at peak times above all, and what is said to them."),
        Frequent,
        Frequent(payment=("pay",), routine=("plan", "card"), scripts=SCRIPTS),
        _(
            "QUE-23: more than 6 visits in 6 months; QUE-24, QUE-25. The limits of peak and class are assumptions of ours."
        ),
        Permission.CUSTOMERS_MANAGE,
        check=_frequent_problems,
        position=100,
    )
)
ENTITLEMENTS: Kind[Entitling] = declare(
    Kind(
        "relations.entitlements",
        _("Entitlements of customers"),
        _("What a customer may have once, and for how long."),
        Entitling,
        Entitling(
            (
                Benefit("virus_check", "免费查杀病毒", "Free virus check"),
                Benefit("tune_up", "免费系统优化", "Free system tune-up"),
            )
        ),
        _("CUS-21: once within 3 months after registering at the hall."),
        Permission.CUSTOMERS_MANAGE,
        check=lambda rule, _path: codes_once((one.code for one in rule.benefits), "benefits"),
        position=101,
    )
)
CARE: Kind[Caring] = declare(
    Kind(
        "relations.care",
        _("Care by tenure"),
        _("What is done for new, settled and long-standing customers, and how contacts add up to goodwill."),
        Caring,
        Caring(
            actions=(
                CareAction("welcome", "入网满月回访", "Call after the first month", Tenure.NEW, 1, "用得习惯吗？有没有不清楚的资费？"),
                CareAction("half_year", "半年使用回访", "Half-yearly call", Tenure.NEW, 6),
                CareAction("yearly", "年度关怀", "Yearly care", Tenure.SETTLED, 12),
                CareAction("review", "资费体检", "Review of the plan", Tenure.LONG, 12, "按近三个月用量看套餐是否合适，宁可调低。"),
            ),
            weights=(
                Weight("reached", 2),
                Weight("interested", 2),
                Weight("no_answer", 0),
                Weight("wrong_number", 0),
                Weight("declined", -1),
                Weight("left_alone", -5),
                Weight("care", 2),
                Weight("teaching", 2),
                Weight("fault", -1),
            ),
        ),
        _("CUS-22, CUS-23. What is done and the points are assumptions of ours."),
        Permission.CUSTOMERS_MANAGE,
        check=_care_problems,
        position=102,
    )
)  # fmt: skip
FASTS: Kind[Fasts] = declare(
    Kind(
        "relations.fasts",
        _("Three fasts"),
        _("For which customers handling, complaints and notices are timed, and by which limits."),
        Fasts,
        Fasts(KEY_SEGMENTS),
        _("CUS-12, CUS-20. The limits are assumptions of ours."),
        Permission.CUSTOMERS_MANAGE,
        position=103,
    )
)
VISITS: Kind[Visiting] = declare(
    Kind(
        "relations.visits",
        _("Visits to customers"),
        _("How often account managers go to customers of which segment."),
        Visiting,
        Visiting((SegmentVisits("big", 1), SegmentVisits("important", 3), SegmentVisits("industry", 3))),
        _("CUS-13. The numbers are assumptions of ours."),
        Permission.CUSTOMERS_MANAGE,
        check=_visits_once,
        position=104,
    )
)
LEADS: Kind[Leading] = declare(
    Kind(
        "relations.leads",
        _("Leads"),
        _("What customers may be interested in, and how soon somebody speaks to them."),
        Leading,
        Leading(
            (
                Named("plan5g", "5G 套餐", "5G plan"),
                Named("broadband", "宽带", "Broadband"),
                Named("home", "智能家居", "Smart home"),
                Named("device", "终端", "Phones and devices"),
                Named("company", "企业业务", "Business services"),
            )
        ),
        _("CUS-26, SAL-06. The numbers are assumptions of ours."),
        Permission.CUSTOMERS_MANAGE,
        check=lambda rule, _path: codes_once((one.code for one in rule.interests), "interests"),
        position=105,
    )
)
OUTREACH: Kind[Reaching] = declare(
    Kind(
        "relations.outreach",
        _("Customers who do not come"),
        _("After how many months without a visit a customer is on the outreach list."),
        Reaching,
        Reaching(segments=KEY_SEGMENTS),
        _("CUS-17. The numbers are assumptions of ours."),
        Permission.CUSTOMERS_MANAGE,
        position=106,
    )
)
ATTENDING: Kind[Attending] = declare(
    Kind(
        "relations.special_care",
        _("Special care"),
        _("What is owed to elderly, disabled and VIP customers, to be ticked off while they are here."),
        Attending,
        Attending(
            (
                CareClass("elderly", "老年客户", "Elderly customers", "elderly"),
                CareClass("disabled", "残障客户", "Disabled customers", "disabled, hearing, sight"),
                CareClass("vip", "贵宾客户", "VIP customers", "gold, big, important"),
            ),
            (
                CareItem("elderly", "lane", "走爱心通道，不排队", "Care lane, no queueing"),
                CareItem("elderly", "seat", "引导就座、递老花镜", "A seat, reading glasses at hand"),
                CareItem("elderly", "slow", "放慢语速、逐项确认", "Spoken slowly, each item confirmed"),
                CareItem("disabled", "low_counter", "低位柜台办理", "At the low counter"),
                CareItem("disabled", "helper", "专人全程陪同", "One colleague stays throughout"),
                CareItem("vip", "host", "专人接待", "Received by name of a colleague"),
                CareItem("vip", "priority", "优先办理", "Served first"),
            ),
        ),
        _("CUS-08; the Law on barrier-free environments, art. 34 and 39. The items are ours."),
        Permission.CUSTOMERS_MANAGE,
        check=_attending_problems,
        position=107,
    )
)


def offer_lists() -> None:
    """Offer the list of segments."""
    offer("relations.segments", lambda path: segments_at(path, system_now()))


def segments_at(path: str, now: dt.datetime) -> list[tuple[str, str]]:
    """Return the segments of customers at a unit: code and name."""
    return choices(classes_of(path, now).segments)


def rules_at(kind: Kind[T], paths: Iterable[str], now: dt.datetime) -> dict[str, tuple[T, dt.date]]:
    """Return for each of many units the rule of a kind in force and its business day: a query for each day there is."""
    by_day: dict[dt.date, set[str]] = {}
    for path in set(paths):
        by_day.setdefault(today_at(path, now), set()).add(path)
    return {
        path: (rule, day)
        for day, some in by_day.items()
        for path, rule in in_force_by_path(kind, paths=some, day=day).items()
    }


def rule_of(kind: Kind[T], path: str, day: dt.date) -> T:
    """Return the rule of a kind in force at a unit."""
    return in_force(kind, path=path, day=day).rule
