"""The rules of detection, as people edit them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from yingting.domains.cases.rules.processes import CaseKind, Level
from yingting.kernel.shapes import said
from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _

MOST_MONTHS = 36
Problem = tuple[str, str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Unaware:
    """When complaints about one staff number become an alarm and a violation case."""

    categories: tuple[str, ...] = said(
        _("Categories that count"), choices="cases.categories", default=("fees.unaware",)
    )
    per_month: int = said(_("Complaints in a calendar month"), low=1, high=99, default=3)
    months: int = said(_("Months in a row"), low=2, high=12, default=2)
    each_month: int = said(_("Complaints in each of them"), low=1, high=99, default=1)
    look_back: int = said(
        _("Looks back over"), unit=_("months"), low=3, high=MOST_MONTHS, default=13,
        help=_("What is verified or withdrawn so much later still changes an alarm."),
    )  # fmt: skip
    prohibition: str = said(_("Category of the violation case"), choices="cases.categories", default="rule.3")
    channel: str = said(_("Channel of the violation case"), choices="cases.channels", default="detection")
    process: str = said(_("Process of the violation case"), choices="case_processes", default="violation")
    post: str = said(_("Who is told"), choices="cases.posts", default="service_manager")
    level: Level = said(
        _("Level that leads the case"), default=Level.DISTRICT,
        help=_("Colleagues in the hall do not see a case that is led above it."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class HotIssues:
    """How unusual numbers of cases are found."""

    kinds: tuple[CaseKind, ...] = said(
        _("Kinds of case"), default=(CaseKind.GRUMBLE, CaseKind.COMPLAINT, CaseKind.APPEAL)
    )
    windows: tuple[int, ...] = said(
        _("Windows"),
        unit=_("days"),
        default=(1, 7),
        help=_("Lengths of the latest days that are looked at, one a line."),
    )
    weeks: int = said(
        _("Compared with"), unit=_("weeks"), low=4, high=52, default=8,
        help=_("Each window is compared with the same weekdays of so many weeks before it."),
    )  # fmt: skip
    minimum: int = said(_("Fewest cases of an issue"), low=2, high=999, default=3)
    by_chance: float = said(
        _("False issues among those shown, at most"), unit=_("%"), low=0.1, high=20, default=5.0,
        help=_("So many of the issues shown may be chance, on average, over all categories and places together."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class NearTexts:
    """When texts are nearly the same."""

    days: int = said(_("Texts of the last"), unit=_("days"), low=1, high=90, default=14)
    alike: int = said(
        _("Alike from"), unit=_("%"), low=30, high=100, default=60,
        help=_("Share of the groups of three characters that two texts have in common."),
    )  # fmt: skip
    size: int = said(_("Fewest texts of a batch"), low=2, high=99, default=3)
    shortest: int = said(
        _("Shortest text"), unit=_("characters"), low=4, high=200, default=8, help=_("Shorter ones say too little to be compared."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suggesting:
    """When the house suggests a category, and how it learns to."""

    most_cases: int = said(_("Learns from the latest"), unit=_("cases"), low=500, high=200_000, default=20_000)
    least_cases: int = said(_("Fewest cases in all"), low=50, high=100_000, default=300)
    least_each: int = said(
        _("Fewest cases of a category"), low=5, high=10_000, default=20, help=_("A rarer category is never suggested."),
    )  # fmt: skip
    held_out: int = said(
        _("Measured on the latest"), unit=_("%"), low=10, high=40, default=20,
        help=_("These cases are kept from learning; as many before them set the confidence."),
    )  # fmt: skip
    confidence: int = said(_("Suggested from a confidence of"), unit=_("%"), low=1, high=99, default=30)
    most: int = said(_("Suggestions at most"), low=1, high=9, default=3)
    anew_after: int = said(
        _("Learns anew after"),
        unit=_("days"),
        low=0,
        high=365,
        default=30,
        help=_("0: only when somebody asks for it."),
    )


class Verdict(Titled):
    """Whether a model may suggest anything."""

    CARRIES = "carries", _("Suggests: clearly better than always naming the commonest category.")
    FEW_CASES = "few_cases", _("Does not suggest: too few closed cases to learn from.")
    FEW_CATEGORIES = "few_categories", _("Does not suggest: fewer than two categories have cases enough.")
    NOT_BETTER = "not_better", _("Does not suggest: not clearly better than always naming the commonest category.")


def unaware_problems(rule: Unaware) -> Iterable[Problem]:
    """Yield what is wrong with the rule of alarms: a span of months that lies beyond what is looked at.

    >>> [field for field, _sentence, _params in unaware_problems(Unaware(months=5, look_back=4))]
    ['months']
    """
    if not rule.categories:
        yield "categories", _("Choose at least one category."), {}
    if rule.months >= rule.look_back:
        yield "months", _("More months are looked back over than must come in a row."), {}


def hot_problems(rule: HotIssues) -> Iterable[Problem]:
    """Yield windows that cannot be compared with the weeks before them.

    >>> [params for _field, _sentence, params in hot_problems(HotIssues(windows=(1, 30)))]
    [{'days': 28}]
    """
    longest = 7 * rule.weeks // 2
    if not rule.kinds:
        yield "kinds", _("Choose at least one kind of case."), {}
    if not rule.windows or any(not 1 <= days <= longest for days in rule.windows):
        yield (
            "windows",
            _("Windows are from 1 to %(days)s days: half of what they are compared with."),
            {"days": longest},
        )
