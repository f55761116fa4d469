"""Erase personal data whose time is over, or at the person's request; keep what is on hold. One way for all holders.

A run goes piece by piece, each a transaction of its own that takes the run's row first: killed, it is taken up again where the
data says so; started twice, the second waits and finds nothing left.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import models

from yingting.foundation.days import local_day
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.facts import PersonalDataErased
from yingting.foundation.privacy.fields import search_keys
from yingting.foundation.privacy.holders import HOLDERS, Due, Erasing, Holder, Kept, holder_of
from yingting.foundation.privacy.holds import held_among
from yingting.foundation.privacy.models import ErasureRun
from yingting.foundation.privacy.refusals import HELD, KEPT_BY_LAW, KEPT_OPEN, NOTE_MISSING, RECORD_GONE
from yingting.foundation.privacy.rules import DataKind, masked_text
from yingting.foundation.privacy.rules_in_force import RETENTION
from yingting.foundation.privacy.shapes import RetentionClass, RetentionRule
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.rulebook.reading import in_force_by_path
from yingting.kernel.actors import SYSTEM, Actor
from yingting.kernel.clocks import local_instant
from yingting.kernel.refusals import Refusal

PIECE = 200


def months_later(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later (fewer: earlier), the last of the month where there is none.

    >>> months_later(dt.date(2026, 1, 31), 1), months_later(dt.date(2026, 1, 31), -2)
    (datetime.date(2026, 2, 28), datetime.date(2025, 11, 30))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = dt.date(year + month // 11, (month + 1) % 12 + 1, 1)
    return min(dt.date(year, month + 1, 1) + dt.timedelta(days=day.day - 1), following - dt.timedelta(days=1))


def kept_until(kept: Kept, data_class: RetentionClass) -> dt.date | None:
    """Return the first day on which a record's time is over; None while its time does not run."""
    if kept.since is None:
        return None
    return months_later(local_day(kept.since), data_class.months)


@dataclass(frozen=True, slots=True)
class DueRecord:
    """A record whose time is over: what its class says, and whether a hold keeps it."""

    kept: Kept
    data_class: RetentionClass
    is_held: bool


def _rules(paths: Sequence[str], day: dt.date) -> Mapping[str, RetentionRule]:
    return in_force_by_path(RETENTION, paths=paths, day=day)


def _latest_beginning(holder: Holder, day: dt.date) -> dt.datetime | None:
    """The instant before which a record's time must have begun to be over by the shortest rule anywhere; None: no rule."""
    written = RuleVersion.objects.filter(kind=RETENTION.code).values_list("unit__path", flat=True).distinct()
    rules = [RETENTION.shipped, *_rules(list(written), day).values()]
    months = [found.months for rule in rules if (found := rule.of(holder.data_class))]
    if not months:
        return None
    return local_instant(months_later(day, -min(months)) + dt.timedelta(days=1), dt.time(), settings.TIME_ZONE)


def due_of(holder: Holder, now: dt.datetime) -> Iterator[list[DueRecord]]:
    """Yield the records of a holder whose time is over, piece by piece; those on hold are among them."""
    day = local_day(now)
    before = _latest_beginning(holder, day)
    after: UUID | None = None
    while before is not None:
        found = holder.due(Due(before, after, PIECE))
        if not found:
            return
        after = found[-1].record
        yield _over(holder, found, day)


def _over(holder: Holder, found: Sequence[Kept], day: dt.date) -> list[DueRecord]:
    rules = _rules([kept.path for kept in found], day)
    held = held_among(found)
    over = []
    for kept in found:
        data_class = rules[kept.path].of(holder.data_class)
        if data_class and (last := kept_until(kept, data_class)) and last <= day:
            over.append(DueRecord(kept, data_class, kept.record in held))
    return over


# ------------------------------------------------------------------------------------------------ dry run
@dataclass(frozen=True, slots=True)
class DueCount:
    """How many records of a kind would be erased, by the month in which their time began; `held` of them stay for a hold."""

    kind: str
    data_class: RetentionClass
    month: dt.date
    count: int
    held: int


def what_is_due(now: dt.datetime, paths: tuple[str, ...] = ("",)) -> list[DueCount]:
    """Return what a run would erase now below these paths, counted by kind and month. Nothing is changed."""
    counts: Counter[tuple[str, RetentionClass, dt.date]] = Counter()
    held: Counter[tuple[str, RetentionClass, dt.date]] = Counter()
    for holder in HOLDERS.all():
        for piece in due_of(holder, now):
            for row in (row for row in piece if row.kept.path.startswith(paths)):
                assert row.kept.since is not None
                month = local_day(row.kept.since).replace(day=1)
                key = (holder.kind, row.data_class, month)
                counts[key] += not row.is_held
                held[key] += row.is_held
    keys = sorted(counts, key=lambda key: (key[0], key[2]))
    return [DueCount(*key, counts[key], held[key]) for key in keys]


