"""The fixed answers of a case and how each is told: the code that is kept, and its msgid."""

from __future__ import annotations

from collections.abc import Mapping

from yingting.domains.cases.rules.remedies import EFFECTS, SORTS
from yingting.kernel.words import gettext_noop as _

VERIFICATIONS = {"true": _("true"), "partly": _("partly true"), "false": _("false")}
RESULTS = {"solved": _("solved"), "partly": _("partly solved"), "not": _("not solved")}
# How something is told to the customer, and whether the customer, called back, says that it is solved.
WAYS = {
    "face": _("in person"), "phone": _("telephone"), "sms": _("text message"), "page": _("phone page"), "letter": _("letter"),
    "reply": _("reply document"),
}  # fmt: skip
SOLVED = {"yes": _("solved"), "partly": _("partly solved"), "no": _("not solved")}
STATES = {
    "open": _("being handled"), "waits_customer": _("waits for the customer"), "waits_others": _("waits for others"),
    "closed": _("settled and closed"), "withdrawn": _("withdrawn by the customer"), "out_of_scope": _("not ours to handle"),
    "merged": _("merged into another"),
}  # fmt: skip
OFFERS = {
    "accepted": _("accepted"), "declined": _("declined"), "withdrawn": _("taken back"), "overtaken": _("overtaken"),
}  # fmt: skip
WHYS = {
    "registered": _("registered"), "handover": _("handed over"), "named": _("named by a superior"), "bounced": _("passed on too often"),
    "escalated": _("escalated"), "step": _("the next step is theirs"), "reopened": _("opened again"),
}  # fmt: skip
REMEDIES = {
    "open": _("still to do"), "submitted": _("waits for the check"), "verified": _("verified"), "cancelled": _("given up"),
}  # fmt: skip
LINKS = {"like": _("alike"), "repeat": _("repeat"), "split": _("split off")}
# What the customer does later on, on the follow page.
RATED = "rated"
ADDITIONS = {
    "more": _("the customer added something"), "withdraw": _("the customer wants to withdraw"),
    "not_solved": _("the customer says that it is not solved"), RATED: _("the customer rated the handling"),
}  # fmt: skip
REMEDY_STEPS = {
    "submitted": _("said to be done"), "verified": _("verified"), "returned": _("sent back"), "cancelled": _("given up"),
}  # fmt: skip
LONGER = {"asked": _("asked for"), "granted": _("granted"), "refused": _("not granted")}
APPROVED = {"True": _("approved"), "False": _("not approved")}
# What a call back saw of an item: how the customer was treated.
UNSEEN = "unseen"
SEEN = {"yes": _("yes"), "no": _("no"), UNSEEN: _("not seen")}
KEPT = {"True": _("kept"), "False": _("not kept")}

BY_FIELD: Mapping[str, Mapping[str, str]] = {
    "verification": VERIFICATIONS, "result": RESULTS, "effect": EFFECTS, "channel": WAYS, "solved": SOLVED, "state": STATES,
    "outcome": STATES, "answer": OFFERS, "why": WHYS, "sort": LINKS, "kept": KEPT, "remedy": REMEDIES, "remedy_sort": SORTS,
    "addition": ADDITIONS, "remedy_step": REMEDY_STEPS, "longer": LONGER, "approved": APPROVED, "seen": SEEN,
}  # fmt: skip


def answer_of(field: str, value: object) -> str:
    """Return the msgid of a value of a field; the value itself where there is none.

    >>> answer_of("kept", True), answer_of("result", "not"), answer_of("percent", 80)
    ('kept', 'not solved', '80')
    """
    text = "" if value is None else str(value)
    return BY_FIELD.get(field, {}).get(text, text)
