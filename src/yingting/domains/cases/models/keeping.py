"""What every reference from a case's rows has in common."""

from __future__ import annotations

from typing import Any

from django.db import models

# Nothing that a case names goes while the case is there, and nothing is read backwards.
KEEP: dict[str, Any] = {"on_delete": models.PROTECT, "related_name": "+"}
