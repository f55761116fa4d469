"""PURE: what other parts may know of a customer without seeing who it is, and what they say of a new one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

FEN = 100  # in a yuan


@dataclass(frozen=True, slots=True)
class Known:
    """A customer as recognised: id, class and needs in codes, the names by mask. Nothing here tells who it is.

    `unit_path` is the path of the unit that keeps the file; `manager` the account manager's id.
    """

    id: UUID
    unit_path: str
    masked_name: str
    masked_phone: str
    segment: str
    level: str
    tags: tuple[str, ...]
    language: str
    is_left_alone: bool
    manager: UUID | None


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is said of a customer at registration or correction, in plain words as typed; "" and None: not said.

    `monthly_fen` is what the customer pays a month, in fen; `customer_since` the day since when.
    """

    name: str = ""
    phone: str = ""
    id_number: str = ""
    is_company: bool = False
    language: str = ""
    born_year: int | None = None
    customer_since: dt.date | None = None
    monthly_fen: int | None = None
