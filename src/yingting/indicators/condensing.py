"""Make one query of many indicators cheap without changing what any of them says.

Each declaration stands alone, so a query of ten of them filters the same rows ten times and sorts the same waits once per
quantile. Here the aggregates are rewritten, on the expression and so for every engine alike:

    an aggregate with a filter        becomes one over "the value where the filter holds, else nothing"
    such a value that several share   becomes a column, computed once
    quantiles of the same column      become one list of quantiles, sorted once

All are identities: an aggregate does not see nothing, and a list holds the same exact quantiles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir

_FILTERED = (ops.Count, ops.Mean, ops.Sum, ops.Max, ops.Min, ops.Quantile)
Change = Callable[[ops.Node, Mapping[str, Any] | None], ops.Node]


def condensed(table: ir.Table, metrics: Mapping[str, ir.Value]) -> tuple[ir.Table, dict[str, ir.Value]]:
    """Return the same aggregates in their cheap form, and the table over which they are to be taken: the given one, and
    columns that they share.
    """
    plain = {name: metric.op().replace(_filter_inside) for name, metric in metrics.items()}
    wider, shared = _shared(table, plain.values())
    over = {name: op.replace(shared) for name, op in plain.items()}
    together = _quantiles_together(over.values())
    return wider, {name: op.replace(together).to_expr() for name, op in over.items()}


def _filter_inside(node: ops.Node, changed: Mapping[str, Any] | None) -> ops.Node:
    """Move an aggregate's filter into its argument."""
    node = node.__recreate__(changed) if changed else node
    where = getattr(node, "where", None)
    if where is None:
        return node
    if isinstance(node, ops.CountStar):
        return ops.Count(ibis.ifelse(where.to_expr(), 1, ibis.null("int8")))
    if type(node) in _FILTERED:
        kept = ibis.ifelse(where.to_expr(), node.arg.to_expr(), ibis.null(node.arg.dtype))
        return node.copy(arg=kept.op(), where=None)
    return node


def _shared(table: ir.Table, aggregates: Iterable[ops.Node]) -> tuple[ir.Table, Change]:
    """Return the table with the values that several aggregates share, and the change that makes these read from it."""
    # Kept in order, so that the same question is the same text in every process.
    arguments = dict.fromkeys(one for op in aggregates for one in op.find(ops.Reduction))
    times = Counter(value for one in arguments for value in one.find(ops.IfElse))
    columns = {value: f"shared_{place}" for place, value in enumerate(v for v, count in times.items() if count > 1)}
    wider = table.mutate(**{name: value.to_expr() for value, name in columns.items()}) if columns else table

    def change(node: ops.Node, changed: Mapping[str, Any] | None) -> ops.Node:
        if node in columns:
            return wider[columns[node]].op()
        if node == table.op():
            return wider.op()
        return node.__recreate__(changed) if changed else node

    return wider, change


def _quantiles_together(aggregates: Iterable[ops.Node]) -> Change:
    """Return the replacement of single quantiles by places in one list per column."""
    wanted: dict[ops.Node, list[ops.Node]] = {}
    for op in aggregates:
        for one in op.find(lambda node: type(node) is ops.Quantile and node.where is None):
            levels = wanted.setdefault(one.arg, [])
            if one.quantile not in levels:
                levels.append(one.quantile)

    def replace(node: ops.Node, changed: Mapping[str, Any] | None) -> ops.Node:
        node = node.__recreate__(changed) if changed else node
        if type(node) is not ops.Quantile or len(levels := wanted.get(node.arg, [])) < 2:
            return node
        values = ops.Literal(tuple(level.value for level in levels), dt.Array(dt.float64))
        return ops.ArrayIndex(ops.MultiQuantile(node.arg, values), ibis.literal(levels.index(node.quantile)).op())

    return replace
