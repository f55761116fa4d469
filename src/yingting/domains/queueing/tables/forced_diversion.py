"""Forced diversion as rows: its stretches, and what customers answered when another channel was offered in it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from yingting.domains.queueing.tables.naming import SOURCE, Fact, Labels, Row
from yingting.kernel.clocks import elapsed_s

_ANSWERS = {"steering.accepted": "accepted", "steering.insisted": "insisted"}


def mode_row(facts: Sequence[Fact], until: dt.datetime, labels: Labels) -> Row | None:
    """Fold the facts of one stretch; one that goes on is counted up to `until`."""
    begun = facts[0]
    if begun["kind"] != "mode.forced":
        return None
    over = next((fact for fact in facts if fact["kind"] == "mode.normal"), None)
    ended = over["occurred_at"] if over else max(until, begun["occurred_at"])
    return {
        "source": SOURCE,
        "hall": labels.hall,
        "business_day": begun["business_day"],
        "stretch": str(begun["subject"]),
        "started_at": begun["occurred_at"],
        "ended_at": over["occurred_at"] if over else None,
        "forced_s": elapsed_s(begun["occurred_at"], ended),
        "why": over["data"]["why"] if over else None,
    }


def answer_rows(facts: Iterable[Fact], labels: Labels) -> list[Row]:
    """Return a row for each answer. An offer that a screen showed and nobody answered is none."""
    return [
        {
            "source": SOURCE,
            "hall": labels.hall,
            "business_day": fact["business_day"],
            "steering": str(fact["subject"]),
            "business": labels.businesses.get(fact["data"]["business"], fact["data"]["business"]),
            "shown_at": fact["data"]["channel"],
            "channel": fact["data"]["to"],
            "answered_at": fact["occurred_at"],
            "answer": _ANSWERS[fact["kind"]],
        }
        for fact in facts
        if fact["kind"] in _ANSWERS
    ]
