"""The terms of a set of indicators over a period: the rule's versions make spans, the halls' rules make groups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from yingting.foundation.lake.declared import IndicatorSet
from yingting.foundation.rulebook.kinds import Kind
from yingting.foundation.rulebook.reading import first_days, in_force_by_path
from yingting.foundation.sites.models import Hall

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Span:
    """Days (both included) and halls that are judged under the same terms."""

    first: dt.date
    last: dt.date
    halls: tuple[str, ...]
    terms: Any


def spans(found: IndicatorSet, halls: Collection[str], first: dt.date, last: dt.date) -> tuple[Span, ...]:
    """Return the spans of the set's terms that cover these halls and days, each day of a hall once.

    A hall that is known by an imported log alone is judged as shipped.
    """
    if found.limits is None:
        return (as_shipped(found, halls, first, last),)
    return spans_of_rule(found.limits, found.terms, halls, first, last)


def as_shipped(found: IndicatorSet, halls: Collection[str], first: dt.date, last: dt.date) -> Span:
    """Return the one span of halls of which no rules are known."""
    return Span(first, last, tuple(sorted(halls)), found.terms(found.limits.shipped if found.limits else None))


def spans_of_rule(
    rule: Kind[R], terms_of: Callable[[R], Any], halls: Collection[str], first: dt.date, last: dt.date
) -> tuple[Span, ...]:
    """Return the spans of what is made of a rule; one span where it is the same for all halls and days."""
    paths: Mapping[str, str] = dict(Hall.objects.filter(code__in=halls).values_list("code", "unit__path"))
    begins = [first, *(day for day in first_days(rule, after=first, until=last))]
    ends = [*(day - dt.timedelta(days=1) for day in begins[1:]), last]
    result: list[Span] = []
    for begin, end in zip(begins, ends, strict=True):
        rules = in_force_by_path(rule, paths=set(paths.values()), day=begin)
        groups: dict[Any, list[str]] = {}
        for hall in sorted(halls):
            terms = terms_of(rules[paths[hall]] if hall in paths else rule.shipped)
            groups.setdefault(terms, []).append(hall)
        result.extend(Span(begin, end, tuple(some), terms) for terms, some in groups.items())
    if result and all(span.terms == result[0].terms for span in result):
        return (Span(first, last, tuple(sorted(halls)), result[0].terms),)
    return tuple(result)
