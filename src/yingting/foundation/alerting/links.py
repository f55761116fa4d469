"""Where the rows behind an alert are shown. A higher part says so when it starts; this one knows no report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

ToRows = Callable[[str, str, dt.date, dt.date], str]
_places: list[ToRows] = []


def show_rows_by(address: ToRows) -> None:
    """Let a higher part give the address of the rows: of a hall (its unit's path), an indicator (key), from a day to a day."""
    _places[:] = [address]


def rows_of(path: str, indicator: str, first: dt.date, last: dt.date) -> str:
    """Return the address of the rows, "" where no part shows them."""
    return _places[0](path, indicator, first, last) if _places else ""
