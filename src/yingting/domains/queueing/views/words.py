"""Sentences that several screens say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext

from yingting.domains.queueing.contracts import Priority
from yingting.domains.queueing.rules import WHY, CallRule, minutes_text


def why_sentence(
    rule: str, told: Mapping[str, Any], *, waited_s: float, priority: Priority | None, head_start_min: int
) -> str:
    """Return why a ticket was next, in one sentence of the reader's language."""
    english = (get_language() or "").startswith("en")
    return gettext(WHY[CallRule(rule)]) % {
        "priority": ((english and priority.name_en) or priority.name) if priority else "",
        "head_start": head_start_min,
        **told,
        "minutes": minutes_text(waited_s),
    }
