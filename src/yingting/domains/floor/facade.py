"""What domains above the floor may call."""

from __future__ import annotations

from yingting.domains.floor.actions.preparing import prepare_from_booking

__all__ = ["prepare_from_booking"]
