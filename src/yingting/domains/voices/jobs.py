"""What the worker does for voices."""

from __future__ import annotations

from yingting.domains.cases.facade import house_now
from yingting.domains.voices.actions.ordering import remind, tell_people
from yingting.kernel.actors import SYSTEM


def look_after_voices() -> int:
    """Tell people of new orders, remind them of those they have not confirmed, and of checks that are due; return how many."""
    now = house_now()
    return tell_people(actor=SYSTEM, now=now) + remind(actor=SYSTEM, now=now)
