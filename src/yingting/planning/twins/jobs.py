"""The worker's part: runs are answered one by one, questions to many halls in slices so that others are not kept waiting.

What compiles and computes is loaded when the first one comes.
"""

from __future__ import annotations

from importlib import import_module
from uuid import UUID

from django_tasks import task


@task()
def answer_run(run: str) -> None:
    """Answer one run."""
    import_module("yingting.planning.twins.working").answer(UUID(run))


@task()
def answer_many(run: str) -> None:
    """Answer some halls of a question to many; asks for the next slice by itself while halls are left."""
    if import_module("yingting.planning.twins.many.working").answer(UUID(run)):
        answer_many.enqueue(run)
