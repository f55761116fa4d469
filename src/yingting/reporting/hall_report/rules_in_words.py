"""The rules behind a report's numbers as sentences: limits, switches, samples, busy hours."""

from __future__ import annotations

from collections.abc import Sequence

from yingting.domains.queueing.queries.busy_times import BusySpan, BusyStretch
from yingting.foundation.lake.terms import Span
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.hall_report.contracts import HallReport
from yingting.reporting.showing import NOTHING
from yingting.reporting.written import WEEKDAYS, Translate, clock, minutes

NAMED_HALLS = 8  # in a sentence; of more, their number


def rules_of(report: HallReport, t: Translate) -> tuple[str, ...]:
    """Tell every switch of the definitions as a sentence, and the limits of each hall where they were not the same."""
    terms = report.judged[0].terms  # limits are rules of halls; the other switches are the same for all
    is_same = len(report.judged) == 1
    return (
        *((t(_("Some switches were given by hand for this report: other screens may show other values.")),)
          if report.definition.switches or report.definition.minimum_sample is not None else ()),
        t(_("The wait runs from taking the ticket to the first call; only served customers are timed.")),
        *((_limit_rule(report.judged[0], t),) if is_same else _limits_by_hall(report, t)),
        t(_("Customers who left count as not served within the limit."))
        if terms.abandoned_in_denominator
        else t(_("Customers who left are not in the shares; they have their own rate.")),
        t(_("After a transfer the wait starts again."))
        if terms.transfer_restarts_wait
        else t(_("A transfer does not restart the wait.")),
        *((t(_("Service time limit: single %(single)s min, combined %(combined)s min.")) % _limits(report.judged[0]),)
          if is_same else ()),
        t(_("Each indicator has its own smallest sample; below it a figure is not rated. Quantiles are exact."))
        if report.minimum_sample is None
        else t(_("Below %(least)s cases a figure is not rated. Quantiles are exact."))
        % {"least": report.minimum_sample},
        busy_rule_of_all(report, t),
    )  # fmt: skip


def _limits(span: Span) -> dict[str, str]:
    terms = span.terms
    return {
        "limit": minutes(terms.wait_limit_s), "challenge": minutes(terms.wait_challenge_s),
        "single": minutes(terms.single_limit_s), "combined": minutes(terms.combined_limit_s),
    }  # fmt: skip


def _limit_rule(span: Span, t: Translate) -> str:
    kept = (
        _("A wait counts as within the limit up to and including %(limit)s min (challenge: %(challenge)s min).")
        if span.terms.limit_itself_keeps
        else _("A wait counts as within the limit below %(limit)s min (challenge: %(challenge)s min).")
    )
    return t(kept) % _limits(span)


def _limits_by_hall(report: HallReport, t: Translate) -> tuple[str, ...]:
    """The limits of each hall and stretch of days, the same ones together."""
    told = [t(_("Limits differ between halls or changed within the period: each day of a hall is judged by its own."))]
    if not report.judged[0].terms.limit_itself_keeps:
        told.append(t(_("A wait of exactly the limit does not keep it.")))
    line = _(
        "%(halls)s, %(first)s to %(last)s: wait %(limit)s min (challenge %(challenge)s min), service single %(single)s min, "
        "combined %(combined)s min."
    )
    return (*told, *(t(line) % _span_words(span, t) for span in report.judged))


def _span_words(span: Span, t: Translate) -> dict[str, object]:
    return {"halls": _hall_names(span.halls, t), "first": span.first, "last": span.last, **_limits(span)}


def _hall_names(halls: Sequence[str], t: Translate) -> str:
    if len(halls) > NAMED_HALLS:
        return t(_("%(count)s halls")) % {"count": len(halls)}
    return t(_(", ")).join(halls)


def busy_rule_of_all(report: HallReport, t: Translate) -> str:
    if report.definition.busy is not None:
        return _spans_rule(report.definition.busy, t)
    stretches = [one for section in report.sections for one in section.busy.stretches]
    if all(one.spans is None for one in stretches):
        return t(
            _("Busy hours follow from each hall's own arrivals: hours of the day with more tickets than its mean hour.")
        )
    if len(report.sections) == 1:
        return busy_rule(stretches, t)
    return t(_("Busy hours are those that a hall has set; elsewhere they follow from its own arrivals."))


def busy_rule(stretches: Sequence[BusyStretch], t: Translate) -> str:
    """Tell the busy hours of a hall; with their days where they changed."""
    told = [(one, _stretch_rule(one, t)) for one in stretches]
    if len(told) == 1:
        return told[0][1]
    dated = t(_("%(first)s to %(last)s: %(rule)s"))
    return " ".join(dated % {"first": one.first, "last": one.last, "rule": rule} for one, rule in told)


def _stretch_rule(stretch: BusyStretch, t: Translate) -> str:
    if stretch.spans is not None:
        return _spans_rule(stretch.spans, t)
    told = ", ".join(f"{hour}:00" for hour in stretch.hours) or NOTHING
    return t(_("Busy hours follow from this hall's own arrivals: the hours beginning at %(hours)s.")) % {"hours": told}


def _spans_rule(spans: Sequence[BusySpan], t: Translate) -> str:
    told = "; ".join(f"{_weekdays(span, t)} {clock(span.from_minute)}–{clock(span.to_minute)}" for span in spans)
    return t(_("Busy hours are set: %(spans)s.")) % {"spans": told}


def _weekdays(span: BusySpan, t: Translate) -> str:
    return " ".join(t(WEEKDAYS[day]) for day in sorted(span.weekdays))
