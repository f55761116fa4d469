"""The terms of a set of indicators over a period: the rule's versions make spans, the halls' rules make groups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from yingting.foundation.lake.declared import IndicatorSet
from yingting.foundation.lake.offices import is_office
from yingting.foundation.rulebook.kinds import Kind
from yingting.foundation.rulebook.reading import first_days, in_force_by_path
from yingting.foundation.sites.models import Hall

R = TypeVar("R")
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days (both included) and halls that are judged under the same terms."""

    first: dt.date
    last: dt.date
    halls: tuple[str, ...]
    terms: Any


def stretches(rule: Kind[Any], first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date]]:
    """Return the days (both included) cut where a version of the rule begins somewhere."""
    begins = [first, *first_days(rule, after=first, until=last)]
    ends = [*(day - ONE_DAY for day in begins[1:]), last]
    return list(zip(begins, ends, strict=True))


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
    """Return the spans of what is made of a rule; a span goes on as long as the same halls have the same."""
    paths: Mapping[str, str] = {
        **{code: code for code in halls if is_office(code)},
        **dict(Hall.objects.filter(code__in=halls).values_list("code", "unit__path")),
    }
    result: list[Span] = []
    latest: dict[tuple[tuple[str, ...], Any], int] = {}
    for begin, end in stretches(rule, first, last):
        rules = in_force_by_path(rule, paths=set(paths.values()), day=begin)
        groups: dict[Any, list[str]] = {}
        for hall in sorted(halls):
            terms = terms_of(rules[paths[hall]] if hall in paths else rule.shipped)
            groups.setdefault(terms, []).append(hall)
        for terms, some in groups.items():
            at = latest.get((tuple(some), terms))
            if at is not None and result[at].last == begin - ONE_DAY:
                result[at] = replace(result[at], last=end)
            else:
                latest[tuple(some), terms] = len(result)
                result.append(Span(begin, end, tuple(some), terms))
    return tuple(result)
