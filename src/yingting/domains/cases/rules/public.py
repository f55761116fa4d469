"""What customers meet on their own phones: what they may leave, how long it may be, and in which stage their case is."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yingting.domains.cases.rules.processes import StepRole
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.shapes import said
from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _

PHONE_DIGITS = (7, 15)  # ITU-T E.164 for the upper end
TAIL = 4


@dataclass(frozen=True, slots=True)
class PublicChoice:
    """Something that customers may leave, and the process it goes into."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    process: str = said(
        _("Process"), choices="case_processes", default="", help=_("Empty, or not there: the process of the channel.")
    )


@dataclass(frozen=True, slots=True)
class PublicPages:
    """The pages on which customers leave and follow cases."""

    is_open: bool = said(_("Customers may leave cases"), default=True)
    choices: tuple[PublicChoice, ...] = said(_("What they may leave"), default=())
    notice: str = said(_("Notice on personal data"), is_long=True, default="")
    notice_en: str = said(_("Notice in English"), is_long=True, default="")
    notice_version: str = said(
        _("Version of the notice"), default="1", help=_("Kept with every case; change it with the text.")
    )
    longest: int = said(_("Longest text"), unit=_("characters"), low=100, high=5000, default=1000)
    pictures: int = said(_("Pictures at most"), low=0, high=9, default=3)
    of_address: int = said(
        _("Cases of one network address"), unit=_("an hour"), low=1, high=1000, default=30,
        help=_("All phones on the hall's own network share one."),
    )  # fmt: skip
    of_hall: int = said(_("Cases of one hall"), unit=_("an hour"), low=1, high=10000, default=200)
    rating_counts: bool = said(
        _("The customer's rating is a call back"), default=True,
        help=_("Somebody who rated the handling need not be called."),
    )  # fmt: skip


class Stage(Titled):
    """How far a case is, in words for the customer."""

    RECEIVED = "received", _("It has come in")
    HANDLED = "handled", _("Being looked at")
    ANSWERED = "answered", _("Answered")
    CHECKED = "checked", _("Being checked")
    CLOSED = "closed", _("Settled and closed")
    WITHDRAWN = "withdrawn", _("Withdrawn by you")
    OUT_OF_SCOPE = "out_of_scope", _("Not ours to settle")

    @property
    def is_over(self) -> bool:
        """Is nothing more to come?"""
        return self in _OVER


_OVER = (Stage.CLOSED, Stage.WITHDRAWN, Stage.OUT_OF_SCOPE)
WAY = (Stage.RECEIVED, Stage.HANDLED, Stage.ANSWERED, Stage.CHECKED, Stage.CLOSED)
_CHECKING = (StepRole.CALL_BACK, StepRole.CHECK, StepRole.EFFECT)


def stage_of(state: str, role: StepRole, *, is_accepted: bool, is_answered: bool) -> Stage:
    """Return the stage of a case from its state, what its step does, and whether it was accepted and answered in this cycle.

    >>> stage_of("open", StepRole.TAKE_IN, is_accepted=False, is_answered=False).value
    'received'
    >>> stage_of("waits_others", StepRole.CALL_BACK, is_accepted=True, is_answered=True).value
    'checked'
    """
    if over := [stage for stage in _OVER if stage.value == state]:
        return over[0]
    if role in _CHECKING:
        return Stage.CHECKED
    if is_answered:
        return Stage.ANSWERED
    return Stage.HANDLED if is_accepted or role is not StepRole.TAKE_IN else Stage.RECEIVED


def is_own_case(actor: Actor, case: UUID) -> bool:
    """Is the actor the customer of this very case?

    >>> is_own_case(Actor(ActorKind.CUSTOMER, UUID(int=1), "customer"), UUID(int=2))
    False
    """
    return actor.kind is ActorKind.CUSTOMER and actor.id == case
