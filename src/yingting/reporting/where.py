"""Where the installation keeps its lake, and which halls it knows."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from yingting.foundation.lake.store import Lake
from yingting.foundation.sites.models import Hall


def lake_folder() -> Path:
    """Return the lake's folder of this installation."""
    return Path(settings.LAKE_DIR)


def lake() -> Lake:
    """Return the lake of this installation."""
    return Lake(lake_folder())


def known_halls() -> set[str]:
    """Return the codes of all halls; none where the database is not set up yet (reports alone need none)."""
    try:
        return set(Hall.objects.values_list("code", flat=True))
    except DatabaseError:
        return set()
