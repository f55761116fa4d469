"""The forms that set a clock of a case right: another limit, a correction of an entry, the decision on one."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext

from yingting.domains.cases.forms.fields import Field, Form
from yingting.domains.cases.queries.clock_cards import ClockCard
from yingting.domains.cases.queries.desk import Desk
from yingting.kernel.words import gettext_noop as _
from yingting.kernel.worktime.limits import Unit

TITLES = {"decide": _("Decide on the correction"), "retarget": _("Another limit"), "correct": _("Propose a correction")}


def clock_forms(desk: Desk) -> dict[UUID, tuple[Form, ...]]:
    """Return what the reader may do with each clock of a case."""
    return {card.id: tuple(_forms(desk, card)) for card in desk.clocks}


def _forms(desk: Desk, card: ClockCard) -> Iterable[Form]:
    if card.may_decide and card.pending is not None:
        yield _form(desk, "decide", card.pending.pk, _decide())
    if card.may_retarget:
        yield _form(desk, "retarget", card.id, _retarget(card))
    if card.may_correct:
        yield _form(desk, "correct", card.id, _correct(card))


def _form(desk: Desk, deed: str, about: UUID, fields: Iterable[Field]) -> Form:
    address = reverse("cases:clock", args=[desk.case.pk, deed, about])
    seen = str(desk.case.version)
    return Form(f"clock-{deed}-{about}", gettext(TITLES[deed]), address, "#case", tuple(fields), seen=seen)


def _decide() -> Iterable[Field]:
    answers = (("approve", gettext("Approve it")), ("refuse", gettext("Refuse it")))
    yield Field("answer", gettext("Answer"), "radio", answers)
    yield Field("words", gettext("In a few words"), is_required=False, help=gettext("Say why when you refuse it."))


def _retarget(card: ClockCard) -> Iterable[Field]:
    units = tuple((unit.value, gettext(unit.title)) for unit in Unit)
    yield Field("amount", gettext("Amount"), "number", value=str(card.limit.amount))
    yield Field("unit", gettext("Unit of the limit"), "choice", units, card.limit.unit.value)
    yield Field(
        "reason", gettext("Reason"), help=gettext("Counted from the same beginning; the earlier limit stays on record.")
    )


def _correct(card: ClockCard) -> Iterable[Field]:
    entries = tuple(
        (str(one.id), f"{localtime(one.at):%Y-%m-%d %H:%M} {one.words}")
        for one in card.entries if one.may_be_corrected
    )  # fmt: skip
    really = (("at", gettext("It was at this time:")), ("never", gettext("It never happened")))
    yield Field("entry", gettext("Entry"), "choice", entries, entries[-1][0] if entries else "")
    yield Field("really", gettext("What really was"), "radio", really)
    yield Field("at", gettext("Time"), "moment", is_required=False)
    yield Field("reason", gettext("Reason"), help=gettext("Another superior decides. Until then nothing changes."))
