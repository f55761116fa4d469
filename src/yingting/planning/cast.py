"""The cast: one small organisation with a meaning, used by tests, the demo and screenshots alike.

粤 province ─ 广州 city ─ 天河 district ─┬─ 天河路厅  H01  王芳 (clerk), 李明 (guide), 赵敏 (duty manager), 陈刚 (hall manager)
└─ 体育西厅  H02  周涛, the outsider: must see nothing of H01
刘洋 sees the whole province; 吴静 administers it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from yingting.domains.queueing.models import CounterQueue, PriorityClass, Queue
from yingting.foundation.catalogue.calendar import CALENDAR, BusyCalendar
from yingting.foundation.catalogue.models import BusinessClass, BusinessType, Equipment
from yingting.foundation.catalogue.papers import PAPERS, Paper, Papers, paper_key
from yingting.foundation.people.models import Person, Role, RoleGrant
from yingting.foundation.people.shipped import ROLES, shipped_roles
from yingting.foundation.rulebook.kinds import Kind, as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Counter, Hall, OpeningSpan, Ownership, Unit, UnitLevel, Zone
from yingting.kernel.weekdays import HourSpan, Weekday

T = TypeVar("T")
__all__ = ["ROLES", "shipped_roles"]  # they live in foundation.people.shipped

PASSWORD = "hall-demo-2026"  # noqa: S105 - demo and tests only; `yingting init` makes no such person

# class code: (name, English, queue letter, [(code, name, English, kind, limit, expected seconds, papers)])
CATALOGUE: dict[str, tuple[str, str, str, list[tuple[str, str, str, str, int, int, list[tuple[str, str]]]]]] = {
    "pay": ("缴费充值", "Pay and top up", "A", [
        ("fee", "话费缴纳", "Pay a phone bill", "single", 3, 75, []),
        ("invoice", "打印发票", "Print an invoice", "single", 3, 90, [("手机号码", "Phone number")]),
        ("query", "账单详单查询", "Ask about a bill", "single", 3, 130, [("机主身份证原件", "Owner's identity card")]),
    ]),
    "plan": ("套餐变更", "Plans", "A", [
        ("change", "更换套餐", "Change the plan", "single", 3, 165, [("机主身份证原件", "Owner's identity card")]),
        ("addon", "流量包与增值业务", "Data and add-ons", "single", 3, 110, [("手机号码", "Phone number")]),
    ]),
    "new": ("入网开户", "New number", "B", [
        ("open", "新号入网", "Open a number", "combined", 5, 290,
         [("本人身份证原件", "Own identity card"), ("代办须双方证件", "Both cards when acting for another")]),
        ("portin", "携号转网", "Bring your number", "combined", 5, 320,
         [("本人身份证原件", "Own identity card"), ("授权码短信", "Porting code")]),
    ]),
    "broadband": ("宽带业务", "Broadband", "C", [
        ("install", "宽带新装", "New broadband", "combined", 5, 300,
         [("本人身份证原件", "Own identity card"), ("安装地址", "Address of installation")]),
        ("move", "移机", "Move a line", "single", 3, 170, [("机主身份证原件", "Owner's identity card"), ("新地址", "New address")]),
    ]),
    "card": ("补卡过户", "Cards and owners", "B", [
        ("sim", "补换卡", "Replace a card", "single", 3, 150, [("机主身份证原件", "Owner's identity card")]),
        ("transfer", "过户", "Change the owner", "combined", 5, 310, [("双方身份证原件", "Both identity cards")]),
    ]),
    "help": ("咨询投诉", "Questions and complaints", "C", [
        ("ask", "业务咨询", "Ask a question", "single", 3, 140, []),
        ("complain", "投诉建议", "Complain or suggest", "single", 3, 200, []),
    ]),
}  # fmt: skip

COUNTERS = {"1": "A", "2": "AB", "3": "ABC", "4": "BC", "5": "ABC", "6": "ABC"}


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the cast: staff number, name, English part, role, unit code, and what the person is there for."""

    staff_no: str
    name: str
    name_en: str
    role: str
    unit: str


