"""PURE rules of the customer file: which level, which numbers look alike, what a merge leaves, what the facts add up to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yingting.foundation.customers.shapes import ClassesRule, ContactRule, Level
from yingting.kernel.months import months_after, whole_months

_PHONE = re.compile(r"\+?\d{7,15}")


def is_phone(one_form: str) -> bool:
    """Can this be a telephone number? Takes the one form of `privacy.rules.phone_of`.

    >>> [is_phone(text) for text in ("13800138000", "02088776655", "+85223456789", "12345", "")]
    [True, True, True, False, False]
    """
    return _PHONE.fullmatch(one_form) is not None


def alike_phones(one: str, other: str) -> bool:
    """May two numbers of the same name be one customer's: the last four digits agree, or a single digit was mistyped?

    >>> alike_phones("13800138000", "13900008000"), alike_phones("13800138000", "13800138001")
    (True, True)
    >>> alike_phones("13800138000", "13911112222"), alike_phones("", "13911112222")
    (False, False)
    """
    if not one or not other:
        return False
    differing = sum(a != b for a, b in zip(one, other, strict=False))
    return one[-4:] == other[-4:] or (len(one) == len(other) and differing <= 1)


# ------------------------------------------------------------------------------------------------ levels
@dataclass(frozen=True, slots=True)
class Figures:
    """What levels look at: fen a month (None: not known), since when a customer, visits in the months of the rule."""

    segment: str
    monthly_fen: int | None
    customer_since: dt.date | None
    visits: int = 0


def _holds(level: Level, figures: Figures, day: dt.date) -> bool:
    tenure = whole_months(figures.customer_since, day) if figures.customer_since else 0
    return (
        level.segment in ("", figures.segment)
        and (figures.monthly_fen or 0) >= level.monthly_fen
        and tenure >= level.tenure_months
        and figures.visits >= level.visits
    )


def level_of(rule: ClassesRule, figures: Figures, day: dt.date) -> str:
    """Return the code of the first level whose conditions hold on the day, "" for none.

    >>> rule = ClassesRule(levels=(Level("gold", "金卡", monthly_fen=20_000, tenure_months=12), Level("plain", "普通")))
    >>> level_of(rule, Figures("public", 25_000, dt.date(2025, 11, 23)), dt.date(2026, 11, 22))
    'plain'
    >>> level_of(rule, Figures("public", 25_000, dt.date(2025, 11, 23)), dt.date(2026, 11, 23))
    'gold'
    """
    return next((level.code for level in rule.levels if _holds(level, figures, day)), "")


def next_look(rule: ClassesRule, figures: Figures, day: dt.date) -> dt.date | None:
    """Return the next day on which tenure alone, or visits growing old, could give another level; None: only a change can.

    >>> rule = ClassesRule(levels=(Level("gold", "金卡", tenure_months=12), Level("plain", "普通")))
    >>> next_look(rule, Figures("public", None, dt.date(2026, 1, 15)), dt.date(2026, 11, 1))
    datetime.date(2027, 1, 15)
    """
    days = []
    if figures.customer_since:
        for level in rule.levels:
            turns = months_after(figures.customer_since, level.tenure_months)
            if level.tenure_months and turns > day:
                days.append(turns)
    if figures.visits and any(level.visits for level in rule.levels):
        days.append(day + dt.timedelta(days=7))
    return min(days, default=None)


# ------------------------------------------------------------------------------------------------ contact
def is_in_hours(rule: ContactRule, hour: int) -> bool:
    """May a customer be called in this hour of the day?

    >>> rule = ContactRule(first_hour=9, last_hour=20)
    >>> [is_in_hours(rule, hour) for hour in (8, 9, 19, 20)]
    [False, True, True, False]
    """
    return rule.first_hour <= hour < rule.last_hour


# ------------------------------------------------------------------------------------------------ merging
@dataclass(frozen=True, slots=True)
class Word:
    """What a customer last said of a purpose: agreed or withdrew, and when."""

    purpose: str
    is_given: bool
    at: dt.datetime


def standing_consents(words: Iterable[Word]) -> frozenset[str]:
    """Return the purposes that stand when two files of one customer become one: of each purpose the last word counts.

    >>> day = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    >>> words = [Word("marketing", True, day), Word("marketing", False, day + dt.timedelta(days=1)), Word("care", True, day)]
    >>> sorted(standing_consents(words))
    ['care']
    >>> [sorted(standing_consents([Word("care", is_given, day) for is_given in said])) for said in ((True, False), (False, True))]
    [[], []]
    """
    last: dict[str, Word] = {}
    for word in words:
        before = last.get(word.purpose)
        # At the same instant the withdrawal counts.
        if before is None or (word.at, not word.is_given) > (before.at, not before.is_given):
            last[word.purpose] = word
    return frozenset(purpose for purpose, word in last.items() if word.is_given)


# ------------------------------------------------------------------------------------------------ the fold
@dataclass(slots=True)
class Folded:
    """What the facts of one file add up to; the rows say the same."""

    state: str = ""
    segment: str = ""
    level: str = ""
    is_left_alone: bool = False
    manager: str | None = None
    consents: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    merged_into: str | None = None
    contacts: int = 0


def folded(facts: Sequence[Mapping[str, Any]]) -> Folded:
    """Return what the facts of a file (kind, data, in order) add up to. Tags of a file that was taken over come by their count
    only, so they are not among them.

    >>> folded([{"kind": "customer.registered", "data": {"segment": "public", "level": ""}},
    ...         {"kind": "customer.classed", "data": {"what": "level", "code": "gold"}}]).level
    'gold'
    """
    file = Folded()
    for row in facts:
        _add(file, row["kind"].removeprefix("customer."), row["data"])
    return file


def _add(file: Folded, kind: str, data: Mapping[str, Any]) -> None:
    if kind == "registered":
        file.state, file.segment, file.level = "active", data["segment"], data["level"]
    elif kind == "classed":
        setattr(file, data["what"], data["code"])
    elif kind == "consented":
        file.consents.add(data["purpose"])
    elif kind == "consent_ended":
        file.consents.discard(data["purpose"])
    elif kind == "tagged":
        (file.tags.add if data["is_on"] else file.tags.discard)(str(data["tag"]))
    elif kind == "managed":
        file.manager = data["person"]
    elif kind == "left_alone":
        file.is_left_alone = data["is_left_alone"]
    elif kind == "contacted":
        file.contacts += 1
    elif kind == "took_over":
        file.consents, file.manager = set(data["consents"]), data["manager"]
        file.is_left_alone = data["is_left_alone"]
    elif kind == "merged":
        file.state, file.merged_into = "merged", data["into"]
        file.consents, file.tags, file.manager = set(), set(), None
    elif kind == "erased":
        file.state, file.segment, file.level, file.manager = "erased", "", "", None
        file.consents, file.tags, file.is_left_alone = set(), set(), False
