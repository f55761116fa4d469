"""Decisions about voices: how alike two texts are, what a consultation still lacks, and the shapes of the rules.

consulted:  draft ─→ asked ─→ answered ─→ what became of each comment ─→ finished ─→ the rule may be published
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yingting.domains.cases.rules.processes import Level
from yingting.domains.voices.refusals import (
    CONSULTATION_OPEN_COMMENTS,
    CONSULTATION_RUNS,
    CONSULTATION_SILENT,
)
from yingting.kernel.refusals import Refusal
from yingting.kernel.shapes import Named, said
from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _
from yingting.kernel.worktime.limits import Limit, Unit


class Judgement(Titled):
    """What came of a suggestion."""

    ADOPTED = "adopted", _("Adopted")
    PARTLY = "partly", _("Adopted in part")
    NOT = "not", _("Not adopted")

    @property
    def result(self) -> str:
        """The result of its case."""
        return "solved" if self is Judgement.ADOPTED else str(self.value)


class Stance(Titled):
    """What somebody who was asked says of a draft."""

    AGREE = "agree", _("Agree")
    CHANGE = "change", _("Should be changed")
    AGAINST = "against", _("Against")


class Outcome(Titled):
    """What became of a comment."""

    TAKEN = "taken", _("Taken up")
    PARTLY = "partly", _("Taken in part")
    NOT = "not", _("Not taken")

    @property
    def is_taken(self) -> bool:
        """Does the rule differ from its draft for it?"""
        return self is not Outcome.NOT


# ------------------------------------------------------------------------------------------------ rules as data
@dataclass(frozen=True, slots=True)
class Suggesting:
    """How suggestions are made and shown."""

    kinds: tuple[Named, ...] = said(_("Kinds of suggestion"), default=())
    shared_within: Level = said(
        _("Shown to colleagues of the same"), default=Level.CITY,
        help=_("Everybody who works under that unit may read a suggestion and support it."),
    )  # fmt: skip
    similar: int = said(
        _("Shown as similar from"), unit="%", low=5, high=100, default=30,
        help=_("Share of the shorter text's pairs of signs that the other one has, too."),
    )  # fmt: skip
    channel: str = said(_("Channel of cases"), choices="cases.channels", default="staff")
    compared_days: int = said(
        _("Compared before and after"), unit=_("days"), low=7, high=366, default=28,
        help=_("So many days before an adopted suggestion is carried out are set against as many after it."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Consulting:
    """Which rules are put before the front line before they are published, and how."""

    kinds: tuple[str, ...] = said(_("Rules that need it"), choices="voices.rule_kinds", default=())
    front_roles: tuple[str, ...] = said(_("Roles of the front line"), choices="cases.posts", default=())
    people: int = said(
        _("People of the front line"), low=1, high=500, default=3,
        help=_("So many are asked, and so many have to answer."),
    )  # fmt: skip
    days: int = said(_("Time to answer"), unit=_("days"), low=1, high=90, default=2)
    valid_days: int = said(
        _("The record holds for"), unit=_("days"), low=1, high=730, default=90,
        help=_("Later the rule is put before people again."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Concern:
    """A kind of rule whose versions people have to read and confirm; no role: everybody of the unit."""

    kind: str = said(_("Rule"), choices="voices.rule_kinds")
    roles: tuple[str, ...] = said(_("Roles"), choices="cases.posts", default=())


@dataclass(frozen=True, slots=True)
class Ordering:
    """Who confirms which rules and orders, by when; when compliance is looked at."""

    concerns: tuple[Concern, ...] = said(_("Rules to be confirmed"), default=())
    limit: Limit = said(_("Time to confirm"), default=Limit(3, Unit.WORKING_DAYS, counts_start_day=False))
    again_days: int = said(_("Reminded again after"), unit=_("days"), low=1, high=30, default=1)
    reminders: int = said(_("Reminders at most"), low=0, high=30, default=3)
    check_days: int = said(_("Compliance is looked at after"), unit=_("days"), low=1, high=365, default=14)
    channel: str = said(
        _("Channel of cases"), choices="cases.channels", default="inspection",
        help=_("What is not complied with becomes a case that comes in on this channel."),
    )  # fmt: skip

    def concern_of(self, kind: str) -> Concern | None:
        """Return whom a version of this kind concerns; None: nobody has to confirm it."""
        return next((one for one in self.concerns if one.kind == kind), None)


# ------------------------------------------------------------------------------------------------ before and after
@dataclass(frozen=True, slots=True)
class Stretches:
    """The days before something was carried out and as many after it; the days on which it was done belong to neither."""

    before_first: dt.date
    before_last: dt.date
    after_first: dt.date
    after_last: dt.date


def stretches(begun: dt.date, done: dt.date, days: int) -> Stretches:
    """Return the days to be compared.

    >>> found = stretches(dt.date(2026, 3, 10), dt.date(2026, 3, 20), 7)
    >>> [day.isoformat()[5:] for day in (found.before_first, found.before_last, found.after_first, found.after_last)]
    ['03-03', '03-09', '03-21', '03-27']
    """
    day = dt.timedelta(days=1)
    return Stretches(begun - days * day, begun - day, done + day, done + days * day)


# ------------------------------------------------------------------------------------------------ how alike texts are
def grams(text: str, size: int = 2) -> frozenset[str]:
    """Return the runs of letters and digits of a text, as long as a Chinese word; what stands between them does not count.

    >>> sorted(grams("桌牌，代替。"))
    ['代替', '桌牌', '牌代']
    """
    plain = "".join(mark for mark in text.lower() if mark.isalnum())
    return frozenset(plain[at : at + size] for at in range(len(plain) - size + 1))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of the smaller set that the other one has too: a title finds the long text that says the same.

    >>> round(likeness(grams("工号牌改为桌牌"), grams("建议将工号牌改成桌牌，这样可以写上服务理念")), 2)
    0.67
    >>> likeness(grams(""), grams("座位"))
    0.0
    """
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


