"""The terms of a set of indicators over a period: the rule's versions make spans, the halls' rules make groups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from yingting.foundation.lake.declared import IndicatorSet
from yingting.foundation.rulebook.kinds import Kind
from yingting.foundation.rulebook.reading import first_days, in_force_by_path
from yingting.foundation.sites.models import Hall


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
    ends = [*(day - dt.timedelta(days=1) for day in begins[1:]), last]
    return list(zip(begins, ends, strict=True))


def spans(found: IndicatorSet, halls: Collection[str], first: dt.date, last: dt.date) -> tuple[Span, ...]:
    """Return the spans of the set's terms that cover these halls and days, each day of a hall once.

    A hall that is known by an imported log alone is judged as shipped.
    """
    rule = found.limits
    if rule is None:
        return (Span(first, last, tuple(sorted(halls)), found.terms(None)),)
    paths: Mapping[str, str] = dict(Hall.objects.filter(code__in=halls).values_list("code", "unit__path"))
    result: list[Span] = []
    for begin, end in stretches(rule, first, last):
        rules = in_force_by_path(rule, paths=set(paths.values()), day=begin)
        groups: dict[Any, list[str]] = {}
        for hall in sorted(halls):
            terms = found.terms(rules[paths[hall]] if hall in paths else rule.shipped)
            groups.setdefault(terms, []).append(hall)
        result.extend(Span(begin, end, tuple(some), terms) for terms, some in groups.items())
    return tuple(result)
