"""Two editions of a process side by side: what differs in words, and what the cases came to, as a page and as tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from yingting.domains.cases.queries.processes import Edition
from yingting.domains.cases.rules.outcomes import REOPENED_IS, TIMELY_IS, Median, Outcome, Share
from yingting.domains.cases.views.drawing import title_of
from yingting.foundation.editing.naming import named
from yingting.foundation.editing.rulebook.comparing import Change, changes
from yingting.foundation.sheets import Sheet
from yingting.indicators.before_after import Verdict
from yingting.kernel.words import gettext_noop as _

VERDICTS = {
    Verdict.BETTER: _("better"), Verdict.WORSE: _("worse"), Verdict.CANNOT_TELL: _("cannot be told"),
    Verdict.NO_INTERVAL: _("cannot be told"), Verdict.NOT_RATED: "–",
}  # fmt: skip
# Units of time from the largest, each with its hours; a time is told in the largest of which it has two.
SCALES = ((_("%(value).1f natural days"), 24), (_("%(value).1f hours"), 1), (_("%(value).1f minutes"), 1 / 60))
Ran = tuple[Edition, Outcome]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of both editions, and what may be said of the change."""

    title: str
    before: str
    after: str
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that the page of a comparison shows."""

    before: str
    after: str
    changes: list[Change]
    figures: list[Figure]

    def sheets(self) -> list[Sheet]:
        """Return both tables for a file."""
        rows = [
            (f"{one.place} · {one.field}".strip(" ·"), one.deed_title, one.before, one.after) for one in self.changes
        ]
        told = [(one.title, one.before, one.after, one.verdict) for one in self.figures]
        heads = (gettext("Where"), gettext("What happened"), self.before, self.after)
        return [
            Sheet(gettext("What changed"), heads, rows, (None,) * 4),
            Sheet(
                gettext("What it did"),
                (gettext("Figure"), self.before, self.after, gettext("Change")),
                told,
                (None,) * 4,
            ),
        ]


def comparison(first: Ran, second: Ran, path: str) -> Comparison:
    """Return two editions side by side; the second is judged against the first."""
    (one, was), (other, now) = first, second
    return Comparison(
        title_of(one), title_of(other), changes(one.process, other.process, path), list(_figures(one, was, other, now))
    )


def _figures(one: Edition, was: Outcome, other: Edition, now: Outcome) -> Iterable[Figure]:
    yield Figure(gettext("All cases"), str(was.cases), str(now.cases))
    yield Figure(gettext("of these closed after handling"), str(was.closed), str(now.closed))
    yield _medians(gettext("Time from the first channel to the close (median)"), was.time, now.time)
    yield _shares(
        gettext("Closed without running over a limit"),
        was.timely,
        now.timely,
        now.timely.against(was.timely, TIMELY_IS),
    )
    yield _shares(
        gettext("Reopened of those once closed"),
        was.reopened,
        now.reopened,
        now.reopened.against(was.reopened, REOPENED_IS),
    )
    steps = {step.code: named(step) for step in (*one.process.steps, *other.process.steps)}
    for code, name in steps.items():
        title = gettext("Time in the step “%(step)s” (median)") % {"step": name}
        yield _medians(title, (was.steps or {}).get(code, Median(0)), (now.steps or {}).get(code, Median(0)))


def _medians(title: str, was: Median, now: Median) -> Figure:
    return Figure(title, median_text(was), median_text(now), _word(now.against(was)))


def _shares(title: str, was: Share, now: Share, said: Verdict) -> Figure:
    return Figure(title, share_text(was), share_text(now), _word(said))


def _word(said: Verdict) -> str:
    return gettext(VERDICTS[said])


def median_text(median: Median) -> str:
    """Return a median with its interval and count, in the unit that suits its size."""
    if median.value is None:
        return "–"
    text, hours = next((text, hours) for text, hours in SCALES if median.value >= 2 * hours or hours == SCALES[-1][1])
    told = gettext(text) % {"value": median.value / hours}
    if median.low is None or median.high is None:
        return gettext("%(told)s, n = %(n)s, too few for an interval") % {"told": told, "n": median.n}
    return gettext("%(told)s (%(low).1f to %(high).1f), n = %(n)s") % {
        "told": told, "low": median.low / hours, "high": median.high / hours, "n": median.n
    }  # fmt: skip


def share_text(share: Share) -> str:
    """Return a share with its interval and count."""
    low, high = share.interval
    if share.value is None or low is None or high is None:
        return "–"
    return gettext("%(share).1f %% (%(low).1f to %(high).1f %%), %(kept)s of %(n)s") % {
        "share": 100 * share.value, "low": 100 * low, "high": 100 * high, "kept": share.kept, "n": share.n
    }  # fmt: skip
