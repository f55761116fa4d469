"""What is refused about personal data."""

from __future__ import annotations

from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

RECORD_GONE = declare("personal.unknown", _("There is no such record, or it is not in your care."), status=404)
REASON_MISSING = declare("personal.reason", _("Choose a reason."), status=422)
NOTE_MISSING = declare("personal.note", _("Say in a few words what it is needed for."), status=422)
NOTHING_THERE = declare("personal.nothing", _("Nothing is kept here, or it has been erased."), status=410)
DOES_NOT_OPEN = declare(
    "personal.sealed", _("This value cannot be opened: the server's key was changed. Ask your administrator."), status=503
)  # fmt: skip
NOTHING_CHOSEN = declare("personal.nothing_chosen", _("Choose the records that are to go."), status=422)
HELD = declare("personal.held", _("A hold keeps this record. Release the hold first."), status=409)
HELD_ALREADY = declare("personal.held_already", _("This record is held already."), status=409)
NOT_HELD = declare("personal.not_held", _("This record is not held any more."), status=409)
KEPT_BY_LAW = declare(
    "personal.kept_by_law", _("A law asks for keeping this until %(day)s. It is erased then by itself."), status=409
)  # fmt: skip
KEPT_OPEN = declare(
    "personal.kept_open", _("A law asks for keeping this, and its time has not begun: the matter is still open."), status=409
)  # fmt: skip