MEMBERS = (
    Member("1001", "王芳", "Wang Fang, clerk", "clerk", "H01"),
    Member("1101", "李明", "Li Ming, guide", "guide", "H01"),
    Member("1201", "赵敏", "Zhao Min, duty manager", "duty_manager", "H01"),
    Member("1301", "陈刚", "Chen Gang, hall manager", "hall_manager", "H01"),
    Member("9001", "刘洋", "Liu Yang, province manager", "service_manager", "GD"),
    Member("2001", "周涛", "Zhou Tao, duty manager of another hall", "duty_manager", "H02"),
    Member("9901", "吴静", "Wu Jing, administrator", "administrator", "GD"),
)
SIMULATED = {"1002": "林晓", "1003": "黄蕾", "1004": "何俊", "1005": "郭静", "1006": "梁宇"}
# Staff number: name, role. They play in a demo only; tests and screenshots of the cast alone have none of them.
SIMULATED_ON_THE_FLOOR = {
    "1102": ("孙悦", "guide"), "1103": ("陆航", "guide"), "1202": ("冯婕", "duty_manager"), "1402": ("郑强", "guard"),
}  # fmt: skip
SIMULATED_ELSEWHERE = {"2002": "邓颖", "2003": "许航"}
# Staff number: name, role, unit code. They handle cases behind the halls of a demo.
SIMULATED_BEHIND = {
    "1302": ("苏敏", "hall_manager", "H01"), "2302": ("叶青", "hall_manager", "H02"),
    "7001": ("罗薇", "service_manager", "TH"), "8001": ("高翔", "service_manager", "GZ"),
}  # fmt: skip
# A clerk who is asked what she thinks, as nobody played is; she has no password, and nobody signs in as her.
ASKED_ELSEWHERE = ("2011", "许兰", "clerk", "H02")


@dataclass(frozen=True, slots=True)
class Cast:
    """Ids of what tests and the demo need at hand; people by staff number, counters by number, businesses by code."""

    hall: UUID
    other_hall: UUID
    people: dict[str, UUID]
    counters: dict[str, UUID]
    queues: dict[str, UUID]
    businesses: dict[str, UUID]
    priorities: dict[str, UUID]


@transaction.atomic
def raise_curtain() -> Cast:
    """Create the cast in an empty database and return its ids."""
    units = _units()
    roles = shipped_roles()
    _catalogue(units["GD"])
    hall, other = _hall(units["H01"], "天河区天河路 1 号"), _hall(units["H02"], "天河区体育西路 2 号")
    _people(units, roles)
    return find_cast(hall, other)


def find_cast(hall: Hall | None = None, other: Hall | None = None) -> Cast:
    """Return the ids of a cast that is already there."""
    hall = hall or Hall.objects.get(code="H01")
    other = other or Hall.objects.get(code="H02")
    return Cast(
        hall=hall.pk,
        other_hall=other.pk,
        people=dict(Person.objects.values_list("staff_no", "id")),
        counters=dict(Counter.objects.filter(hall=hall).values_list("number", "id")),
        queues=dict(Queue.objects.filter(hall=hall).values_list("letter", "id")),
        businesses=dict(BusinessType.objects.values_list("code", "id")),
        priorities=dict(PriorityClass.objects.values_list("code", "id")),
    )


def _people(units: dict[str, Unit], roles: dict[str, Role]) -> None:
    played = [Member(staff_no, name, "", "clerk", "H01") for staff_no, name in SIMULATED.items()]
    people = {
        one.staff_no: Person(staff_no=one.staff_no, name=one.name, unit=units[one.unit], is_simulated=one in played)
        for one in (*MEMBERS, *played)
    }
    for one in people.values():
        one.set_password(None if one.is_simulated else PASSWORD)
    Person.objects.bulk_create(people.values())
    RoleGrant.objects.bulk_create(
        RoleGrant(person=people[one.staff_no], role=roles[one.role], unit=units[one.unit])
        for one in (*MEMBERS, *played)
    )


def _units() -> dict[str, Unit]:
    rows = (
        ("GD", None, UnitLevel.PROVINCE, "广东", "Guangdong"),
        ("GZ", "GD", UnitLevel.CITY, "广州", "Guangzhou"),
        ("TH", "GZ", UnitLevel.DISTRICT, "天河", "Tianhe"),
        ("H01", "TH", UnitLevel.HALL, "天河路营业厅", "Tianhe Road hall"),
        ("H02", "TH", UnitLevel.HALL, "体育西营业厅", "Tiyu West hall"),
    )
    units: dict[str, Unit] = {}
    for code, parent, level, name, name_en in rows:
        above = units[parent] if parent else None
        path = f"{above.path if above else ''}{code}/"
        units[code] = Unit(code=code, parent=above, level=level, path=path, name=name, name_en=name_en)
    Unit.objects.bulk_create(units.values())
    return units


