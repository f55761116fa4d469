"""The address of a ticket's page as the customer's phone reaches it."""

from __future__ import annotations

from django.http import HttpRequest

from yingting.foundation.live.links import public_link, qr_svg

__all__ = ["phone_link", "public_link", "qr_svg"]


def phone_link(request: HttpRequest, secret: str) -> str:
    """Return the full address of a ticket's page."""
    return public_link(request, "queueing:phone", secret)
