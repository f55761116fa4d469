"""Solve an integer program in a process of its own, so that it can be watched and stopped: HiGHS gives no other way in.

Run as a module: reads a program from the file named first, writes the solution to the file named second, and lets the solver's
own log go to standard output, from which the parent reads how far it is.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, vstack

from yingting.twin.asking import Cancelled
from yingting.twin.rostering.program import Program

_GRACE_S = 10.0  # beyond its limit, for presolve and cut rounds that do not look at the clock


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the solver is: what the best plan so far costs (inf: none yet) and what none can cost less than."""

    seconds: float
    best: float
    bound: float


@dataclass(frozen=True, slots=True)
class Solution:
    """The best columns found (None: none in the time), and the bound below which no solution can cost."""

    x: NDArray[np.float64] | None
    bound: float
    is_optimal: bool


def solve_here(program: Program, seconds: float, gap: float = 0.0, *, show: bool = False) -> Solution:
    """Solve in this process; nothing can stop it but its limit of time."""
    if not len(program.cost):
        return Solution(np.zeros(0), program.constant, True)
    answer = milp(
        program.cost, integrality=program.whole, bounds=Bounds(0.0, program.most),
        constraints=LinearConstraint(program.rows, program.low, program.high),
        options={"time_limit": seconds, "mip_rel_gap": gap, "disp": show},
    )  # fmt: skip
    bound = answer.mip_dual_bound
    floor = float(bound) if bound is not None and np.isfinite(bound) else -np.inf
    return Solution(answer.x, floor + program.constant, answer.status == 0)


def relaxed(program: Program) -> float:
    """Return the cost when duties could be shared out in parts: a bound, quickly."""
    if not len(program.cost):
        return program.constant
    some = np.isfinite(program.high)
    more = np.isfinite(program.low)
    rows = program.rows
    answer = linprog(
        program.cost, A_ub=vstack([rows[some], -rows[more]], format="csr"),
        b_ub=np.concatenate([program.high[some], -program.low[more]]),
        bounds=np.stack([np.zeros_like(program.most), program.most], axis=1), method="highs",
    )  # fmt: skip
    return float(answer.fun) + program.constant


def solve_apart(
    program: Program, seconds: float, gap: float = 0.0, *, progress: Callable[[Standing], None] = lambda _standing: None,
    is_cancelled: Callable[[], bool] = lambda: False, look_s: float = 0.1,
) -> Solution:  # fmt: skip
    """Solve in a child process. Raises Cancelled, with the child ended, once `is_cancelled` says so."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder, "asked.npz"), Path(folder, "answered.npz")
        rows = program.rows
        np.savez(
            asked, cost=program.cost, most=program.most, whole=program.whole, low=program.low, high=program.high,
            data=rows.data, indices=rows.indices, indptr=rows.indptr, shape=rows.shape, seconds=seconds, gap=gap,
        )  # fmt: skip
        with _begun(asked, answered) as child:
            log = _Log()
            reader = threading.Thread(target=log.read, args=(child,), daemon=True)
            reader.start()
            try:
                while child.poll() is None and (spent := time.monotonic() - began) < seconds + _GRACE_S:
                    if is_cancelled():
                        raise Cancelled
                    progress(Standing(spent, log.best + program.constant, log.bound + program.constant))
                    time.sleep(look_s)
            finally:
                if child.poll() is None:
                    child.kill()
                child.wait()
                reader.join()
        if not answered.exists():
            return Solution(None, log.bound + program.constant, False)
        with np.load(answered) as found:
            x = found["x"] if len(found["x"]) else None
            return Solution(x, float(found["bound"]) + program.constant, bool(found["is_optimal"]))


def _begun(asked: Path, answered: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "yingting.twin.rostering.apart", str(asked), str(answered)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(one for one in sys.path if one), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


class _Log:
    """What HiGHS says while it works: lines of its table, `… BestBound BestSol Gap% …`."""

    _LINE = re.compile(r"%\s+(-?[\d.e+]+|-inf)\s+(-?[\d.e+]+|inf)\s+(?:[\d.]+%|inf|Large)\s")

    def __init__(self) -> None:
        self.best, self.bound = np.inf, -np.inf

    def read(self, child: subprocess.Popen[str]) -> None:
        assert child.stdout is not None
        for line in child.stdout:
            self.take(line)

    def take(self, line: str) -> None:
        if found := self._LINE.search(line):
            self.bound, self.best = float(found[1]), float(found[2])


def main(asked: str, answered: str) -> None:
    """Solve what stands in one file and write the answer to another."""
    with np.load(asked) as parts:
        rows = csr_array((parts["data"], parts["indices"], parts["indptr"]), shape=tuple(parts["shape"]))
        program = Program(
            parts["cost"], parts["most"], parts["whole"], rows, parts["low"], parts["high"], 0.0, (), ()
        )  # fmt: skip
        found = solve_here(program, float(parts["seconds"]), float(parts["gap"]), show=True)
    partly = Path(answered).with_suffix(".part.npz")
    np.savez(partly, x=np.zeros(0) if found.x is None else found.x, bound=found.bound, is_optimal=found.is_optimal)
    partly.replace(answered)


if __name__ == "__main__":
    main(*sys.argv[1:])
