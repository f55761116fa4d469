"""What is kept of a frozen card: one text in canonical JSON that holds rule, inputs and result, and its digest.

    {"method": 2, "hall", "first", "last", "rule", "terms", "inputs", "limits", "result"}

Measured numbers stand as JSON writes them (their shortest exact form), computed ones as fractions: "215/3".
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from enum import Enum
from fractions import Fraction
from typing import Any

from yingting.foundation.rulebook.kinds import as_body, from_body
from yingting.kernel.canonical import canonical
from yingting.reporting.scorecards.kinds import SCORECARD, TERMS
from yingting.reporting.scorecards.rules import METHOD, Card, GateResult, Held, Inputs, Line, Month, Part, Reason, Value
from yingting.reporting.scorecards.shapes import Dimension, Scorecard, Terms


@dataclass(frozen=True, slots=True)
class Sealed:
    """A frozen card, opened: what it was made from, and the result as it was kept."""

    hall: str
    month: Month
    rule: Scorecard
    terms: Terms
    inputs: Inputs
    result: Mapping[str, Any]


def seal(hall: str, month: Month, rule: Scorecard, terms: Terms, inputs: Inputs, card: Card) -> str:
    """Return the text to keep."""
    return canonical(
        {
            "method": METHOD,
            "hall": hall,
            "first": month.first.isoformat(),
            "last": month.last.isoformat(),
            "rule": as_body(SCORECARD, rule),
            "terms": as_body(TERMS, terms),
            "inputs": {key: asdict(one) for key, one in inputs.values.items()},
            "limits": {key: str(minutes) for key, minutes in inputs.limits.items()},
            "result": result_of(card),
        }
    )


def opened(text: str) -> Sealed:
    """Return what a kept text holds."""
    body = json.loads(text)
    values = {key: Value(**one) for key, one in body["inputs"].items()}
    limits = {key: Fraction(minutes) for key, minutes in body["limits"].items()}
    return Sealed(
        body["hall"],
        Month(dt.date.fromisoformat(body["first"])),
        from_body(SCORECARD, body["rule"]),
        from_body(TERMS, body["terms"]),
        Inputs(values, limits),
        body["result"],
    )


def result_of(card: Card) -> dict[str, Any]:
    """Return a card's result as JSON values."""
    return {
        "points": _text(card.points),
        "rated": _text(card.rated),
        "service": _text(card.service),
        "service_counts": _text(card.service_counts),
        "is_balanced": card.is_balanced,
        "gates": {one.indicator: _plain(one) for one in card.gates},
        "parts": {
            part.dimension.value: _plain(part) | {"lines": {line.indicator: _plain(line) for line in part.lines}}
            for part in card.parts
        },
    }


def kept_card(sealed: Sealed) -> Card:
    """Return the card as it was kept: nothing of it is computed again."""
    result = sealed.result
    return Card(
        _number(result["points"]),
        Fraction(result["rated"]),
        tuple(_part(result["parts"][one.value], sealed.rule) for one in Dimension if one.value in result["parts"]),
        tuple(
            Held(one.indicator, Fraction(kept["bound"]), _number(kept["value"]), GateResult(kept["verdict"]))
            for one in sealed.rule.gates
            for kept in [result["gates"][one.indicator]]
        ),
        Fraction(result["service"]),
        Fraction(result["service_counts"]),
        result["is_balanced"],
    )


def _part(kept: Mapping[str, Any], rule: Scorecard) -> Part:
    lines = [_line(kept["lines"][item.indicator]) for item in rule.items if item.indicator in kept["lines"]]
    return Part(
        Dimension(kept["dimension"]),
        Fraction(kept["weight"]),
        Fraction(kept["rated"]),
        _number(kept["points"]),
        tuple(lines),
    )


def _line(kept: Mapping[str, Any]) -> Line:
    return Line(
        kept["indicator"], Fraction(kept["weight"]), _number(kept["value"]), _number(kept["points"]),
        Fraction(kept["counts"]), Fraction(kept["adds"]), Reason(kept["reason"]),
    )  # fmt: skip


def differences(kept: Any, made: Any) -> tuple[str, ...]:
    """Return where two results differ.

    >>> differences({"points": "80", "parts": {"waits": {"points": "70"}}}, {"points": "81", "parts": {"waits": {}}})
    ('parts.waits.points', 'points')
    """
    one, other = dict(_leaves(kept)), dict(_leaves(made))
    return tuple(sorted(path for path in {*one, *other} if one.get(path) != other.get(path)))


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict):
        yield path, value
        return
    for name, inner in value.items():
        yield from _leaves(inner, f"{path}.{name}" if path else name)


def _plain(row: Held | Part | Line) -> dict[str, Any]:
    """Its own fields: fractions as text, no rows within it."""
    found = {one.name: getattr(row, one.name) for one in fields(row)}
    return {
        name: _text(value) if isinstance(value, Fraction) else value.value if isinstance(value, Enum) else value
        for name, value in found.items()
        if not isinstance(value, tuple)
    }


def _text(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
