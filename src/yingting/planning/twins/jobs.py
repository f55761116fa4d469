"""The worker's part: runs are answered one by one. What compiles and computes is loaded when the first one comes."""

from __future__ import annotations

from importlib import import_module
from uuid import UUID

from django_tasks import task


@task()
def answer_run(run: str) -> None:
    """Answer one run."""
    import_module("yingting.planning.twins.working").answer(UUID(run))
