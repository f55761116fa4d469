"""What may follow from a finding by the staff rules: measures with what each rests on, and who decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from yingting.domains.cases.refusals import CHOICE_UNKNOWN, PENALTY_DAY, WORDS_MISSING
from yingting.domains.cases.rules.processes import Level
from yingting.kernel.refusals import Refusal
from yingting.kernel.shapes import codes_once, said
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of the staff rules and the article that it rests on. What it takes from the pay is reckoned elsewhere."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    basis: str = said(_("Article of the staff rules"), default="")


@dataclass(frozen=True, slots=True)
class Penalties:
    """What may follow from a finding, and at which level it is decided."""

    measures: tuple[Measure, ...] = said(_("Measures"), default=())
    decided_at: Level = said(
        _("Decided at the level"), default=Level.CITY,
        help=_("Whoever decides by the staff rules there, neither proposed the finding nor is found answerable."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided: measures and the day from which they hold; no measure, and the reason why none."""

    measures: tuple[str, ...] = ()
    in_force_on: dt.date | None = None
    words: str = ""


def penalty_problems(rule: Penalties) -> Iterable[tuple[str, str, dict[str, Any]]]:
    """Yield measures that are there twice, or that rest on nothing."""
    yield from codes_once((one.code for one in rule.measures), "measures")
    for n, one in enumerate(rule.measures):
        if not one.basis.strip():
            yield f"measures-{n}-basis", _("“%(name)s” needs the article that it rests on."), {"name": one.name}


def require_sound(verdict: Verdict, rule: Penalties, today: dt.date) -> Sequence[Measure]:
    """Return the measures of a decision that names known ones and the day from which they hold, or says why there is none.

    Raises Refusal case.choice_unknown, case.penalty_day, case.words_missing.
    """
    known = {one.code: one for one in rule.measures}
    if not set(verdict.measures) <= set(known):
        raise Refusal(CHOICE_UNKNOWN, field=_("Measures"))
    if not verdict.measures and not verdict.words.strip():
        raise Refusal(WORDS_MISSING)
    if bool(verdict.measures) != (verdict.in_force_on is not None):
        raise Refusal(PENALTY_DAY)
    if verdict.in_force_on is not None and verdict.in_force_on < today:
        raise Refusal(PENALTY_DAY)
    return [one for code, one in known.items() if code in verdict.measures]
