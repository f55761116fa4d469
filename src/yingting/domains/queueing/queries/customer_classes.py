"""Which priority class a known customer's number takes, as data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from yingting.domains.queueing.contracts import HallSetup, Priority
from yingting.domains.queueing.queries.setup import rule_in
from yingting.domains.queueing.rules.knowing import By, ClassRow, CustomerClasses, KnownBy, class_of_known
from yingting.foundation.customers.contracts import Known
from yingting.foundation.customers.rules_in_force import CLASSES_KIND
from yingting.foundation.customers.shapes import Level, Segment
from yingting.foundation.days import house_today
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Choice, Kind, Problem, declare, offer
from yingting.foundation.rulebook.reading import in_force
from yingting.kernel.words import gettext_noop as _


def _check(rule: CustomerClasses, _path: str) -> Iterable[Problem]:
    seen = set()
    for n, row in enumerate(rule.rows):
        if not row.code.strip():
            yield f"rows-{n}-code", _("Every row needs a code."), {}
        if (row.by, row.code) in seen:
            yield f"rows-{n}-code", _("The code “%(code)s” is there twice."), {"code": row.code}
        seen.add((row.by, row.code))


CUSTOMER_CLASSES = declare(
    Kind(
        code="queueing.customer_classes",
        title=_("Priority of known customers"),
        purpose=_(
            "The class of a known customer's number by need, level and segment: the first row that holds; the care lane stays first."
        ),
        shape=CustomerClasses,
        shipped=CustomerClasses(
            (
                ClassRow(By.TAG, "elderly", "care"),
                ClassRow(By.TAG, "disabled", "care"),
                ClassRow(By.TAG, "pregnant", "care"),
                ClassRow(By.SEGMENT, "big", "vip", "star"),
                ClassRow(By.SEGMENT, "important", "vip"),
                ClassRow(By.LEVEL, "gold", "vip"),
            )
        ),
        source=_("CUS-02, CUS-08, CUS-24; which customers are named is ours, to be set by each operator."),
        permission=Permission.CATALOGUE_CONFIGURE,
        check=_check,
        position=35,
    )
)


def _segments(path: str) -> list[Choice]:
    return _listed(in_force(CLASSES_KIND, path=path, day=house_today()).rule.segments)


def _levels(path: str) -> list[Choice]:
    return _listed(in_force(CLASSES_KIND, path=path, day=house_today()).rule.levels)


def _listed(rows: Iterable[Segment | Level]) -> list[Choice]:
    return [(row.code, row.name) for row in rows]


offer("customers.segments", _segments)
offer("customers.levels", _levels)


def class_for(setup: HallSetup, known: Known, how: KnownBy, day: dt.date) -> Priority | None:
    """Return the priority class of a customer who became known so, in this hall on a day; None: like everybody's."""
    which = class_of_known(
        rule_in(setup, CUSTOMER_CLASSES, day).rows_for(how), segment=known.segment, level=known.level, tags=known.tags,
        classes={row.code: row.id for row in setup.priorities.values()}, green=setup.green,
        care=[row.id for row in setup.priorities.values() if row.is_care],
    )  # fmt: skip
    return None if which is None else setup.priorities[which]
