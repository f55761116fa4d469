"""What became of the time at the counters, and forced diversion: measured on sessions, stretches and answers."""

from __future__ import annotations

import ibis.expr.types as ir

from yingting.domains.queueing.indicators.terms import HallTerms
from yingting.indicators.declaring import BetterIs, Indicator, Measure, Merge, Unit
from yingting.indicators.measures import part, share
from yingting.kernel.words import gettext_noop as _


def _staffed(sessions: ir.Table) -> ir.FloatingValue:
    return sessions.open_s - sessions.paused_s


def _utilisation(sessions: ir.Table, _terms: HallTerms) -> Measure:
    return part(sessions.serving_s, _staffed(sessions))


def _idle_waiting(sessions: ir.Table, _terms: HallTerms) -> Measure:
    return Measure(sessions.idle_waiting_s.sum().fill_null(0), sessions.count())


def _idle_waiting_share(sessions: ir.Table, _terms: HallTerms) -> Measure:
    return part(sessions.idle_waiting_s, _staffed(sessions))


def _forced(stretches: ir.Table, _terms: HallTerms) -> Measure:
    return Measure(stretches.forced_s.sum().fill_null(0), stretches.count())


def _override(answers: ir.Table, _terms: HallTerms) -> Measure:
    return share(answers, answers.answer == "insisted", answers.answer.notnull())


_GRAIN = ("hall", "business_day", "counter", "clerk")
AN_HOUR = 3600
_WHO_WAITED = _("Anybody in a queue of the hall counts as waiting, also where this counter may not call that queue.")
_SECONDS = _("The number of cases is the seconds at work.")

UTILISATION = Indicator(
    "queueing.utilisation", _("Counter utilisation"), Unit.SHARE, "counter_time", ("serving_s", "open_s", "paused_s"),
    _utilisation, _GRAIN, minimum_sample=AN_HOUR, source="QUE-01", limits=(_SECONDS,),
    formula=_("Time with a customer at the counter, divided by the time it was open and not paused."),
)  # fmt: skip
IDLE_WAITING = Indicator(
    "queueing.idle_waiting", _("Idle time while customers waited"), Unit.SECONDS, "counter_time", ("idle_waiting_s",),
    _idle_waiting, _GRAIN, BetterIs.LOWER, minimum_sample=None, merge=Merge.SUM, source="QUE-01",
    formula=_("Time in which a counter was open with nobody at it or called to it, while customers waited, all counters together."),
    limits=(_WHO_WAITED,),
)  # fmt: skip
IDLE_WAITING_SHARE = Indicator(
    "queueing.idle_waiting_share", _("Share of counter time idle while customers waited"), Unit.SHARE, "counter_time",
    ("idle_waiting_s", "open_s", "paused_s"), _idle_waiting_share, _GRAIN, BetterIs.LOWER, minimum_sample=AN_HOUR,
    source="QUE-01", limits=(_WHO_WAITED, _SECONDS),
    formula=_("Idle time while customers waited, divided by the time the counters were open and not paused."),
)  # fmt: skip
COUNTER_INDICATORS = (UTILISATION, IDLE_WAITING, IDLE_WAITING_SHARE)

FORCED = Indicator(
    "queueing.forced_mode", _("Time in forced diversion"), Unit.SECONDS, "modes", ("forced_s",), _forced,
    ("hall", "business_day"), minimum_sample=None, merge=Merge.SUM, source="QUE-09",
    formula=_("Time from the beginning to the end of each stretch of forced diversion, added up."),
)  # fmt: skip
MODE_INDICATORS = (FORCED,)

OVERRIDE = Indicator(
    "queueing.override", _("Override rate in forced diversion"), Unit.SHARE, "steerings", ("answer",), _override,
    ("hall", "business_day", "business", "shown_at"), minimum_sample=10, moment=("answered_at",), source="QUE-10",
    formula=_("Customers who insisted on the counter, divided by all who answered the offer of another channel in forced diversion."),
    limits=(_("An offer that a screen showed and nobody answered is not counted."),),
)  # fmt: skip
STEERING_INDICATORS = (OVERRIDE,)
