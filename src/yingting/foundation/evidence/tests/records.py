"""A kind of record that only tests have: hall H01's, seen with one right and added to with another."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.foundation.evidence.subjects import Place, SubjectKind
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission

RECORD = UUID("0193a1b2-0000-7000-8000-00000000a001")
over: dict[UUID, dt.datetime] = {}


def _place(permission):
    def place(actor, record):
        hall = hall_for(actor, permission, "H01")
        return Place(hall.unit.path, hall.pk)

    return place


MATTERS = SubjectKind(
    kind="tests.matter",
    title="Record",
    see=_place(Permission.QUEUE_VIEW),
    add=_place(Permission.QUEUE_SUPERVISE),
    over=lambda records: {record: over[record] for record in records if record in over},
)
