"""The service limits of halls, as a rule: how long customers may wait and how long a business may take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare
from yingting.foundation.rulebook.reading import in_force
from yingting.kernel.shapes import said
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class ServiceLimits:
    """Minutes: the wait limit and its stricter aim, and the limits of single and combined business."""

    wait_min: int = said(
        _("Wait limit"), help=_("Nobody should wait longer. The report counts the share within it."), unit=_("minutes"),
        low=1, high=240, default=10,
    )  # fmt: skip
    challenge_min: int = said(
        _("Challenge limit"), help=_("The stricter aim. The live hall shows who is over it."), unit=_("minutes"),
        low=1, high=240, default=8,
    )  # fmt: skip
    single_min: int = said(
        _("Limit of a single business"), help=_("Where the business has no limit of its own."), unit=_("minutes"), low=1, high=240,
        default=3,
    )  # fmt: skip
    combined_min: int = said(_("Limit of several businesses together"), unit=_("minutes"), low=1, high=240, default=5)


def _in_order(limits: ServiceLimits, _path: str) -> Iterable[Problem]:
    if limits.challenge_min > limits.wait_min:
        yield "challenge_min", _("The challenge limit is at least 1 minute and not above the limit."), {}
    if limits.combined_min < limits.single_min:
        yield "combined_min", _("Several businesses cannot have less time than one."), {}


LIMITS: Kind[ServiceLimits] = declare(
    Kind(
        "service.limits",
        _("Service limits"),
        _("How long customers may wait, and how long single and combined business may take."),
        ServiceLimits,
        ServiceLimits(),
        _("QUE-02, QUE-04: waits of at most 10 minutes, 8 as a challenge; single business 3, combined 5 minutes"),
        Permission.HALL_CONFIGURE,
        check=_in_order,
        position=10,
    )
)


def limits_of(path: str, day: dt.date) -> ServiceLimits:
    """Return the limits in force for a unit on a day."""
    return in_force(LIMITS, path=path, day=day).rule
