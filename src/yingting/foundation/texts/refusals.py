"""What is refused about texts to customers."""

from __future__ import annotations

from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

NO_MOBILE = declare("text.no_mobile", _("This is no mobile number: eleven digits that begin with 1."), status=422)
