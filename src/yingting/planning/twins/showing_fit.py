"""Calibrations of the twin as their page shows them: how well they fit, what they learned, what is uncertain."""

from __future__ import annotations

from dataclasses import dataclass

from yingting.kernel.words import gettext_noop as _
from yingting.planning.twins.models import TwinRun
from yingting.planning.twins.showing import (
    MINUTES,
    NOTHING,
    PERCENT,
    Json,
    Translate,
    minutes,
    percent,
    reasons_in,
    said,
    value_of,
)


@dataclass(frozen=True, slots=True)
class FitView:
    """A calibration as the page shows it."""

    run: TwinRun
    is_model: bool
    body: Json
    check: tuple[tuple[str, str, str], ...]
    needs: tuple[Json, ...]
    counters: tuple[Json, ...]
    skills: tuple[tuple[str, str], ...]
    busyness: str
    said: tuple[str, ...]
    reasons: tuple[str, ...]
    is_of_snapshots: bool = False
    learned: str = ""


def fit_view(run: TwinRun, body: Json, t: Translate) -> FitView:
    """Return what the page shows of a calibration."""
    of_snapshots, told = is_of_snapshots(body), learned(body, t)
    if "needs" not in body:
        return FitView(run, False, body, (), (), (), (), "", (), reasons_in(body, t), of_snapshots, told)
    seen, run_again = body["observed"], body["simulated"]
    check = tuple(
        (t(title), value_of(seen[key], form, t), value_of(run_again[key], form, t))
        for key, title, form in (
            ("within", _("Waits within the limit"), PERCENT),
            ("p90_s", _("Nine of ten wait at most"), MINUTES),
            ("mean_s", _("Mean wait"), MINUTES),
            ("left", _("Left without service"), PERCENT),
        )
    )
    needs = tuple(
        {
            **one, "mean": minutes(one["mean_s"]), "mean_span": _between(one.get("low_s"), one.get("high_s"), t),
            "absent": percent(None if of_snapshots else one.get("absent")),
            "diverted": percent(None if of_snapshots else one.get("diverted")),
            "patience": minutes(one["patience_s"]), "cv": f"{one['cv']:.2f}",
            "distance": f"{one['distance']:.3f}" if one["distance"] is not None else NOTHING,
        }
        for one in body["needs"]
    )  # fmt: skip
    counters = tuple({**one, "pace": f"{one['pace']:.2f}", "error": f"{one['error']:.2f}"} for one in body["counters"])
    skills = tuple((number, " ".join(queues) or NOTHING) for number, queues in body.get("skills", []))
    if of_snapshots:  # who serves what, and how fast, is not seen
        counters, skills = (), ()
    return FitView(
        run,
        True,
        body,
        check,
        needs,
        counters,
        skills,
        percent(body["busyness_cv"]),
        tuple(said(one, t) for one in body["said"]),
        (),
        of_snapshots,
        told,
    )


def is_of_snapshots(body: Json) -> bool:
    """Say whether an answer was learned from snapshots."""
    return bool(body.get("learned", {}).get("from") == "snapshots")


def learned(body: Json, t: Translate) -> str:
    """Return from what an answer was learned, and until which day; empty where that was not kept."""
    if "learned" not in body:
        return ""
    sentence = (
        _("Learned from the hall's snapshot logs, as its own visits are too few: %(days)s days, the last on %(until)s.")
        if is_of_snapshots(body)
        else _("Learned from the hall's own visits: %(days)s days, the last on %(until)s.")
    )
    return str(t(sentence) % body["learned"])


def _between(low: float | None, high: float | None, t: Translate) -> str:
    if low is None or high is None:
        return ""
    return t(_("%(low)s to %(high)s")) % {"low": minutes(low), "high": minutes(high)}
