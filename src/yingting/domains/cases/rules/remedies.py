"""Linked actions: what sorts there are, and what may come of looking at their effect."""

from __future__ import annotations

from yingting.kernel.words import gettext_noop as _

SORTS = {
    "immediate": _("Immediate: the damage is put right"),
    "corrective": _("Corrective: the cause is removed"),
    "preventive": _("Preventive: it cannot happen elsewhere"),
    "improvement": _("Improvement"),
}
EFFECTS = {"better": _("better"), "same": _("no change"), "worse": _("worse")}
