"""The types of halls, as a rule: halls of a type have the same targets and are compared with each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from yingting.foundation.days import house_today
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Choice, Kind, Problem, declare, offer
from yingting.foundation.rulebook.reading import in_force
from yingting.kernel.shapes import Named, codes_once, said
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class HallTypes:
    """The types that a hall may be of."""

    types: tuple[Named, ...] = said(_("Types of halls"), default=())


SHIPPED = HallTypes(
    (
        Named("flagship", "旗舰厅", "Flagship hall"),
        Named("standard", "标准厅", "Standard hall"),
        Named("small", "小型厅", "Small hall"),
        Named("partner", "合作厅", "Partner's hall"),
    )
)


def _once(rule: HallTypes, _path: str) -> Iterable[Problem]:
    yield from codes_once((one.code for one in rule.types), "types")


HALL_TYPES: Kind[HallTypes] = declare(
    Kind(
        "sites.hall_types",
        _("Types of halls"),
        _("Halls of a type have the same targets and are compared with each other."),
        HallTypes,
        SHIPPED,
        _("Four sizes that operators usually tell apart; an assumption, to be set by each province."),
        Permission.CATALOGUE_CONFIGURE,
        check=_once,
        position=42,
    )
)


def hall_types(path: str, day: dt.date) -> tuple[Named, ...]:
    """Return the types in force for a unit on a day."""
    return in_force(HALL_TYPES, path=path, day=day).rule.types


def type_choices(path: str) -> list[Choice]:
    """Return code and name of today's types."""
    return [(one.code, one.name) for one in hall_types(path, house_today())]


offer("hall_types", lambda path: [("", "—"), *type_choices(path)])
