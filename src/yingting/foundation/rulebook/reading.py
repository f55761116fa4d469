"""Which rule is in force: for a hall, on a business day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from yingting.foundation.rulebook.kinds import Kind, from_body
from yingting.foundation.rulebook.models import RuleVersion

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class InForce(Generic[T]):
    """A rule with where it comes from: the version's number and unit path, 0 and "" for the shipped one."""

    rule: T
    number: int = 0
    path: str = ""
    valid_from: dt.date | None = None


def prefixes(path: str) -> list[str]:
    """Return the paths of a unit and of all above it, from the root down.

    >>> prefixes("GD/GZ/H01/")
    ['GD/', 'GD/GZ/', 'GD/GZ/H01/']
    """
    codes = path.rstrip("/").split("/")
    return ["/".join(codes[: n + 1]) + "/" for n in range(len(codes))]


def in_force(kind: Kind[T], *, path: str, day: dt.date, key: str = "") -> InForce[T]:
    """Return the rule in force for a unit on a day: of the nearest unit that has one, the latest begun; else the shipped one."""
    return in_force_by_key(kind, path=path, day=day, keys=(key,))[key]


def in_force_by_key(
    kind: Kind[T], *, path: str, day: dt.date, keys: tuple[str, ...] | None = None
) -> dict[str, InForce[T]]:
    """Return the rules in force by key, all in one query. With `keys`, each of them is there (shipped where nobody wrote
    one); without, those that somebody wrote.
    """
    rows = _begun(kind, prefixes(path), day)
    if keys is not None:
        rows = rows.filter(key__in=keys)
    found: dict[str, tuple[Any, ...]] = {}
    for row in rows.values_list("key", "unit__path", "valid_from", "number", "body"):
        key, unit, since, number, _body = row
        best = found.get(key)
        if best is None or (len(unit), since, number) > (len(best[1]), best[2], best[3]):
            found[key] = row
    result = {
        key: InForce(from_body(kind, body), number, unit, since)
        for key, (_key, unit, since, number, body) in found.items()
    }
    for key in keys or ():
        result.setdefault(key, InForce(kind.shipped_for(key)))
    return result


def _begun(kind: Kind[Any], paths: Collection[str], day: dt.date) -> QuerySet[RuleVersion]:
    """The versions of these units that have begun on the day."""
    return RuleVersion.objects.filter(
        kind=kind.code, unit__path__in=paths, valid_from__lte=day, withdrawn_at__isnull=True
    )


def in_force_by_path(kind: Kind[T], *, paths: Iterable[str], day: dt.date) -> dict[str, T]:
    """Return the rule in force for each of many units on a day, all in one query."""
    wanted = {path: prefixes(path) for path in paths}
    rows = _begun(kind, {prefix for found in wanted.values() for prefix in found}, day).filter(key="")
    latest: dict[str, tuple[dt.date, int, Any]] = {}
    for path, since, number, body in rows.values_list("unit__path", "valid_from", "number", "body"):
        if path not in latest or (since, number) > latest[path][:2]:
            latest[path] = (since, number, body)
    rules = {path: from_body(kind, body) for path, (_since, _number, body) in latest.items()}
    return {
        path: next((rules[prefix] for prefix in reversed(above) if prefix in rules), kind.shipped)
        for path, above in wanted.items()
    }


def first_days(kind: Kind[Any], *, after: dt.date, until: dt.date) -> list[dt.date]:
    """Return the days, later than `after` and up to `until`, on which a version of the kind begins somewhere."""
    versions = RuleVersion.objects.filter(
        kind=kind.code, valid_from__gt=after, valid_from__lte=until, withdrawn_at__isnull=True
    )
    return sorted(set(versions.values_list("valid_from", flat=True)))
