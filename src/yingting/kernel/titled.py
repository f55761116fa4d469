"""Choices that are told in words: an enum whose members carry their titles."""

from __future__ import annotations

from enum import Enum
from typing import Self


class Titled(Enum):
    """A choice with its title, a msgid: `HALL = "hall", _("hall")`. Its value is the first of the two.

    >>> class Tide(Titled):
    ...     HIGH = "high", "High water"
    >>> Tide("high").title
    'High water'
    """

    _value_: str
    title: str

    def __new__(cls, value: str, title: str = "") -> Self:
        """Keep the title beside the value."""
        member = object.__new__(cls)
        member._value_ = value
        member.title = title
        return member
