"""The gate before the close: what is missing, judged in one place for screens, API and import alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from yingting.domains.cases.refusals import CLOSER_IS_DOER
from yingting.domains.cases.rules.processes import Gate, Need
from yingting.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt to call the customer back: in which band of hours, and whether anybody was reached."""

    band: str
    reached: bool


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is known of a case when somebody wants to go on or to close.

    filled    what is there already
    doers     persons who handled it in this cycle
    open_actions   linked actions that are neither verified nor given up with the verifier's reason
    """

    filled: frozenset[Need] = frozenset()
    proofs: int = 0
    proofs_awaited: int = 0
    attempts: tuple[Attempt, ...] = ()
    doers: frozenset[UUID] = field(default_factory=frozenset)
    open_actions: int = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing: needs, proof objects (still to be added; announced and not yet in), linked actions."""

    needs: tuple[Need, ...] = ()
    proofs: int = 0
    proofs_awaited: int = 0
    actions: int = 0

    def __bool__(self) -> bool:
        return bool(self.needs or self.proofs or self.proofs_awaited or self.actions)


def missing_for(needs: Collection[Need], proofs: int, dossier: Dossier, attempts: int) -> Missing:
    """Return what is missing for a step or a gate; enough attempts in vain stand for a call back."""
    filled = set(dossier.filled)
    if enough_attempts(dossier.attempts, attempts):
        filled.add(Need.CALLBACK)
    return Missing(
        tuple(need for need in Need if need in needs and need not in filled), max(0, proofs - dossier.proofs),
    )  # fmt: skip


def missing_to_close(gate: Gate, step_needs: Collection[Need], proofs: int, dossier: Dossier) -> Missing:
    """Return what is missing before the close: the last step's needs, the gate's, files on their way, linked actions."""
    found = missing_for({*gate.needs, *step_needs}, proofs, dossier, gate.attempts)
    return Missing(found.needs, found.proofs, dossier.proofs_awaited, dossier.open_actions)


def enough_attempts(attempts: Sequence[Attempt], needed: int) -> bool:
    """Was the customer called in vain often enough, each time in another band of hours?

    >>> enough_attempts([Attempt("morning", False), Attempt("noon", False), Attempt("morning", False)], 3)
    False
    """
    return len({one.band for one in attempts if not one.reached}) >= needed


def require_other_person(doers: Collection[UUID], actor: UUID | None, refusal: str = CLOSER_IS_DOER) -> None:
    """Refuse what somebody else than the doers must do. Raises Refusal case.closer_is_doer, or the one given."""
    if actor is not None and actor in doers:
        raise Refusal(refusal)


def band_of(local: dt.time, begins: Sequence[tuple[str, dt.time]]) -> str:
    """Return the band of hours that a local time falls into; bands begin in order, before the first it is the last one.

    >>> band_of(dt.time(9, 30), [("morning", dt.time(8)), ("noon", dt.time(12)), ("evening", dt.time(18))])
    'morning'
    """
    found = [name for name, since in begins if since <= local]
    return found[-1] if found else begins[-1][0]
