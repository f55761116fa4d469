"""The customers whom a demo's halls know: made-up people and companies with their files, consents, needs and account managers.

Everything goes through the actions that people use, each at its own moment of the last two years. Nobody here is real: the
numbers begin with 190 0000 or lie behind the hall's own dialling code and are given to nobody.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from yingting.foundation.customers import consents, keeping
from yingting.foundation.customers.contracts import Particulars
from yingting.foundation.customers.models import Customer
from yingting.foundation.days import local_day
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import actor_for_person
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import local_instant

SEED = 20261123
DEMO = keeping.Source("demo")  # tells the simulation whom it made up
_SURNAMES = "陈林李黄张梁王刘吴罗杨何谢郑许邓冯曾彭叶苏卢蔡潘余杜"
_GIVEN = (
    "志强", "秀英", "伟明", "丽华", "国栋", "婉仪", "俊杰", "美玲", "建平", "嘉欣", "永康", "淑贞", "子轩", "思敏", "耀辉", "凤仪",
    "家豪", "慧敏", "文斌", "雪梅",
)  # fmt: skip
PEOPLE = 72
# Name, segment, fen a month.
COMPANIES = (
    ("天河软件园物业管理有限公司", "big", 6_800_000), ("广州云山物流有限公司", "big", 4_200_000),
    ("体育西路第三小学", "industry", 980_000), ("天河区人民医院门诊部", "important", 2_300_000),
    ("老街坊便利店", "business", 39_900), ("粤味轩餐饮店", "business", 45_900), ("小树苗培训中心", "business", 69_900),
)  # fmt: skip
_AGREES = {"service_notice": 0.8, "care": 0.6, "marketing": 0.45}


@dataclass(frozen=True, slots=True)
class Staff:
    """Who keeps the files of a hall: a clerk writes, the manager classes and names account managers."""

    unit: Unit
    clerk: Actor
    manager: Actor


def has_known_people() -> bool:
    """Are there files already?"""
    return Customer.objects.exists()


def staff_of(code: str, clerk: str, manager: str) -> Staff:
    """Return who keeps the files of a hall, by its code and their staff numbers."""
    people = Person.objects.in_bulk([clerk, manager], field_name="staff_no")
    return Staff(Unit.objects.get(code=code), actor_for_person(people[clerk]), actor_for_person(people[manager]))


def make_known_people(until: dt.datetime, timezone: str) -> int:
    """Open the files of the people and companies that both halls know, up to an instant; return how many."""
    dice = np.random.default_rng(SEED)
    halls = (staff_of("H01", "1002", "1301"), staff_of("H02", "2002", "2302"))
    with writing():
        for n in range(PEOPLE):
            _person(n, halls[n % 6 == 5], dice, until, timezone)
        for n, company in enumerate(COMPANIES):
            _company(n, company, halls[0], until, timezone)
    return PEOPLE + len(COMPANIES)


def _moment(until: dt.datetime, days_ago: int, hour: int, timezone: str) -> dt.datetime:
    return local_instant(local_day(until) - dt.timedelta(days=days_ago), dt.time(hour, 10 + days_ago % 40), timezone)


def _person(n: int, hall: Staff, dice: np.random.Generator, until: dt.datetime, timezone: str) -> None:
    days = 4 + int(dice.integers(0, 700) if n % 5 else dice.integers(0, 60))
    at = _moment(until, days, 9 + n % 8, timezone)
    is_old, is_star = n % 9 == 4, n % 12 == 7
    said = Particulars(
        name=_SURNAMES[n % len(_SURNAMES)] + _GIVEN[(n * 7) % len(_GIVEN)],
        phone=f"1900000{1000 + n * 37:04d}",
        born_year=1948 + n % 9 if is_old else 1968 + (n * 5) % 36,
        customer_since=local_day(at) - dt.timedelta(days=int(dice.integers(0, 2600)) if n % 5 else 0),
        monthly_fen=25_900 if is_star else 100 * int(dice.integers(19, 140)),
    )
    row = keeping.register(said=said, unit=hall.unit, source=DEMO, actor=hall.clerk, now=at)
    for purpose, share in _AGREES.items():
        if dice.uniform() < share:
            consents.give(customer=row.pk, purpose=purpose, how="counter", actor=hall.clerk, now=at)
    if is_old or n % 17 == 9:
        consents.give(customer=row.pk, purpose=consents.SPECIAL_NEEDS, how="counter", actor=hall.clerk, now=at)
        keeping.set_tag(customer=row.pk, code="elderly" if is_old else "disabled", actor=hall.clerk, now=at)
    if n % 7 == 3:
        keeping.set_tag(customer=row.pk, code="app_user", actor=hall.clerk, now=at)
    if n % 23 == 11:
        keeping.set_left_alone(customer=row.pk, is_left_alone=True, how="counter", actor=hall.clerk, now=at)
    if n == 20:
        consents.withdraw(customer=row.pk, purpose="care", how="counter", actor=hall.clerk, now=until)


def _company(n: int, company: tuple[str, str, int], hall: Staff, until: dt.datetime, timezone: str) -> None:
    name, segment, fen = company
    at = _moment(until, 640 - 71 * n, 10, timezone)
    said = Particulars(
        name=name, phone=f"0200000{3000 + n * 111:04d}", is_company=True, monthly_fen=fen,
        customer_since=local_day(at) - dt.timedelta(days=900 + 400 * n),
    )  # fmt: skip
    row = keeping.register(said=said, unit=hall.unit, source=DEMO, actor=hall.manager, now=at)
    consents.give(customer=row.pk, purpose="service_notice", how="paper", actor=hall.manager, now=at)
    if n != 4:
        consents.give(customer=row.pk, purpose="marketing", how="paper", actor=hall.manager, now=at)
        consents.give(customer=row.pk, purpose="care", how="paper", actor=hall.manager, now=at)
    if segment != "business":
        keeping.set_segment(customer=row.pk, code=segment, why="按集团客户名单", actor=hall.manager, now=at)
        keeping.assign_manager(
            customer=row.pk, person=hall.manager.person, why="大客户经理制", actor=hall.manager, now=at
        )
