"""What may be asked of the lake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from yingting.foundation.lake.declared import IndicatorSet, declared
from yingting.indicators.declaring import AnyIndicator
from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

TOO_MUCH = declare(
    "lake.too_much",
    _(
        "This machine has not enough memory for so many cases at once. Ask for fewer days or halls, or split by hall or day."
    ),
    status=413,
)


class UnknownIndicatorError(KeyError):
    """No indicator has this key: a programming error, or a link that is too old."""


class SplitError(ValueError):
    """An indicator's rows have no such column to split or filter by."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: indicators by key, of these halls (the caller has checked the right to see them), over these days.

    by      columns to split by: hall, business_day, group, month, weekday, and what `splits_of` names
    where   columns and the values that count
    groups  for a split by "group": what each hall belongs to (its city, its type)
    spread  whether it must be known how the single cases scatter, which costs a look at each; else it may be missing
    during  only cases that happened after the first of these instants and not after the second; read from the rows
    """

    indicators: tuple[str, ...]
    halls: tuple[str, ...]
    first: dt.date
    last: dt.date
    by: tuple[str, ...] = ()
    where: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    minimum_sample: Mapping[str, int] = field(default_factory=dict)
    during: tuple[dt.datetime, dt.datetime] | None = None
    spread: bool = False


def declared_with(keys: Iterable[str]) -> list[tuple[AnyIndicator, IndicatorSet]]:
    """Return the indicators of these keys, each with its set. UnknownIndicatorError."""
    known = declared()
    try:
        return [known[key] for key in keys]
    except KeyError as missing:
        raise UnknownIndicatorError(*missing.args) from None


def splits_of(key: str) -> tuple[str, ...]:
    """Return the columns by which an indicator may be split and filtered. UnknownIndicatorError."""
    _indicator, found = declared_with((key,))[0]
    return found.can_split


def require_splits(found: IndicatorSet, indicator: AnyIndicator, question: Question) -> None:
    """Raise SplitError if the rows of the indicator cannot be cut as the question wants."""
    if question.during and not indicator.moment:
        raise SplitError(f"{found.rows} cannot be cut to a stretch of time for {indicator.key}")
    missing = {*question.by, *question.where} - {*found.can_split}
    if missing:
        raise SplitError(f"{found.rows} cannot be split by {', '.join(sorted(missing))}")
