"""Commands of personal data. The house's command mounts them.

yingting privacy due      what the rule of retention would erase now; nothing is changed
yingting privacy erase    erase it
yingting privacy reseal   seal everything with the present secret, after it was changed
"""

from __future__ import annotations

import typer

from yingting.foundation.privacy.reading import kind_title
from yingting.foundation.privacy.resealing import reseal_everything
from yingting.foundation.privacy.retention import erase_what_is_due, what_is_due
from yingting.kernel.clocks import system_now

privacy_app = typer.Typer(
    help="个人信息:到期清除、换密钥重新加密 · Personal data: retention, sealing anew", no_args_is_help=True
)


@privacy_app.command()
def due() -> None:
    """到期待清除的数量,不做改动 · What would be erased now, counted; changes nothing."""
    rows = what_is_due(system_now())
    for row in rows:
        kept = f" ({row.held} on hold)" if row.held else ""
        typer.echo(f"{row.month:%Y-%m}  {row.data_class.code:12} {kind_title(row.kind)}: {row.count}{kept}")
    if not rows:
        typer.echo("Nothing is due.")


@privacy_app.command()
def erase() -> None:
    """按保存期限清除到期的个人信息 · Erase what is due by the rule of retention."""
    run = erase_what_is_due(now=system_now())
    for kind, count in sorted(run.counts.items()):
        typer.echo(f"{kind}: {count}")
    typer.echo(f"Run {run.pk} is finished.")


@privacy_app.command()
def reseal() -> None:
    """更换密钥后重新加密,可随时中断再来 · Seal everything with the present secret; may be stopped and run again."""
    unreadable: dict[str, int] = {}
    for step in reseal_everything():
        unreadable[step.table] = step.unreadable
        typer.echo(f"{step.table}: {step.seen} seen, {step.resealed} sealed anew, {step.unreadable} unreadable")
    if any(unreadable.values()):
        raise typer.Exit(1)
