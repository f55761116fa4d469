"""The lists of cases in the reader's language: what a code is called, and what may be chosen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import pgettext

from yingting.domains.cases.queries.rules_in_force import CATEGORIES, CHANNELS, HANDLING, PROCESS_NAMES, rule_of
from yingting.domains.cases.rules.around import Categories, Category, Channels, Handling, line_of
from yingting.foundation.editing.naming import named
from yingting.foundation.rulebook.reading import in_force_by_path

Choices = tuple[tuple[str, str], ...]


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Names:
    """What codes are called at one unit; a code that no list holds (any more) is its own name."""

    processes: Mapping[str, str]
    categories: Mapping[str, str]
    severities: Mapping[str, str]
    near_hours: int


def names_at(paths: Collection[str], day: dt.date) -> dict[str, Names]:
    """Return the names of each of many units, in one query for each kind of list."""
    processes = in_force_by_path(PROCESS_NAMES, paths=paths, day=day)
    categories = in_force_by_path(CATEGORIES, paths=paths, day=day)
    handling = in_force_by_path(HANDLING, paths=paths, day=day)
    return {
        path: Names(
            dict(_told(processes[path].processes)), dict(_categories(categories[path].categories)),
            dict(_told(categories[path].severities)), handling[path].near_hours,
        )
        for path in paths
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lists:
    """What may be chosen at a unit on a day."""

    processes: Choices
    categories: Choices
    causes: Choices
    severities: Choices
    channels: Channels
    handling: Handling

    @property
    def channel_names(self) -> dict[str, str]:
        """Channels by code."""
        return dict(_told(self.channels.channels))

    @property
    def waits(self) -> Choices:
        """Reasons for waiting."""
        return _told(self.handling.waits)

    @property
    def outcomes(self) -> Choices:
        """Outcomes of a call back."""
        return _told(self.handling.outcomes)

    @property
    def bands(self) -> Choices:
        """Bands of hours."""
        return _told(self.handling.bands)


def lists_at(path: str, day: dt.date) -> Lists:
    """Return what may be chosen at a unit on a day."""
    categories: Categories = rule_of(CATEGORIES, path, day)
    return Lists(
        _told(rule_of(PROCESS_NAMES, path, day).processes), _categories(categories.categories), _told(categories.causes),
        _told(categories.severities), rule_of(CHANNELS, path, day), rule_of(HANDLING, path, day),
    )  # fmt: skip


def _told(rows: Iterable[_Coded]) -> Choices:
    return tuple((row.code, named(row)) for row in rows)


def _categories(rows: tuple[Category, ...]) -> Choices:
    """Categories by their whole line, in the order of the rule."""
    between = pgettext("between a category and one below it", " · ")
    return tuple((row.code, between.join(named(one) for one in line_of(rows, row.code))) for row in rows)
