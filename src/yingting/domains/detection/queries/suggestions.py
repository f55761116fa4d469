"""Suggesting a category for a new text, and what the page shows of the models."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from yingting.domains.cases.facade import CATEGORIES, Taken, rule_of, suggestions_taken
from yingting.domains.detection.models import SuggestionModel
from yingting.domains.detection.queries.rules_in_force import SUGGESTING
from yingting.domains.detection.rules.shapes import Verdict
from yingting.foundation.days import local_day
from yingting.foundation.people.access import under
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import secrets
from yingting.foundation.rulebook.reading import in_force, prefixes
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.sealing import fingerprint

if TYPE_CHECKING:
    from yingting.domains.detection.rules.guessing import Guesser

PURPOSE = "detection.features"
MOST = 50


def hash_keys() -> dict[str, bytes]:
    """Return the keys of hashes by their marks: of the installation's present secret first, then of earlier ones."""
    return {fingerprint("mark", secret, PURPOSE): fingerprint("key", secret, PURPOSE).encode() for secret in secrets()}


def model_for(path: str) -> SuggestionModel | None:
    """Return the latest model of the nearest unit, at the path or above it, that has one that may suggest."""
    rows = SuggestionModel.objects.filter(
        unit__path__in=prefixes(path), verdict=Verdict.CARRIES.value, key_mark__in=hash_keys()
    )
    rows = rows.exclude(numbers=b"").select_related("unit").defer("numbers")
    return max(rows, key=lambda row: len(row.unit.path), default=None)


@lru_cache(maxsize=4)
def _opened(model: UUID) -> Guesser:
    # Here and not above: it brings NumPy along, which a web process loads when it is first asked.
    from yingting.domains.detection.rules.guessing import from_bytes

    row = SuggestionModel.objects.get(pk=model)
    return from_bytes(tuple(row.categories), row.warmth, bytes(row.numbers))


def suggest(text: str, unit: str, day: dt.date) -> list[tuple[str, float]]:
    """Return categories for a text with the confidence in each, the likeliest first; none where no model may suggest."""
    row = model_for(unit)
    if row is None or not text.strip():
        return []
    rule = in_force(SUGGESTING, path=unit, day=day).rule
    known = {one.code for one in rule_of(CATEGORIES, unit, day).categories}
    told = _opened(row.pk).of(text, hash_keys()[row.key_mark])
    return [(code, sure) for code, sure in told if code in known and sure * 100 >= rule.confidence][: rule.most]


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A model with its figures as the page shows them."""

    unit: Unit
    number: int
    learnt_at: dt.datetime
    by: str
    first_day: dt.date | None
    last_day: dt.date | None
    verdict: Verdict
    categories: tuple[str, ...]
    figures: dict[str, Any]
    is_in_use: bool


def models_for(actor: Actor) -> list[ModelLine]:
    """Return the models that serve units of the actor's part of the tree, the latest first."""
    paths = actor.paths(Permission.CASE_SUPERVISE)
    above = {prefix for path in paths if path for prefix in prefixes(path)}
    rows = SuggestionModel.objects.filter(under("unit__path", paths)) | SuggestionModel.objects.filter(
        unit__path__in=above
    )
    in_use = {
        row.pk for row in rows.exclude(numbers=b"").filter(verdict=Verdict.CARRIES.value, key_mark__in=hash_keys())
    }
    return [
        ModelLine(
            row.unit, row.number, row.learnt_at, row.by_label, row.first_day, row.last_day, Verdict(row.verdict), tuple(row.categories),
            row.figures, row.pk in in_use,
        )
        for row in rows.select_related("unit").defer("numbers").order_by("-learnt_at", "-number")[:MOST]
    ]  # fmt: skip


def taken_since(line: ModelLine | None) -> Taken | None:
    """Return how often what a model proposed was taken, since it was learnt."""
    return suggestions_taken(line.learnt_at) if line is not None else None


def teachable(actor: Actor) -> list[Unit]:
    """Return the units for which the actor may have a model learnt: the highest of their part of the tree."""
    return list(Unit.objects.filter(path__in=actor.paths(Permission.CASE_CONFIGURE)))


def due_anew(now: dt.datetime) -> list[str]:
    """Return the units (by path) whose model is older than their rule says."""
    found = []
    for unit in Unit.objects.filter(pk__in=SuggestionModel.objects.values("unit")):
        days = in_force(SUGGESTING, path=unit.path, day=local_day(now)).rule.anew_after
        latest = SuggestionModel.objects.filter(unit=unit).values_list("learnt_at", flat=True)[0]
        if days and latest <= now - dt.timedelta(days=days):
            found.append(unit.path)
    return found
