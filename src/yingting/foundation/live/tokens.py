"""What a screen shows the stream process: a signed list of halls whose changes it may hear of. No database is asked."""

from __future__ import annotations

from uuid import UUID

from django.core import signing

# A screen that has been open longer asks its page for a fresh one (see live.js); a board is reloaded every night anyway.
MAX_AGE_S = 24 * 3600
_SALT = "yingting.live"


def live_token(halls: list[UUID]) -> str:
    """Return the token for screens that show these halls. The page that hands it out has checked the reader's rights."""
    return signing.dumps([hall.hex for hall in halls], salt=_SALT)


def halls_of(token: str) -> list[str] | None:
    """Return the hall ids (hex) of a token, or None when it is forged or too old."""
    try:
        halls: list[str] = signing.loads(token, salt=_SALT, max_age=MAX_AGE_S)
    except signing.BadSignature:
        return None
    return halls
