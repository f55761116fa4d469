"""Refusals of editing, each with its sentence."""

from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

RECORD_UNKNOWN = declare("record.unknown", _("There is no such record, or it is not in your care."), status=404)
RECORD_OUTDATED = declare(
    "record.outdated",
    _("%(who)s changed this while you had it open, so nothing was saved. Load it again and look at the new values."),
)
