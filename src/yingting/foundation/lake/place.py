"""Where this installation keeps its lake."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from yingting.foundation.lake.store import Lake


def lake_folder() -> Path:
    """Return the lake's folder of this installation."""
    return Path(settings.LAKE_DIR)


def own_lake() -> Lake:
    """Return the lake of this installation."""
    return Lake(lake_folder())
