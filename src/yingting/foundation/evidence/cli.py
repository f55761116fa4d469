"""Commands of proof. The house's command mounts them.

yingting proofs verify   compute every digest anew, and name what is missing or altered
"""

from __future__ import annotations

import typer

from yingting.foundation.evidence.keeping import verify as damages
from yingting.foundation.evidence.models import Proof

proofs_app = typer.Typer(help="佐证材料:核对完整性 · Proof: check that it is whole", no_args_is_help=True)


@proofs_app.callback()
def proofs() -> None:
    """佐证材料 · Proof."""


@proofs_app.command()
def verify() -> None:
    """重新计算全部哈希,列出缺失或被改动的 · Compute every digest anew; name what is missing or altered."""
    damaged = list(damages())
    for damage in damaged:
        proof = damage.proof
        typer.echo(
            f"{damage.what}: {proof.pk} of {proof.kind} {proof.record}, taken {proof.at:%Y-%m-%d}, {proof.digest}"
        )
    typer.echo(f"{Proof.objects.count()} proof objects, {len(damaged)} damaged.")
    if damaged:
        raise typer.Exit(1)
