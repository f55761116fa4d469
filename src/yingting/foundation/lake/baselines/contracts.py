"""What a baseline holds: frozen values with one canonical form, whose fingerprint shows that nothing was changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from uuid import UUID

from pydantic import TypeAdapter

from yingting.kernel.canonical import canonical
from yingting.kernel.words import gettext_noop as _

TOGETHER = ""  # the place of all halls together, beside the codes of halls


class Part(StrEnum):
    """Which cases of an indicator are looked at."""

    ALL = ""
    SINGLE = "single"
    COMBINED = "combined"
    BUSY = "busy"
    IDLE = "idle"


PART_TITLES = {
    Part.ALL: _("all cases"),
    Part.SINGLE: _("single business"),
    Part.COMBINED: _("combined business"),
    Part.BUSY: _("busy hours"),
    Part.IDLE: _("other hours"),
}


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """An indicator, or a part of its cases."""

    key: str
    part: Part = Part.ALL

    @property
    def code(self) -> str:
        """The item as one word, for forms."""
        return f"{self.key}:{self.part}"

    @classmethod
    def of(cls, code: str) -> Item:
        """Return the item with the code. ValueError when the part is unknown.

        >>> Item.of("queueing.wait_mean:busy")
        Item(key='queueing.wait_mean', part=<Part.BUSY: 'busy'>)
        """
        key, _colon, part = code.partition(":")
        return cls(key, Part(part))


@dataclass(frozen=True, slots=True)
class Kept:
    """A value as it was measured, rated or not; n None: it was declared, not measured.

    `days` are those (of each hall apart) that have cases, `error` is the value's variance as they tell it.
    """

    value: float | None
    n: int | None
    spread: float | None = None
    days: int = 0
    error: float | None = None


@dataclass(frozen=True, slots=True)
class KeptStandard:
    """What a value was judged by."""

    target: float | None
    challenge: float | None
    minimum_sample: int | None


@dataclass(frozen=True, slots=True)
class KeptRule:
    """A version of a rule that was in force for some of the halls; number 0 is the shipped one."""

    kind: str
    path: str
    number: int
    valid_from: dt.date | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that a baseline says. Values stand in the order of `items`, by place: a hall's code or TOGETHER.

    measure  what will be tried
    peers    halls of the same types that will not have the measure
    source   where declared values come from; "" for measured ones
    """

    title: str
    measure: str
    halls: tuple[str, ...]
    items: tuple[Item, ...]
    first: dt.date | None = None
    last: dt.date | None = None
    source: str = ""
    values: Mapping[str, tuple[Kept, ...]] = field(default_factory=dict)
    standards: Mapping[str, tuple[KeptStandard, ...]] = field(default_factory=dict)
    peers: tuple[str, ...] = ()
    peer_values: tuple[Kept, ...] = ()
    rules: tuple[KeptRule, ...] = ()
    schema: str = "yingting.baseline/1"

    @property
    def is_declared(self) -> bool:
        """Were the values entered by hand?"""
        return bool(self.source)

    @property
    def places(self) -> tuple[str, ...]:
        """All together, then each hall; one hall is not told twice."""
        return tuple(self.values) if len(self.halls) > 1 else (TOGETHER,)


@dataclass(frozen=True, slots=True)
class KeptBaseline:
    """A baseline with who took it and when. `is_intact`: the content still has its fingerprint."""

    id: UUID
    snapshot: Snapshot
    digest: str
    is_intact: bool
    by: str
    at: dt.datetime


_ADAPTER: TypeAdapter[Snapshot] = TypeAdapter(Snapshot)


def text_of(snapshot: Snapshot) -> str:
    """Return the one text of a snapshot."""
    return canonical(asdict(snapshot))


def snapshot_of(text: str) -> Snapshot:
    """Return the snapshot that a text holds."""
    return _ADAPTER.validate_json(text)
