"""Public numbers of cases: digits that can be said on the phone, with a check digit, too many to be guessed."""

from __future__ import annotations

import secrets
from collections.abc import Callable

DRAWN = 11  # digits drawn at random; the twelfth checks them
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def check_digit(digits: str) -> str:
    """Return the check digit (Damm): it finds every single wrong digit and every two that changed places.

    >>> check_digit("572")
    '4'
    """
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)


def new_number(draw: Callable[[int], int] = secrets.randbelow) -> str:
    """Return a number nobody can guess: eleven digits from the system's randomness, and their check digit."""
    digits = f"{draw(10**DRAWN):0{DRAWN}d}"
    return digits + check_digit(digits)


def spoken(number: str) -> str:
    """Return a number as it is written and said, in groups of four.

    >>> spoken("123456789012")
    '1234 5678 9012'
    """
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def as_typed(text: str) -> str | None:
    """Return the number that somebody typed, whatever stands between its digits; None when it cannot be one.

    >>> as_typed("５７２-4"), as_typed(spoken(new_number())) is not None
    (None, True)
    """
    digits = "".join(str(int(mark)) for mark in text if mark.isdecimal())
    if len(digits) != DRAWN + 1 or check_digit(digits[:-1]) != digits[-1]:
        return None
    return digits
