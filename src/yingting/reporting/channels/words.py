"""How channels are told."""

from __future__ import annotations

from django.utils.translation import gettext

from yingting.domains.queueing.contracts import Channel


def channel_title(code: str) -> str:
    """Return a channel's name in the active language."""
    return gettext(Channel(code).title)
