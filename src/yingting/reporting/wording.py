"""Sentences about imports and refusals, for commands and pages alike."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingting.foundation.lake.importing import ImportOutcome, Status
from yingting.kernel.refusals import Refusal


def refusal_sentence(refusal: Refusal) -> str:
    """Return a refusal in the active language; words among its parameters are translated too."""
    params = {
        name: _(value) if name == "kind" and isinstance(value, str) else value for name, value in refusal.params.items()
    }
    return _(refusal.kind.sentence) % params


def outcome_headline(outcome: ImportOutcome) -> str:
    """Return the one sentence that says how an import ended."""
    if outcome.status is Status.ALREADY:
        return _("This file was imported before. Nothing has changed.")
    if outcome.status is Status.REFUSED:
        return _("Nothing was taken: %(bad)s rows are bad. Correct them, or ask for the good rows only.") % {
            "bad": f"{outcome.bad:,}"}  # fmt: skip
    if outcome.status is Status.DRY_RUN:
        return _("Checked only; nothing was written.")
    return _("%(taken)s tickets taken.") % {"taken": f"{outcome.taken:,}"}


def outcome_lines(outcome: ImportOutcome) -> tuple[str, ...]:
    """Return the counts of an import as sentences, only those that say something."""
    lines = [_("%(rows)s rows read") % {"rows": f"{outcome.rows:,}"}]
    if outcome.status is Status.DRY_RUN and not outcome.bad:
        lines.append(_("%(taken)s tickets would be taken") % {"taken": f"{outcome.taken:,}"})
    if outcome.bad:
        lines.append(_("%(bad)s bad rows") % {"bad": f"{outcome.bad:,}"})
    if outcome.dropped:
        lines.append(_("%(dropped)s rows dropped by the mapping") % {"dropped": f"{outcome.dropped:,}"})
    if outcome.repeated:
        lines.append(
            _("%(repeated)s tickets were there already and are not counted twice")
            % {"repeated": f"{outcome.repeated:,}"}
        )
    if outcome.halls:
        lines.append(_("Halls: %(halls)s") % {"halls": ", ".join(outcome.halls)})
    if outcome.first_day and outcome.last_day:
        lines.append(_("Days: %(first)s to %(last)s") % {"first": outcome.first_day, "last": outcome.last_day})
    if outcome.encoding == "gb18030":
        lines.append(_("The file is written in GB18030 (GBK)."))
    return tuple(lines)
