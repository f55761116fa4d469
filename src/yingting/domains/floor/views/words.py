"""Codes of the floor in words, for its templates."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Word = str | Promise
TARGETS: dict[str, Word] = {"self_service": _("Self-service"), "online": _("Online hall"), "roving": _("On the move")}
RESULTS: dict[str, Word] = {
    "": pgettext_lazy("diversion", "no result yet"),
    "done": pgettext_lazy("diversion", "done there"),
    "back": pgettext_lazy("diversion", "came back"),
    "refused": pgettext_lazy("diversion", "did not want to"),
}
ASSISTS: dict[str, Word] = {
    "ticket": _("Helped with a number"),
    "kiosk": _("Helped at a machine"),
    "order": _("Kept order"),
}
REFERRAL_RESULTS: dict[str, Word] = {
    "interested": pgettext_lazy("referral", "Interested"),
    "done": pgettext_lazy("referral", "Done at once"),
    "not_now": pgettext_lazy("referral", "Not now"),
    "not_found": pgettext_lazy("referral", "Not found"),
    "lapsed": pgettext_lazy("referral", "Lapsed: nobody came"),
}
