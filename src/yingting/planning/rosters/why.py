"""Why a wish is not met: the answer of the planner in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yingting.kernel.words import gettext_noop as _
from yingting.planning.rosters.reading import Stand
from yingting.planning.rosters.showing import effect_of
from yingting.planning.rosters.words import Names, Translate
from yingting.planning.twins.models import RunState, TwinRun
from yingting.planning.twins.reading import answer_in
from yingting.planning.twins.showing import reasons_in
from yingting.twin.rostering.breaks import Break, Code


@dataclass(frozen=True, slots=True)
class Why:
    """An explanation: it runs, or it says in words what granting the wish would cost, break and mend."""

    is_running: bool
    sentences: tuple[str, ...]
    breaks: tuple[str, ...] = ()
    mends: tuple[str, ...] = ()


def explained(run: TwinRun | None, stand: Stand, t: Translate) -> Why | None:
    """Return an explanation as the page shows it; None where nobody asked."""
    if run is None or run.state == RunState.CANCELLED:
        return None
    if not run.is_over:
        return Why(True, ())
    body = answer_in(run)
    if run.state == RunState.REFUSED:
        return Why(False, reasons_in(body, t))
    if run.state != RunState.DONE:
        return Why(False, (t(_("The answer failed. The log of the worker says why; ask again.")),))
    effect = effect_of(_kept(body["mends"]), _kept(body["breaks"]), Names.of(stand.week), t, tells_days=True)
    return Why(False, tuple(_sentences(body, t)), effect.breaks, effect.mends)


def _sentences(body: dict[str, Any], t: Translate) -> list[str]:
    if body["is_locked"]:
        return [t(_("This day is locked as it is. Unlock it, and plan again."))]
    more, least = body["more"], body["at_least"]
    if more <= 0:
        return [t(_("It can be granted without any cost: plan again, or change the day by hand."))]
    values = {"more": f"{more:.1f}", "least": f"{max(0.0, least):.1f}"}
    if more - least < 0.05:
        return [t(_("Granting it costs %(more)s points more; no plan grants it for less.")) % values]
    return [
        t(
            _(
                "Granting it costs %(more)s points more in the best plan that was tried, and in any plan at least %(least)s."
            )
        )
        % values
    ]


def _kept(breaks: Sequence[Sequence[Any]]) -> list[Break]:
    return [Break(Code(code), cost, values) for code, cost, values in breaks]
