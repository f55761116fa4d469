"""Take a foreign log into this installation's lake, with a fact that tells who brought it."""

from __future__ import annotations

from uuid import UUID

from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.lake.facts import LogImported
from yingting.foundation.lake.importing import ImportOrder, ImportOutcome, Progress, Status, import_log
from yingting.foundation.lake.store import ImportRecord, Lake
from yingting.kernel.actors import Actor


def take_log(
    *, lake: Lake, order: ImportOrder, actor: Actor, progress: Progress = lambda _step, _share: None
) -> ImportOutcome:
    """Import a log and record it. The caller has checked that the actor may import into the order's `known_halls`.

    The fact's subject is the import's own fingerprint, so an import has one fact however often it is tried; if a process
    dies between the file and its fact, the next try of the same file records what the first one took.
    Raises what `import_log` raises.
    """
    outcome = import_log(lake, order, progress)
    if outcome.status in (Status.TAKEN, Status.ALREADY):
        done = lake.record(outcome.id)
        if done is not None:
            _record_once(done, outcome.digest, actor)
    return outcome


def _record_once(done: ImportRecord, digest: str, actor: Actor) -> None:
    subject = UUID(hex=done.id)
    if Fact.objects.filter(subject=subject).exists():
        return
    data = LogImported(
        digest=digest, file=done.file, source=done.mapping, halls=done.halls, first_day=done.first_day,
        last_day=done.last_day, rows=done.rows, taken=done.taken, repeated=done.repeated, bad=done.bad, dropped=done.dropped,
    )  # fmt: skip
    with writing():
        if not Fact.objects.filter(subject=subject).exists():
            record(data, subject=subject, version=1, actor=actor, now=done.recorded_at)
