"""Pure rules of the customer file: their shapes and decisions."""

from __future__ import annotations

from dataclasses import dataclass

from yingting.kernel.shapes import said
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class ReachRule:
    """How far up the tree a customer is recognised: levels counted from the top (1 the province, 2 the city)."""

    depth: int = said(
        _("Levels from the top"), low=1, high=6, default=2,
        help=_("2: in all halls of the same second level, usually the city."),
    )  # fmt: skip
