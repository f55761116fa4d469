"""What a kind of bulletin is, and the placeholders of its texts. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from yingting.kernel.shapes import Named, said
from yingting.kernel.words import gettext_noop as _


class RowsOf(StrEnum):
    """What the rows of a bulletin's table are."""

    UNITS = "units"
    HALLS = "halls"

    @property
    def title(self) -> str:  # type: ignore[override]  # a choice's words, as the rule forms ask for them
        """English msgid."""
        return _ROWS_TITLES[self]


class Span(StrEnum):
    """Which days one bulletin covers."""

    FIVE_DAYS = "five_days"
    MONTH = "month"
    YEAR = "year"
    ANY = "any"

    @property
    def title(self) -> str:  # type: ignore[override]  # as above
        """English msgid."""
        return _SPAN_TITLES[self]


_ROWS_TITLES = {RowsOf.UNITS: _("the units below"), RowsOf.HALLS: _("halls")}
_SPAN_TITLES = {
    Span.FIVE_DAYS: _("five days of a month"),
    Span.MONTH: _("a month"),
    Span.YEAR: _("a year"),
    Span.ANY: _("any days"),
}
# What texts may name between braces; `OF_A_ROW` only where a shortcoming is spoken of.
OF_ALL = ("unit", "period", "kind", "rows", "missed", "due")
OF_A_ROW = ("row", "indicator", "value", "target", "n")


@dataclass(frozen=True, slots=True)
class Column:
    """An indicator of a bulletin, and the department that answers for it."""

    indicator: str = said(_("Indicator"), choices="indicators")
    owner: str = said(_("Department that answers for it"), default="")


@dataclass(frozen=True, slots=True)
class Receivers:
    """Who gets a bulletin: those who hold the role on units of the level, at or below the unit that issues it."""

    role: str = said(_("Role"), choices="bulletins.roles", default="")
    level: str = said(_("On units of the level"), choices="bulletins.levels", default="")


@dataclass(frozen=True, slots=True)
class BulletinKind(Named):
    """One kind of bulletin."""

    levels: tuple[str, ...] = said(_("Issued by units of the level"), choices="bulletins.levels", default=())
    span: Span = said(_("Covers"), default=Span.MONTH)
    rows_of: RowsOf = said(_("Rows of the table"), default=RowsOf.HALLS)
    columns: tuple[Column, ...] = said(
        _("Indicators"), help=_("Without indicators it is a text without figures."), default=()
    )
    ranked_by: str = said(_("Ranked by"), choices="bulletins.ranked_by", default="")
    shortcomings: int = said(_("Shortcomings to name at most"), low=0, high=50, default=0)
    duty_days: int = said(_("Days to put a shortcoming right"), low=1, high=366, default=15)
    confirm_days: int = said(_("Days to confirm the receipt"), low=1, high=90, default=3)
    duty_role: str = said(_("Post that puts it right"), choices="bulletins.roles", default="")
    receivers: tuple[Receivers, ...] = said(
        _("Goes to"), help=_("A row without a role: every member of staff there."), default=()
    )
    opening: str = said(
        _("Opening"), help=_("May name {unit} {period} {kind} {rows} {missed}."), is_long=True, default=""
    )
    closing: str = said(
        _("Closing"), help=_("As above, and {due}: by when shortcomings are put right."), is_long=True, default=""
    )
    duty: str = said(
        _("Duty"),
        help=_("May also name {row} {indicator} {value} {target} {n} of the shortcoming."),
        is_long=True,
        default="",
    )


@dataclass(frozen=True, slots=True)
class BulletinRule:
    """The kinds of bulletin of a unit, and the word before their numbers."""

    word: str = said(_("Word of the numbers"), help=_("服通 gives 服通〔2026〕3号."), default="服通")
    kinds: tuple[BulletinKind, ...] = said(_("Kinds"), default=())

    def kind(self, code: str) -> BulletinKind | None:
        """Return the kind of a code."""
        return next((one for one in self.kinds if one.code == code), None)


def number_text(word: str, year: int, number: int) -> str:
    """Write a bulletin's number as official documents do.

    >>> number_text("服通", 2026, 3)
    '服通〔2026〕3号'
    """
    return f"{word}〔{year}〕{number}号"
