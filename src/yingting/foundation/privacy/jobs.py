"""What the worker does for personal data: once a day, what is due is erased. May run twice, or in two workers at once."""

from __future__ import annotations

from yingting.foundation.privacy.retention import erase_what_is_due
from yingting.kernel.clocks import system_now


def erase_due() -> dict[str, int]:
    """Erase what is due by the rule of retention; return how many records by kind."""
    return dict(erase_what_is_due(now=system_now()).counts)
