"""Refusals: every "no" of the house is a code, a sentence and an HTTP status, declared once.

    Refusal                 the exception that rules and actions raise
    └── .kind               what declare() registered for its code

Screens show `sentence` translated with the parameters; the API puts code and sentence into an RFC 9457 problem.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RefusalKind:
    """One declared kind of refusal: `code` (dotted), `sentence` (English msgid, named %(x)s parameters), HTTP `status`."""

    code: str
    sentence: str
    status: int


_declared: dict[str, RefusalKind] = {}


def declare(code: str, sentence: str, *, status: int = 409) -> str:
    """Register a refusal and return its code, so that a module can write `CLOSED = declare("hall.closed", …)`.

    Raises ValueError when the code is already declared with other words: one code, one sentence.

    >>> declare("example.busy", "The counter is busy.")
    'example.busy'
    """
    kind = RefusalKind(code, sentence, status)
    if _declared.setdefault(code, kind) != kind:
        raise ValueError(f"refusal {code} is declared twice")
    return code


def declared() -> dict[str, RefusalKind]:
    """Return every declared refusal by code (for the docs, the catalogue check and the API description)."""
    return dict(_declared)


class Refusal(Exception):
    """A refusal with its code and the parameters of its sentence. Parameters carry no personal data."""

    def __init__(self, code: str, /, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(code)

    @property
    def kind(self) -> RefusalKind:
        """The declared kind; an undeclared code is a programming error and raises KeyError."""
        return _declared[self.code]

    @property
    def status(self) -> int:
        """HTTP status of this refusal."""
        return self.kind.status

    def __str__(self) -> str:
        """English sentence with the parameters filled in, for logs and developers."""
        return self.in_words(str)

    def in_words(self, translate: Callable[[str], str]) -> str:
        """Return its sentence, translated (by gettext), with the parameters filled in."""
        return translate(self.kind.sentence) % self.params
