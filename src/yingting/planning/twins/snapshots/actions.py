"""Take in the snapshot log of a hall, and forget what was taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.lake.inspecting import Limits
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.ids import new_id
from yingting.planning.twins.data import letters_of
from yingting.planning.twins.facts import SnapshotsForgotten, SnapshotsTaken
from yingting.planning.twins.models import SnapshotRow
from yingting.planning.twins.snapshots.kept import known_of
from yingting.planning.twins.snapshots.rows import Look, Place, ReadLog, read_log

LIMITS = Limits(size=20 << 20, unpacked=200 << 20)
_AT_ONCE = 2_000  # rows in one transaction
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class LogOrder:
    """Which file to take; `headings` by field where it calls columns otherwise; with bad rows nothing, or the good ones."""

    path: Path
    headings: Mapping[str, str] = field(default_factory=dict)
    take_good: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class LogOutcome:
    """What a log brought, or would bring: rows that are new, rows whose queue and instant are here already."""

    log: ReadLog
    new: int
    repeated: int
    is_taken: bool
    days: tuple[dt.date, ...]
    queues: tuple[str, ...]

    @property
    def last_day(self) -> dt.date | None:
        """The last day that the log has a look of."""
        return self.days[-1] if self.days else None


def take_snapshots(*, hall: UUID, order: LogOrder, actor: Actor, now: dt.datetime) -> LogOutcome:
    """Take in the snapshots of a hall that are not here yet; the same log once more brings nothing.

    Raises Refusal hall.unknown, access.refused, lake.* and file.* for what cannot be read at all.
    """
    row = hall_for(actor, Permission.TWIN_ASK, hall)
    zone = ZoneInfo(row.timezone)
    log = read_log(order.path, order.headings, Place(zone, letters_of(row), now), LIMITS)
    if order.dry_run or (log.bad and not order.take_good):
        return _outcome(log, _new(row, log.looks), zone, is_taken=False)
    new: list[Look] = []
    looks = sorted(log.looks, key=lambda one: one.at)  # so that a few of them are looked for in a short span
    for begin in range(0, len(looks), _AT_ONCE):
        new += _keep(row, looks[begin : begin + _AT_ONCE])
    with writing():
        told = SnapshotsTaken(log.digest, log.rows, len(new), len(log.looks) - len(new), len(log.bad))
        record(told, subject=new_id(), actor=actor, now=now, hall=row.pk)
    return _outcome(log, new, zone, is_taken=True)


def _keep(hall: Hall, looks: Sequence[Look]) -> list[Look]:
    """Write down those of a few looks that are new, and return them. In a transaction of their own: the hall goes on calling
    while a long log is taken, and a log that was broken off goes on where it was when it comes again.
    """
    with writing():
        Hall.objects.select_for_update().get(pk=hall.pk)  # who takes the same log at once finds the rows of the first
        new = _new(hall, looks)
        SnapshotRow.objects.bulk_create(
            (
                SnapshotRow(
                    hall=hall, queue=one.queue, at=one.at, waiting=one.waiting, counters=one.counters, number=one.number
                )
                for one in new
            ),
            batch_size=_BATCH,
        )
    return new


def forget_snapshots(*, hall: UUID, actor: Actor, now: dt.datetime) -> int:
    """Remove all snapshots of a hall, for instance of another one's file; return how many. Raises Refusal hall.unknown,
    access.refused.
    """
    row = hall_for(actor, Permission.TWIN_ASK, hall)
    with writing():
        Hall.objects.select_for_update().get(pk=row.pk)
        gone, _each = SnapshotRow.objects.filter(hall=row).delete()
        if gone:
            record(SnapshotsForgotten(gone), subject=new_id(), actor=actor, now=now, hall=row.pk)
    return gone


def _new(hall: Hall, looks: Sequence[Look]) -> list[Look]:
    known = known_of(hall, looks)
    return [one for one in looks if (one.queue, one.at) not in known]


def _outcome(log: ReadLog, new: list[Look], zone: ZoneInfo, *, is_taken: bool) -> LogOutcome:
    days = tuple(sorted({one.at.astimezone(zone).date() for one in log.looks}))
    queues = tuple(sorted({one.queue for one in log.looks}))
    return LogOutcome(log, len(new), len(log.looks) - len(new), is_taken, days, queues)
