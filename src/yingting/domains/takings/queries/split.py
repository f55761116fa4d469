"""What was counted: a day's entries, and the split by method of halls over days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from yingting.domains.takings.contracts import Entry, Share, Split
from yingting.domains.takings.models import TakingsEntry
from yingting.domains.takings.queries.rules_in_force import METHODS
from yingting.domains.takings.rules import added
from yingting.foundation.rulebook.reading import in_force, in_force_by_path
from yingting.foundation.sites.models import Hall
from yingting.kernel.shapes import Named


def methods_of(path: str, day: dt.date) -> tuple[Named, ...]:
    """Return the payment methods in force for a unit on a day."""
    return in_force(METHODS, path=path, day=day).rule.methods


def entries_of(hall: UUID, day: dt.date) -> tuple[Entry, ...]:
    """Return a day's entries, the one that counts first."""
    rows = TakingsEntry.objects.filter(hall=hall, business_day=day).select_related("by")
    return tuple(Entry(row.number, row.amounts, row.note, row.by.name if row.by else "", row.at) for row in rows)


def split_of(codes: Collection[str], first: dt.date, last: dt.date) -> Split:
    """Return what halls that the caller may see took from the first to the last day, by method in the usual order."""
    rows = TakingsEntry.objects.filter(hall__code__in=codes, business_day__range=(first, last)).order_by("number")
    counted = {(hall, day): amounts for hall, day, amounts in rows.values_list("hall", "business_day", "amounts")}
    amounts = added(counted.values())
    paths = Hall.objects.filter(code__in=codes).values_list("unit__path", flat=True)
    rules = in_force_by_path(METHODS, paths=paths, day=last).values()
    known = {method.code: method for rule in rules for method in rule.methods}
    order = [code for code in known if code in amounts] + sorted(code for code in amounts if code not in known)
    total = sum(amounts.values())
    return Split(tuple(_share(code, known.get(code), amounts[code], total) for code in order), len(counted))


def _share(code: str, method: Named | None, amount: int, total: int) -> Share:
    """A method that the list no longer has is told by its code."""
    name, name_en = (method.name, method.name_en or method.name) if method else (code, code)
    return Share(code, name, name_en, amount, amount / total if total else 0.0)
