"""Many halls over the processors of this machine: one process each, one hall at a time, as many halls in memory as processes.

Processes are spawned (numba and threads do not survive a fork), and each has one thread for its arithmetic: as many processes as
processors are busy and no more. What was compiled once is read from the disk by all of them (`engine.kernels`). A process that
dies takes only its hall along; another one takes its place.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait

from yingting.twin.asking import Cancelled
from yingting.twin.many.jobs import HallJob, HallRow, why_not
from yingting.twin.many.serving import serve

_LOOK_EVERY_S = 0.5
_LET_GO_S = 5.0
_ONE_THREAD = (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMBA_NUM_THREADS"
)  # fmt: skip


def over_processes(
    jobs: Iterable[HallJob], workers: int, progress: Callable[[int], None] = lambda _done: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[list[HallRow]]:  # fmt: skip
    """Yield the rows of hall after hall as they are done; `progress` hears how many are.

    `jobs` is read one job ahead of the processes, so a generator that reads halls when asked holds few of them. Raises
    Cancelled within a second once `is_cancelled` says so; whoever stops reading ends the processes too.
    """
    source, done = iter(jobs), 0
    crew: list[_Worker] = []
    try:
        ahead = next(source, None)
        while True:
            while ahead is not None and (idle := _idle(crew, workers)) is not None:
                idle.give(ahead)
                ahead = next(source, None)
            busy = {one.pipe: one for one in crew if one.job is not None}
            if not busy:
                return
            if is_cancelled():
                raise Cancelled
            for pipe in wait(list(busy), _LOOK_EVERY_S):
                worker = busy[pipe]  # type: ignore[index]  # pipes went in, pipes come out
                rows = worker.taken()
                if worker.is_gone:
                    crew.remove(worker)
                done += 1
                progress(done)
                yield rows
    finally:
        for one in crew:
            one.end()


def _idle(crew: list[_Worker], workers: int) -> _Worker | None:
    """A process that has nothing to do; a new one while there are fewer than may be."""
    for one in [one for one in crew if one.job is None and not one.process.is_alive()]:
        one.end()
        crew.remove(one)
    found = next((one for one in crew if one.job is None), None)
    if found is None and len(crew) < max(1, workers):
        found = _Worker()
        crew.append(found)
    return found


class _Worker:
    """A process and the hall that it works on."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.job: HallJob | None = None
        self.is_gone = False
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs,), daemon=True, name="hall of many")
        with _one_thread():
            self.process.start()
        theirs.close()

    def give(self, job: HallJob) -> None:
        self.job = job
        try:
            self.pipe.send(job)
        except OSError:  # it is dead: `taken` finds out
            return

    def taken(self) -> list[HallRow]:
        """The answer that has come; the death of the process is one too."""
        job, self.job = self.job, None
        assert job is not None
        try:
            rows: list[HallRow] = self.pipe.recv()
        except (EOFError, OSError):
            self.end()
            return [why_not(job.hall, [("worker_died", {})])]
        return rows

    def end(self) -> None:
        if self.is_gone:
            return
        self.is_gone = True
        self.pipe.close()
        self.process.terminate()
        self.process.join(_LET_GO_S)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.process.close()


@contextmanager
def _one_thread() -> Iterator[None]:
    """The environment of a process that is started now: libraries read it when they are first imported there."""
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
