"""The target of the e-channel diversion rate, as a rule."""

from __future__ import annotations

from dataclasses import dataclass

from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, declare
from yingting.kernel.shapes import said
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class ChannelTarget:
    """Which share of business should be done through e-channels."""

    e_share: int = said(_("Target of the e-channel diversion rate"), unit="%", low=0, high=100, default=30)


TARGET: Kind[ChannelTarget] = declare(
    Kind(
        "channels.target",
        _("Target of e-channels"),
        _("Which share of business should be done by self-service or online."),
        ChannelTarget,
        ChannelTarget(),
        _("SLF-06 asks for a target and names none: 30 % is an assumption, to be set by each unit."),
        Permission.HALL_CONFIGURE,
        position=40,
    )
)
