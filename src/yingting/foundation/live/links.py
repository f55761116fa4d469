"""Addresses of pages as customers' phones reach them, and their QR codes."""

from __future__ import annotations

import io

import segno
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


def public_link(request: HttpRequest, name: str, *keys: str) -> str:
    """Return the full address of a page for customers: on the public address of the installation, else on this very host."""
    path = reverse(name, args=keys)
    return outside_link(path) or request.build_absolute_uri(path)


def outside_link(path: str) -> str:
    """Return the full address of a path for whoever is outside of the house; "" where the installation has no public address."""
    public = settings.PUBLIC_URL.rstrip("/")
    return f"{public}{path}" if public else ""


def qr_svg(text: str) -> bytes:
    """Return a QR code as an SVG picture that scales to any size."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=4, omitsize=True, light="#fff", xmldecl=False)
    return out.getvalue()
