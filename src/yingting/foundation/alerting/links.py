"""What higher parts say of themselves when they start: where rows and halls are shown, and which business days are open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from uuid import UUID

ToRows = Callable[[str, str, dt.date, dt.date], str]
ToHall = Callable[[str], str]
OpenDays = Callable[[], Iterable[tuple[UUID, dt.date]]]
_rows: list[ToRows] = []
_halls: list[ToHall] = []
_days: list[OpenDays] = []


def show_rows_by(address: ToRows) -> None:
    """Let a higher part give the address of the rows: of a hall (its unit's path), an indicator (key), from a day to a day."""
    _rows[:] = [address]


def rows_of(path: str, indicator: str, first: dt.date, last: dt.date) -> str:
    """Return the address of the rows, "" where no part shows them."""
    return _rows[0](path, indicator, first, last) if _rows else ""


def show_halls_by(address: ToHall) -> None:
    """Let a higher part give the address at which a hall (its code) is shown as it is now."""
    _halls[:] = [address]


def hall_now_at(code: str) -> str:
    """Return the address of the waiting hall, "" where no part shows it."""
    return _halls[0](code) if _halls else ""


def tell_open_days_by(days: OpenDays) -> None:
    """Let a higher part say which halls have an open business day, and which day that is."""
    _days[:] = [days]


def open_days() -> dict[UUID, dt.date]:
    """Return the halls with an open business day, each with its latest one."""
    return dict(sorted(_days[0](), key=lambda found: found[1])) if _days else {}
