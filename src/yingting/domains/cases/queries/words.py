"""What cases say in words, put together for whoever reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext, ngettext, pgettext

from yingting.domains.cases.rules.gate import Missing
from yingting.domains.cases.rules.processes import Process
from yingting.foundation.editing.naming import named
from yingting.kernel.words import gettext_noop as _

MINUTE, HOUR, DAY = 60, 3600, 86400


def missing_items(missing: Missing) -> list[str]:
    """Return what is missing, item by item."""
    words = [gettext(need.title) for need in missing.needs]
    counted = (
        (missing.proofs, ngettext("%(n)s proof object", "%(n)s proof objects", missing.proofs)),
        (missing.proofs_awaited, ngettext("%(n)s file still on its way", "%(n)s files still on their way", missing.proofs_awaited)),
        (missing.actions, ngettext("%(n)s linked action not verified yet", "%(n)s linked actions not verified yet", missing.actions)),
    )  # fmt: skip
    return [*words, *(text % {"n": n} for n, text in counted if n)]


def missing_text(missing: Missing) -> str:
    """Return what is missing, in a few words.

    >>> from yingting.domains.cases.rules.processes import Need
    >>> missing_text(Missing((Need.RESULT, Need.CAUSE), actions=1))  # in Chinese by default
    '处理结果、原因、1 项关联措施尚未核实'
    """
    return pgettext("between items", ", ").join(missing_items(missing))


def span_text(seconds: float) -> str:
    """Return a stretch of time in the largest unit that is true enough: minutes, hours up to two days, then days.

    >>> span_text(30), span_text(7200), span_text(5 * 86400)  # in Chinese by default
    ('1 分钟', '2 小时', '5 天')
    """
    whole = abs(seconds)
    if whole < HOUR:
        n = max(1, int(whole // MINUTE))
        return ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}
    if whole < 2 * DAY:
        n = int(whole // HOUR)
        return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}
    n = int(whole // DAY)
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}


def due_text(left_s: float) -> str:
    """Return how long is left, or how long ago it was due.

    >>> due_text(7200), due_text(-10800)  # in Chinese by default
    ('还剩 2 小时', '超时 3 小时')
    """
    words = gettext("%(span)s left") if left_s >= 0 else gettext("%(span)s over")
    return words % {"span": span_text(left_s)}


def clock_name(process: Process, code: str, visited: Sequence[str] = ()) -> str:
    """Return what a clock of a case is called: a rule of its process, a stay in a step (`visited`: steps in the order in which
    they were entered), a promise.
    """
    sort, _dot, place = code.partition(".")
    rule = next((rule for rule in process.clocks if rule.code == sort), None)
    if rule is not None:
        return named(rule)
    if sort == "step" and place.isdecimal() and int(place) <= len(visited):
        return gettext("Step: %(name)s") % {"name": named(process.step(visited[int(place) - 1]))}
    return {"step": gettext("Limit of the step"), "promise": gettext("Promise to the customer")}.get(sort, code)


FINDING_STATES = {
    "proposed": _("proposed, to be confirmed"),
    "dropped": _("not confirmed"),
    "confirmed": _("confirmed"),
    "appealed": _("objected to, to be decided"),
    "upheld": _("upheld after objection"),
    "reversed": _("reversed after objection"),
}


def exact_span_text(seconds: float | dt.timedelta | None) -> str:
    """Return a stretch of natural time in its two largest parts: for what somebody answers for.

    >>> exact_span_text(93_780)  # in Chinese by default
    '1 天 2 小时'
    """
    if seconds is None:
        return "–"
    whole = int(seconds.total_seconds() if isinstance(seconds, dt.timedelta) else seconds)
    days, hours, minutes = whole // DAY, whole % DAY // HOUR, whole % HOUR // MINUTE
    if days:
        return gettext("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    if hours:
        return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    return gettext("%(minutes)s min") % {"minutes": minutes}
