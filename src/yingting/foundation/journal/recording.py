"""The only way into the journal: `record()`, and for the hot path a fragment of SQL that inserts the same columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max

from yingting.foundation.journal.catalogue import FactData, as_data, kind_of, schema_of
from yingting.foundation.journal.models import Fact
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import system_now

# The columns in the order that `insert_fragment` expects its SELECT to give them.
COLUMNS = (
    "kind", "subject", "version", "hall", "business_day", "actor_kind", "actor", "actor_label",
    "occurred_at", "recorded_at", "schema", "data", "correlation", "request_key",
)  # fmt: skip


def record(
    data: FactData,
    *,
    subject: UUID,
    actor: Actor,
    now: dt.datetime,
    version: int | None = None,
    hall: UUID | None = None,
    business_day: dt.date | None = None,
    correlation: UUID | None = None,
    request_key: str | None = None,
) -> int:
    """Write one fact and return its version. Must run inside the transaction that changes the state.

    `version` is the subject's new version; None means "the next one" for subjects that carry none themselves
    (reference data), whose callers are serialised by the row they change.
    Raises IntegrityError when the version or the request key is taken: somebody else was first.
    """
    if version is None:
        version = (Fact.objects.filter(subject=subject).aggregate(last=Max("version"))["last"] or 0) + 1
    kind = kind_of(data)
    Fact.objects.create(
        kind=kind,
        subject=subject,
        version=version,
        hall=hall,
        business_day=business_day,
        actor_kind=actor.kind,
        actor=actor.id,
        actor_label=actor.label[:64],
        occurred_at=now,
        recorded_at=system_now(),
        schema=schema_of(kind),
        data=as_data(data),
        correlation=correlation,
        request_key=request_key,
    )
    return version


@dataclass(frozen=True, slots=True)
class Entry:
    """One of many facts that are written at once: what happened, to which subject, in which hall and on which business day."""

    data: FactData
    subject: UUID
    hall: UUID | None
    business_day: dt.date | None


def record_many(entries: Sequence[Entry], *, actor: Actor, now: dt.datetime) -> dict[UUID, int]:
    """Write many facts at once, each about its subject and correlated with it; return the last version of each subject.

    Must run inside the transaction that changes the state, with the subjects' rows held: IntegrityError when somebody else
    was first.
    """
    subjects = {entry.subject for entry in entries}
    found = Fact.objects.filter(subject__in=subjects).values_list("subject").annotate(last=Max("version"))
    last = dict.fromkeys(subjects, 0) | dict(found)
    rows = []
    for entry in entries:
        last[entry.subject] += 1
        kind = kind_of(entry.data)
        rows.append(
            Fact(
                kind=kind, subject=entry.subject, version=last[entry.subject], hall=entry.hall, business_day=entry.business_day,
                actor_kind=actor.kind, actor=actor.id, actor_label=actor.label[:64], occurred_at=now, recorded_at=system_now(),
                schema=schema_of(kind), data=as_data(entry.data), correlation=entry.subject,
            )
        )  # fmt: skip
    Fact.objects.bulk_create(rows, batch_size=500)
    return last


@cache
def insert_fragment(select: str) -> str:
    """Return `INSERT INTO journal … select` for a statement that writes state and fact at once.

    `select` gives one row per fact with the columns of COLUMNS, in that order.
    """
    table = connection.ops.quote_name(Fact._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(column) for column in COLUMNS)
    return f"INSERT INTO {table} ({columns}) {select}"


def first_answer(*, hall: UUID, request_key: str) -> Fact | None:
    """Return the fact that an earlier request with this key wrote in this hall, if there is one."""
    return Fact.objects.filter(hall=hall, request_key=request_key).first()


def facts_of(*subjects: UUID) -> list[dict[str, Any]]:
    """Return the facts of subjects in the order of their recording, as plain dicts (kind, version, occurred_at, actor, data)."""
    rows = Fact.objects.filter(subject__in=subjects).order_by("id")
    return [
        dict(row) for row in rows.values("kind", "version", "occurred_at", "actor_kind", "actor", "actor_label", "data")
    ]