# ------------------------------------------------------------------------------------------------ runs
def erase_what_is_due(*, actor: Actor = SYSTEM, now: dt.datetime) -> ErasureRun:
    """Erase what is due, as the rules in force today say, and write down which records. Safe to run again, also at once."""
    run = _run_to_go_on_with(actor, now)
    for holder in HOLDERS.all():
        pieces = due_of(holder, now)
        while _erase_a_piece(run, holder, pieces, actor, now):
            pass
    with writing():
        ErasureRun.objects.filter(pk=run.pk, finished_at__isnull=True).update(finished_at=now)
    run.refresh_from_db()
    return run


def _run_to_go_on_with(actor: Actor, now: dt.datetime) -> ErasureRun:
    with writing():
        run, _is_new = ErasureRun.objects.get_or_create(
            on_request=False, finished_at=None, defaults={"by_label": actor.label[:64], "begun_at": now}
        )
        return run


def _erase_a_piece(
    run: ErasureRun, holder: Holder, pieces: Iterator[list[DueRecord]], actor: Actor, now: dt.datetime
) -> bool:
    """Erase the next piece, which is looked for only now, with the run's row taken; False when there is none."""
    with writing():
        ErasureRun.objects.select_for_update().get(pk=run.pk)
        piece = next(pieces, None)
        free = [(row.kept, row.data_class) for row in piece or () if not row.is_held]
        if free:
            _erase(run, holder, free, actor, now)
    return piece is not None


def _erase(
    run: ErasureRun, holder: Holder, rows: Sequence[tuple[Kept, RetentionClass]], actor: Actor, now: dt.datetime
) -> None:
    by_class: dict[RetentionClass, list[UUID]] = {}
    for kept, data_class in rows:
        by_class.setdefault(data_class, []).append(kept.record)
    for data_class, records in by_class.items():
        holder.erase(Erasing(records, data_class.action, actor, now))
        fact = PersonalDataErased(
            holder.kind, data_class.code, data_class.action.value, tuple(records), run.on_request
        )  # fmt: skip
        record(fact, subject=run.pk, actor=actor, now=now)
    counts = ErasureRun.objects.values_list("counts", flat=True).get(pk=run.pk)
    counts[holder.kind] = counts.get(holder.kind, 0) + len(rows)
    ErasureRun.objects.filter(pk=run.pk).update(counts=counts)


# ------------------------------------------------------------------------------------------------ at a person's request
@dataclass(frozen=True, slots=True)
class Found:
    """A record that holds a value somebody asks for: whether a law keeps it (until when, once its time runs), or a hold."""

    holder: Holder
    kept: Kept
    is_kept_by_law: bool
    kept_until: dt.date | None
    is_held: bool

    @property
    def may_go(self) -> bool:
        """May it be erased at the person's request?"""
        return not self.is_held and not self.is_kept_by_law


def find_person(*, actor: Actor, kind: DataKind, value: str, now: dt.datetime) -> list[Found]:
    """Return the records that hold a value (a phone, an identity number), of those in the actor's care."""
    keys = search_keys(kind, value)
    found = []
    for holder in HOLDERS.all() if keys else ():
        rows = [kept for kept in holder.find(kind, keys) if actor.may(Permission.PRIVACY_RETAIN, kept.path)]
        found += [_found(holder, kept, now) for kept in rows]
    return found


def _found(holder: Holder, kept: Kept, now: dt.datetime) -> Found:
    day = local_day(now)
    data_class = _rules([kept.path], day)[kept.path].of(holder.data_class)
    last = kept_until(kept, data_class) if data_class else None
    is_kept = data_class is not None and not data_class.on_request and (last is None or last > day)
    return Found(holder, kept, is_kept, last, bool(held_among([kept])))


@dataclass(frozen=True, slots=True)
class Chosen:
    """A record that is to go, by kind and id."""

    kind: str
    record: UUID


def erase_on_request(*, chosen: Sequence[Chosen], reason: str, actor: Actor, now: dt.datetime) -> ErasureRun:
    """Erase records of one person who asked for it: all of them or none.

    Raises Refusal personal.unknown, access.refused, personal.note, personal.held, personal.kept_by_law,
    personal.kept_open.
    """
    if len(reason.strip()) < 2:
        raise Refusal(NOTE_MISSING)
    day = local_day(now)
    with writing():
        run = ErasureRun.objects.create(
            on_request=True, reason=masked_text(reason.strip())[:200], by_label=actor.label[:64], begun_at=now
        )
        for one in dict.fromkeys(chosen):
            holder = holder_of(one.kind)
            kept = next(iter(holder.kept([one.record])), None)
            if kept is None:
                raise Refusal(RECORD_GONE)
            require(actor, Permission.PRIVACY_RETAIN, kept.path)
            found = _found(holder, kept, now)
            if found.is_held:
                raise Refusal(HELD)
            if found.is_kept_by_law:
                raise Refusal(KEPT_BY_LAW, day=found.kept_until.isoformat()) if found.kept_until else Refusal(KEPT_OPEN)
            data_class = _rules([kept.path], day)[kept.path].of(holder.data_class)
            _erase(run, holder, [(kept, data_class or RetentionClass(holder.data_class, ""))], actor, now)
        ErasureRun.objects.filter(pk=run.pk).update(finished_at=now)
    run.refresh_from_db()
    return run


def runs() -> models.QuerySet[ErasureRun]:
    """Return all runs, the latest first."""
    return ErasureRun.objects.all()
