"""Care by tenure (CUS-22), the goodwill account (CUS-23), special care (CUS-08), entitlements (CUS-21). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from yingting.kernel.months import months_after, whole_months
from yingting.kernel.shapes import items_of, said
from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _


class Tenure(Titled):
    """How long somebody has been a customer."""

    NEW = "new", _("New customer")
    SETTLED = "settled", _("Settled customer")
    LONG = "long", _("Long-standing customer")
    UNKNOWN = "unknown", _("Tenure unknown")


@dataclass(frozen=True, slots=True)
class CareAction:
    """An act of care for one tenure, and how often it is due."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    tenure: Tenure = said(_("For the tenure"), default=Tenure.NEW)
    every_months: int = said(_("Every"), unit=_("months"), low=1, high=60, default=12)
    words: str = said(_("What to say"), is_long=True, default="")


@dataclass(frozen=True, slots=True)
class Weight:
    """What an outcome of a contact adds to the goodwill account, or takes off."""

    code: str = said(_("Code"), help=_("A code of what contacts are about or how they ended."))
    points: int = said(_("Points added"), low=-100, high=100, default=1)


@dataclass(frozen=True, slots=True)
class Caring:
    """Which care is given to whom, and how contacts add up to goodwill."""

    new_months: int = said(_("New: less than"), unit=_("months"), low=1, high=60, default=12)
    settled_months: int = said(_("Settled: less than"), unit=_("months"), low=2, high=600, default=60)
    actions: tuple[CareAction, ...] = said(_("Acts of care"), default=())
    due_days: int = said(_("Done within"), unit=_("days"), low=1, high=120, default=30)
    goodwill_months: int = said(_("Goodwill is counted over"), unit=_("months"), low=1, high=60, default=24)
    weights: tuple[Weight, ...] = said(_("Points of the goodwill account"), default=())
    contact_points: int = said(_("Points of any other contact"), low=-100, high=100, default=1)

    def of(self, tenure: Tenure) -> tuple[CareAction, ...]:
        """Return the acts of care for a tenure; of an unknown one there are none."""
        return tuple(one for one in self.actions if one.tenure is tenure)

    def action(self, code: str) -> CareAction | None:
        """Return an act of care by its code."""
        return next((one for one in self.actions if one.code == code), None)


def tenure_of(since: dt.date | None, day: dt.date, rule: Caring) -> Tenure:
    """Return how long somebody has been a customer on a day.

    >>> [tenure_of(since, dt.date(2026, 1, 5), Caring()).value
    ...  for since in (dt.date(2025, 1, 6), dt.date(2025, 1, 5), dt.date(2021, 1, 5), None)]
    ['new', 'settled', 'long', 'unknown']
    """
    if since is None or since > day:
        return Tenure.UNKNOWN
    months = whole_months(since, day)
    return Tenure.NEW if months < rule.new_months else Tenure.SETTLED if months < rule.settled_months else Tenure.LONG


def due_on(action: CareAction, since: dt.date, last: dt.date | None) -> dt.date:
    """Return when an act of care is due: an interval after the last time, or after the customer came.

    >>> due_on(CareAction("greet", "问候", every_months=6), dt.date(2026, 1, 5), None)
    datetime.date(2026, 7, 5)
    """
    return months_after(last or since, action.every_months)


def goodwill(contacts: Iterable[tuple[str, str]], rule: Caring) -> int:
    """Return the balance of the goodwill account (CUS-23) of contacts, each told by what it was about and how it ended.

    >>> goodwill([("care", "thanked"), ("care", "unreached")], Caring(weights=(Weight("thanked", 3), Weight("unreached", 0))))
    3
    """
    points = {one.code: one.points for one in rule.weights}
    return sum(points.get(outcome, points.get(about, rule.contact_points)) for about, outcome in contacts)


# ------------------------------------------------------------------------------------------------ entitlements
@dataclass(frozen=True, slots=True)
class Benefit:
    """Something that a customer is entitled to, once, within a time."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    months: int = said(_("Valid for"), unit=_("months"), low=1, high=60, default=3)


@dataclass(frozen=True, slots=True)
class Entitling:
    """What customers may be entitled to."""

    benefits: tuple[Benefit, ...] = said(_("Benefits"), default=())
    warn_days: int = said(_("Listed as expiring"), unit=_("days before"), low=1, high=180, default=14)

    def of(self, code: str) -> Benefit | None:
        """Return a benefit by its code."""
        return next((one for one in self.benefits if one.code == code), None)


# ------------------------------------------------------------------------------------------------ special care
@dataclass(frozen=True, slots=True)
class CareItem:
    """One thing to be done for customers of a care class."""

    care: str = said(_("Care class"), rows="classes")
    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")


@dataclass(frozen=True, slots=True)
class CareClass:
    """Customers who are owed special care, told by their tags, level or segment."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    holds: str = said(
        _("Who belongs to it"), default="",
        help=_("Codes of tags, levels and segments, with commas between them; one of them is enough."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attending:
    """What is owed to customers who need special care."""

    classes: tuple[CareClass, ...] = said(_("Care classes"), default=())
    items: tuple[CareItem, ...] = said(_("Things to be done"), default=())
    channel: str = said(
        _("Channel of cases"), choices="cases.channels", default="inspection",
        help=_("What was left out becomes a case that comes in on this channel."),
    )  # fmt: skip

    def owed_to(self, codes: Iterable[str]) -> tuple[CareItem, ...]:
        """Return what is owed to a customer with these tags, level and segment."""
        held = set(codes)
        classes = {one.code for one in self.classes if held & set(items_of(one.holds))}
        return tuple(one for one in self.items if one.care in classes)
