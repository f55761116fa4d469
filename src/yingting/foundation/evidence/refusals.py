"""What is refused about proof objects."""

from __future__ import annotations

from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

UNKNOWN = declare("proof.unknown", _("There is no such record, or it is not in your care."), status=404)
NO_FILE = declare("proof.no_file", _("Choose a file first."), status=422)
EMPTY = declare("proof.empty", _("The file is empty."), status=422)
NOT_TAKEN = declare("proof.format", _("A file of this kind is not taken here. Taken are: %(formats)s."), status=422)
TOO_LARGE = declare("proof.too_large", _("The file is larger than %(limit)s MB."), status=422)
TOO_MANY = declare("proof.too_many", _("A record takes at most %(most)s files."), status=422)
UNREADABLE = declare("proof.unreadable", _("The picture is damaged or too large to be shown."), status=422)
OTHER_BYTES = declare(
    "proof.other_bytes", _("This file has come in already with other content. Load the page again."), status=409
)  # fmt: skip
ERASED = declare("proof.erased", _("The content was erased; when and why is on record."), status=410)
MISSING = declare("proof.missing", _("The content cannot be found. Tell your administrator."), status=503)
ALTERED = declare("proof.altered", _("The content is not what came in. Tell your administrator."), status=503)
