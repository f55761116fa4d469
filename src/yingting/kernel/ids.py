"""Public ids: UUIDv7, unique across halls and ordered by the time of making, so a hall can work alone and sync later."""

from __future__ import annotations

import secrets
from uuid import UUID

from uuid_utils.compat import uuid7 as _uuid7

# No 0/O, 1/I/L: a code is read aloud and typed by hand.
_READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_id() -> UUID:
    """Return a fresh UUIDv7."""
    return _uuid7()


def new_secret() -> str:
    """Return a fresh bearer secret (256 bits, URL safe). Store only its digest."""
    return secrets.token_urlsafe(32)


def new_short_secret() -> str:
    """Return a secret short enough for a QR code on a slip (96 bits, URL safe): guessing it is hopeless, typing it is not."""
    return secrets.token_urlsafe(12)


def new_pairing_code(length: int = 8) -> str:
    """Return a code that a person reads off one screen and types on another."""
    return "".join(secrets.choice(_READABLE) for _ in range(length))
