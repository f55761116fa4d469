"""The worker's part: weeks are planned and wishes explained one by one. The solver is loaded when the first one comes."""

from __future__ import annotations

from importlib import import_module
from uuid import UUID

from django_tasks import task


@task()
def plan_run(run: str) -> None:
    """Work out one run of the planner."""
    import_module("yingting.planning.rosters.working").plan(UUID(run))
