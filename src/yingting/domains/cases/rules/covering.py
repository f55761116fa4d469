"""Which units' entered figures together stand for some places, neither more nor less."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping


def covered(places: Collection[str], entered: Iterable[str], paths: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the units with an entry, the highest ones, whose places are just these; None when a place is left over.

    `paths` gives the path of the unit of every place there is: halls, and units without a hall.

    >>> paths = {"H01": "GD/TH/H01/", "H02": "GD/TH/H02/", "GD/TH/": "GD/TH/"}
    >>> covered({"H01", "H02", "GD/TH/"}, ["GD/TH/", "GD/TH/H01/"], paths)
    ('GD/TH/',)
    >>> covered({"H01"}, ["GD/TH/", "GD/TH/H01/"], paths)
    ('GD/TH/H01/',)
    >>> covered({"H01", "H02"}, ["GD/TH/", "GD/TH/H01/"], paths) is None
    True
    """
    left, found = set(places), []
    for unit in sorted(entered, key=len):
        mine = {place for place, path in paths.items() if path.startswith(unit)}
        if mine and mine <= left:
            found.append(unit)
            left -= mine
    return None if left else tuple(found)
