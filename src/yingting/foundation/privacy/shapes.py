"""The shapes of the rules of personal data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from yingting.kernel.shapes import Named, said
from yingting.kernel.words import gettext_noop as _


class Action(StrEnum):
    """What happens to personal data whose time is over."""

    ERASE = "erase"
    FORGET_PERSON = "forget_person"

    @property
    def title(self) -> str:  # type: ignore[override]  # str.title() is of no use to a code
        """What it is called."""
        return {Action.ERASE: _("Erase the record"), Action.FORGET_PERSON: _("Keep the record without the person")}[
            self
        ]


@dataclass(frozen=True, slots=True)
class RevealRule:
    """Why personal data may be revealed, for how long it is shown, and from how many on somebody is told."""

    reasons: tuple[Named, ...] = said(
        _("Reasons"), help=_("Whoever reveals a value or takes a file out chooses one of these."), default=()
    )
    shown_s: int = said(_("Shown for"), unit=_("seconds"), low=5, high=600, default=30)
    hourly: int = said(
        _("Told from"), unit=_("an hour and person"), low=1, high=10_000, default=20,
        help=_("More reveals than this in an hour are told to those who audit them."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """How long one class of personal data is kept."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    months: int = said(_("Kept for"), unit=_("months"), low=1, high=1200, default=36)
    after: str = said(_("Counted from"), default="")
    basis: str = said(_("Legal basis"), default="")
    action: Action = said(_("Then"), default=Action.FORGET_PERSON)
    on_request: bool = said(
        _("May go earlier at the person's request"), default=True,
        help=_("Leave it off where a law asks for keeping it; the request then waits for the end of the time."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """The classes of personal data that the house keeps."""

    classes: tuple[RetentionClass, ...] = said(_("Classes of personal data"), default=())

    def of(self, code: str) -> RetentionClass | None:
        """Return a class; None when the rule does not name it, and nothing of it is erased by time."""
        return next((row for row in self.classes if row.code == code), None)
