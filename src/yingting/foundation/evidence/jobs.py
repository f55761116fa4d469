"""What the worker does for proof: once a day it sweeps away what killed uploads left. May run twice."""

from __future__ import annotations

from yingting.foundation.evidence.keeping import sweep
from yingting.kernel.clocks import system_now


def sweep_proofs() -> int:
    """Take away what no proof names; return how many files."""
    return sweep(system_now())
