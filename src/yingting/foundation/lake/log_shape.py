"""The shape of a foreign log as a domain wants it: its fields, their order in time, and the fold into fact tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import ibis.expr.types as ir

from yingting.indicators.fact_tables import FactTable

Fold = Callable[[ir.Table], ir.Table]


class FieldKind(StrEnum):
    """How the text of a field is read."""

    INSTANT = "instant"  # local wall time of the hall
    TEXT = "text"
    CHOICE = "choice"  # one of a few codes, through the mapping's value map
    NUMBER = "number"  # float64
    WHOLE = "whole"  # int32
    SECONDS = "seconds"  # float64, the mapping names the unit of the source
    PSEUDONYM = "pseudonym"  # whatever tells one customer: only its keyed fingerprint reaches the lake


@dataclass(frozen=True, slots=True)
class LogField:
    """One field that a mapping may fill. A required field must have a value in every row."""

    name: str
    kind: FieldKind
    is_required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LogShape:
    """A kind of log.

    fields   what a mapping may fill; `hall` is always among them
    anchor   the instant that decides the business day and the plausibility of a row
    chains   instants that may not run backwards, each chain in order
    main     the fact table and the fold that makes it of the typed log
    derived  further fact tables, each folded from the rows of the main one
    """

    name: str
    fields: tuple[LogField, ...]
    anchor: str
    chains: tuple[tuple[str, ...], ...]
    main: tuple[FactTable, Fold]
    derived: tuple[tuple[FactTable, Fold], ...] = ()

    def field(self, name: str) -> LogField | None:
        """Return the field of that name, or None."""
        return next((one for one in self.fields if one.name == name), None)