def _catalogue(province: Unit) -> None:
    classes, businesses, papers_asked = [], [], []
    for position, (code, (name, name_en, _letter, types)) in enumerate(CATALOGUE.items()):
        kind = BusinessClass(unit=province, code=code, name=name, name_en=name_en, position=position)
        classes.append(kind)
        for order, (type_code, title, title_en, single, limit, expected, papers) in enumerate(types):
            item = BusinessType(
                business_class=kind, code=type_code, name=title, name_en=title_en, kind=single, limit_min=limit,
                expected_s=expected, position=order,
            )  # fmt: skip
            businesses.append(item)
            if papers:
                rule = Papers(tuple(Paper(*names) for names in papers))
                papers_asked.append(_since_ever(PAPERS, province, rule, key=paper_key(item)))
    BusinessClass.objects.bulk_create(classes)
    BusinessType.objects.bulk_create(businesses)
    RuleVersion.objects.bulk_create(papers_asked)
    PriorityClass.objects.bulk_create(
        PriorityClass(
            unit=province, code=code, name=name, name_en=name_en, tier=tier, head_start_min=head_start, letter=letter,
            is_care=care, is_default=default,
        )
        for code, name, name_en, tier, head_start, letter, care, default in (
            ("care", "爱心通道", "Care lane", 0, 0, "Z", True, False),
            ("vip", "星级客户", "Star customer", 1, 5, "", False, False),
            ("green", "绿色通道", "Green channel", 1, 20, "", False, False),
            ("booked", "预约客户", "Booked customer", 1, 0, "Y", False, False),
            ("normal", "普通客户", "Customer", 1, 0, "", False, True),
        )
    )  # fmt: skip


def _hall(unit: Unit, address: str) -> Hall:
    hall = Hall.objects.create(unit=unit, code=unit.code, ownership=Ownership.OWN, address=address, seats=24)
    zones = {
        name: Zone(hall=hall, name=name, name_en=name_en, function=function, area_m2=area, position=position)
        for position, (name, name_en, function, area) in enumerate(
            (
                ("综合区", "Main area", "handling", 85),
                ("宽带区", "Broadband area", "service", 40),
                ("体验区", "Experience area", "experience", 60),
            )
        )
    }
    Zone.objects.bulk_create(zones.values())
    Equipment.objects.bulk_create(
        Equipment(hall=hall, name=name, name_en=name_en, kind=kind, zone=zones[zone])
        for name, name_en, kind, zone in (
            ("缴费机 1", "Payment kiosk 1", "payment", "综合区"), ("业务办理机 1", "Business kiosk 1", "handling", "综合区"),
            ("清单打印机 1", "Bill printer 1", "printer", "综合区"),
            ("平板 1", "Tablet 1", "smart_client", "体验区"),
        )
    )  # fmt: skip
    _counters(hall, zones)
    OpeningSpan.objects.bulk_create(
        [OpeningSpan(hall=hall, weekday=day, opens=dt.time(8, 30), closes=dt.time(18)) for day in range(7)]
    )
    week = tuple(Weekday)
    busy = (HourSpan(week, dt.time(9, 30), dt.time(11, 30)), HourSpan(week, dt.time(15), dt.time(17)))
    quiet = (HourSpan(week, dt.time(12, 30), dt.time(14)),)
    _since_ever(CALENDAR, unit, BusyCalendar(busy_hours=busy, quiet_hours=quiet)).save(force_insert=True)
    return hall


def _counters(hall: Hall, zones: dict[str, Zone]) -> None:
    """The queues of a hall, with what waits in them, and its counters."""
    queues = {
        letter: Queue(hall=hall, letter=letter, name=name, name_en=name_en, zone=zones[zone], position=position)
        for position, (letter, name, name_en, zone) in enumerate(
            (
                ("A", "缴费与套餐", "Bills and plans", "综合区"),
                ("B", "入网与补卡", "Numbers and cards", "综合区"),
                ("C", "宽带与咨询", "Broadband and questions", "宽带区"),
            )
        )
    }
    Queue.objects.bulk_create(queues.values())
    waits_in = Queue.business_classes.through
    waits_in.objects.bulk_create(
        waits_in(queue=queues[CATALOGUE[kind.code][2]], businessclass=kind)
        for kind in BusinessClass.objects.filter(code__in=CATALOGUE)
    )
    counters = {
        number: Counter(hall=hall, number=number, zone=zones["宽带区" if number in "456" else "综合区"])
        for number in COUNTERS
    }
    Counter.objects.bulk_create(counters.values())
    CounterQueue.objects.bulk_create(
        CounterQueue(counter=counters[number], queue=queues[letter])
        for number, letters in COUNTERS.items()
        if letters != "ABC"
        for letter in letters
    )


def _since_ever(kind: Kind[T], unit: Unit, rule: T, *, key: str = "") -> RuleVersion:
    return RuleVersion(
        kind=kind.code, unit=unit, key=key, number=1, valid_from=dt.date(2000, 1, 1), body=as_body(kind, rule),
        author_label="system", written_at=dt.datetime(2000, 1, 1, tzinfo=dt.UTC),
    )  # fmt: skip
