"""A case as its facts alone tell it: what the tables say must follow from what was recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a case stands. Ids are texts, as facts hold them; "" is none."""

    number: str = ""
    kind: str = ""
    process: str = ""
    edition: str = ""
    severity: str = ""
    category: str = ""
    cause: str = ""
    verification: str = ""
    result: str = ""
    effect: str = ""
    state: str = ""
    step: str = ""
    cycle: int = 0
    first_asker: str = ""
    owner: str = ""
    bounces: int = 0
    merged_into: str = ""
    about_person: str = ""


def fold(facts: Iterable[tuple[str, Mapping[str, Any]]]) -> Stand:
    """Return where a case stands after its facts (kind and data), in the order in which they were recorded."""
    stand = Stand()
    for kind, data in facts:
        change = _CHANGES.get(kind)
        if change is not None:
            stand = change(stand, data)
    return stand


def _registered(_stand: Stand, data: Mapping[str, Any]) -> Stand:
    kept = ("number", "kind", "process", "edition", "severity", "category", "step", "owner")
    return Stand(
        **{name: data[name] for name in kept}, first_asker=data["first_asker"] or "", about_person=data["about_person"] or "",
        state="open", cycle=1,
    )  # fmt: skip


def _classified(stand: Stand, data: Mapping[str, Any]) -> Stand:
    return replace(stand, severity=data["severity"], category=data["category"], cause=data["cause"])


def _reopened(stand: Stand, data: Mapping[str, Any]) -> Stand:
    return replace(
        stand,
        state="open",
        cycle=data["cycle"],
        owner=data["owner"],
        step=data["step"],
        bounces=0,
        verification="",
        result="",
        effect="",
    )


def _closed(stand: Stand, data: Mapping[str, Any]) -> Stand:
    return replace(stand, state=data["outcome"], owner="")


def _answered(stand: Stand, data: Mapping[str, Any]) -> Stand:
    return replace(stand, owner=data["owner"], bounces=data["bounces"])


_CHANGES = {
    "case.registered": _registered,
    "case.about_named": lambda stand, data: replace(stand, about_person=data["person"] or ""),
    "case.classified": _classified,
    "case.moved": lambda stand, data: replace(stand, step=data["next"]),
    "case.waiting": lambda stand, data: replace(stand, state=data["state"]),
    "case.assigned": lambda stand, data: replace(stand, owner=data["owner"], bounces=0),
    "handover.answered": _answered,
    "case.verified": lambda stand, data: replace(stand, verification=data["verification"]),
    "case.settled": lambda stand, data: replace(stand, result=data["result"]),
    "case.effect_seen": lambda stand, data: replace(stand, effect=data["effect"]),
    "case.merged": lambda stand, data: replace(stand, merged_into=data["into"]),
    "case.closed": _closed,
    "case.reopened": _reopened,
}