# ------------------------------------------------------------------------------------------------ consultations
@dataclass(frozen=True, slots=True)
class Answer:
    """One who was asked: of the front line or not, what they said (None: nothing yet) and what became of it."""

    is_front: bool
    stance: Stance | None = None
    outcome: Outcome | None = None

    @property
    def is_open_comment(self) -> bool:
        """Is it a comment of which nobody has said yet what became of it?"""
        return self.stance in (Stance.CHANGE, Stance.AGAINST) and self.outcome is None


def may_finish(answers: Sequence[Answer], *, last_day: dt.date, today: dt.date, least: int) -> None:
    """Refuse to finish a consultation while people may still answer, too few of the front line have, or a comment is open.

    Raises Refusal consultation.runs, consultation.silent, consultation.open_comments.
    """
    if today <= last_day and any(one.stance is None for one in answers):
        raise Refusal(CONSULTATION_RUNS, day=last_day.isoformat())
    front = sum(one.is_front and one.stance is not None for one in answers)
    if front < least:
        raise Refusal(CONSULTATION_SILENT, n=front, least=least)
    if unsettled := sum(one.is_open_comment for one in answers):
        raise Refusal(CONSULTATION_OPEN_COMMENTS, n=unsettled)


def allows(answers: Iterable[Answer], *, is_as_drafted: bool) -> bool:
    """May a rule be published upon this record? One that differs from its draft only if a comment was taken.

    >>> taken = Answer(True, Stance.CHANGE, Outcome.PARTLY)
    >>> allows([taken], is_as_drafted=False), allows([Answer(True, Stance.AGREE)], is_as_drafted=False)
    (True, False)
    """
    return is_as_drafted or any(one.outcome is not None and one.outcome.is_taken for one in answers)
