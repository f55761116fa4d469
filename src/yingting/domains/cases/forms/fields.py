"""Forms of the pages of cases, described as data and drawn by one template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from yingting.domains.cases.queries.names import Choices


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `sort` is text, long, choice, radio, moment, day, number, hidden or part (what a higher app adds, from the
    address named by `value`). `most`: characters of a long text.
    """

    name: str
    label: str
    sort: str = "text"
    choices: Choices = ()
    value: str = ""
    help: str = ""
    is_required: bool = True
    most: int = 4000


@dataclass(frozen=True, slots=True)
class Form:
    """One form: `key` names its place on the page, `address` is where it is sent, `target` what its answer replaces.

    remark    what stands above the fields
    is_first  what is best done next
    seen      the version that was shown, where somebody else may have been faster
    """

    key: str
    title: str
    address: str
    target: str
    fields: tuple[Field, ...] = ()
    remark: str = ""
    is_first: bool = False
    seen: str = ""

    @property
    def is_button(self) -> bool:
        """Is one press all there is?"""
        return not self.fields and not self.remark


def told_choices(answers: Mapping[str, str]) -> Choices:
    """Return fixed answers with their words."""
    return tuple((code, gettext(words)) for code, words in answers.items())
