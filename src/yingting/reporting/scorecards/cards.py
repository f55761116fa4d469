"""Read cards: the frozen one where there is one, with what corrections make of it; else the one of the running figures."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

from yingting.foundation.sites.models import Hall
from yingting.kernel.refusals import Refusal
from yingting.reporting.scorecards.asking import Basis, bases
from yingting.reporting.scorecards.models import CorrectionOf, CorrectionState, FrozenScore, ScoreCorrection
from yingting.reporting.scorecards.refusals import NOT_FROZEN
from yingting.reporting.scorecards.rules import Card, Corrected, Month, in_own_unit, score
from yingting.reporting.scorecards.sealing import kept_card, opened


@dataclass(frozen=True, slots=True)
class HallCard:
    """The card of a hall for a month. `frozen` is None while it runs; `corrected` is the card with the confirmed
    corrections, None where there are none.
    """

    hall: Hall
    month: Month
    basis: Basis
    card: Card
    frozen: FrozenScore | None = None
    corrections: tuple[ScoreCorrection, ...] = ()
    corrected: Card | None = None

    @property
    def counts(self) -> Card:
        """The card that counts: the corrected one where there is one."""
        return self.corrected or self.card


def cards_of(halls: Collection[Hall], month: Month) -> tuple[HallCard, ...]:
    """Return the cards of halls, in their order. The caller has checked the right to see them."""
    frozen = {
        row.hall_id: row
        for row in FrozenScore.objects.filter(hall__in=halls, first=month.first).select_related("frozen_by")
    }
    corrections: dict[object, list[ScoreCorrection]] = {}
    people = ("proposed_by", "decided_by")
    for one in ScoreCorrection.objects.filter(card__in=frozen.values()).select_related(*people):
        corrections.setdefault(one.card_id, []).append(one)
    running = bases([hall for hall in halls if hall.pk not in frozen], month)
    return tuple(
        _frozen_card(hall, month, frozen[hall.pk], tuple(corrections.get(frozen[hall.pk].pk, ())))
        if hall.pk in frozen
        else _running_card(hall, month, running[hall.code])
        for hall in halls
    )


def frozen_card(hall: Hall, month: Month) -> FrozenScore:
    """Return the frozen card of a hall. Raises Refusal score.not_frozen."""
    row = FrozenScore.objects.filter(hall=hall, first=month.first).first()
    if row is None:
        raise Refusal(NOT_FROZEN)
    return row


def _running_card(hall: Hall, month: Month, basis: Basis) -> HallCard:
    return HallCard(hall, month, basis, score(basis.rule, basis.terms, basis.inputs))


def _frozen_card(hall: Hall, month: Month, row: FrozenScore, corrections: tuple[ScoreCorrection, ...]) -> HallCard:
    sealed = opened(row.body)
    basis = Basis(sealed.rule, sealed.terms, sealed.inputs)
    confirmed = [one for one in corrections if one.state == CorrectionState.CONFIRMED]
    fixed = score(sealed.rule, sealed.terms, sealed.inputs, corrected_by(confirmed, basis)) if confirmed else None
    return HallCard(hall, month, basis, kept_card(sealed), row, corrections, fixed)


def corrected_by(confirmed: Iterable[ScoreCorrection], basis: Basis) -> Corrected:
    """Return what confirmed corrections put in the place of what was measured; of two on the same thing the one that was
    decided last.
    """
    values: dict[str, Fraction] = {}
    points: dict[str, Fraction] = {}
    for one in sorted(confirmed, key=lambda one: (str(one.decided_at), one.pk)):
        if one.what == CorrectionOf.POINTS:
            points[one.about] = Fraction(one.amount)
        elif one.about in basis.inputs.values:
            values[one.about] = in_own_unit(basis.inputs.values[one.about].unit, Fraction(one.amount))
    return Corrected(values, points)
