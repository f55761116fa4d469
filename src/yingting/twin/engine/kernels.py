"""One way to compile: with numba where it is installed, else the same functions run as plain Python (slowly, but the same).

What was compiled is kept on disk, in a folder named after the sources: numba looks only at the file of the outermost function,
so after a change in another file it would go on with what was compiled before. A process that only draws a few customers (the
people of a demo) says NUMBA_DISABLE_JIT=1, the compiler's own switch, and pays neither for loading it nor for compiling.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TypeVar, cast

numba: ModuleType | None = None
if os.environ.get("NUMBA_DISABLE_JIT", "0") in ("", "0"):
    with contextlib.suppress(ImportError):  # a machine without the compiler still gets every answer
        import numba

IS_COMPILED = numba is not None

F = TypeVar("F", bound=Callable[..., object])


def _kept_in() -> str:
    sources = hashlib.sha256()
    for source in sorted(Path(__file__).parent.parent.rglob("*.py")):
        if "tests" not in source.parts:
            sources.update(source.read_bytes())
    base = os.environ.get("NUMBA_CACHE_DIR") or Path(
        os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "yingting"
    )
    return str(Path(base) / sources.hexdigest()[:16])


if numba is not None:
    numba.config.CACHE_DIR = _kept_in()


def kernel(function: F) -> F:
    """Compile a function of numbers and arrays; it lets other threads run meanwhile."""
    if numba is None:
        return function
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
