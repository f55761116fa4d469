"""Texts that are kept for good: JSON of which there is one form only, and its fingerprint."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any


def canonical(body: Any) -> str:
    """Return JSON of which there is one form only; dates are written as ISO 8601 says. TypeError or ValueError for anything else.

    >>> canonical({"b": 0.1, "a": ["厅", None, dt.date(2026, 1, 5)]})
    '{"a":["厅",null,"2026-01-05"],"b":0.1}'
    """
    return json.dumps(
        body, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain
    )  # fmt: skip


def digest(text: str) -> str:
    """Return the SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
