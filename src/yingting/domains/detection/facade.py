"""What others may call of detection."""

from __future__ import annotations

from yingting.domains.detection.queries.suggestions import suggest

__all__ = ["suggest"]
