"""`yingting scores replay`: compute every frozen card again. Exit codes: 0 all the same, 1 one differs, 2 wrong use."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

scores_app = typer.Typer(help="评分卡 · Scorecards", no_args_is_help=True)


@scores_app.callback()
def _scores() -> None:
    """Make `replay` a subcommand even while it is the only one."""


@scores_app.command("replay")
def replay_all(
    hall: Annotated[str | None, typer.Option(help="只核对此厅 · only this hall")] = None,
    month: Annotated[str | None, typer.Option(help="只核对此月,如 2026-10 · only this month")] = None,
) -> None:
    """重算已封存的评分卡并核对 · Compute frozen cards again and compare."""
    from yingting.reporting.scorecards.models import FrozenScore
    from yingting.reporting.scorecards.replaying import replay

    console = Console(highlight=False)
    rows = FrozenScore.objects.select_related("hall").order_by("first", "hall__code")
    if hall:
        rows = rows.filter(hall__code=hall)
    if month:
        rows = rows.filter(first=f"{month}-01")
    differing = 0
    for row in rows.iterator():
        found = replay(row)
        differing += not found.is_same
        said = "一致 same" if found.is_same else f"不一致 differs: {', '.join(found.differing)}"
        late = f" · 迟到数据改变 {len(found.late)} 个值 values changed since" if found.late else ""
        console.print(f"{row.first:%Y-%m} {row.hall.code} {said}{late}", soft_wrap=True)
    console.print(f"{rows.count()} 张 cards, {differing} 张不一致 differ")
    raise typer.Exit(1 if differing else 0)
