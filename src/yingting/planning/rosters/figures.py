"""What a planned week rests on and costs, as the roster keeps it: canonical JSON, ours to write and to read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from yingting.kernel.canonical import canonical
from yingting.planning.rosters.needs import Need, Post

Json = dict[str, Any]
Told = tuple[tuple[str, Json], ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """A plan's figures on the day when it was made.

    `cost` in points, none can cost less than `bound`; `costs` and `breaks` by code; `made_from` are digests of what went in by
    person, and of the shifts; `notes` are sentences (msgid, values). `share` of the customers, `limit_min`: what the need holds.
    """

    need: Need
    cost: float
    bound: float
    is_optimal: bool
    seconds: float
    costs: dict[str, float]
    breaks: tuple[tuple[str, float, Json], ...]
    made_from: dict[str, str]
    share: float
    limit_min: float
    notes: Told = ()

    @property
    def kept(self) -> str:
        """The text that is kept."""
        need = self.need
        return canonical(
            {
                "posts": [[list(post.queues), sorted(post.classes)] for post in need.posts],
                "need": need.counts.tolist(), "opens_min": need.opens_min,
                "customers": [None if one is None else round(one, 1) for one in need.customers],
                "cost": self.cost, "bound": self.bound, "is_optimal": self.is_optimal, "seconds": round(self.seconds, 1),
                "costs": self.costs, "breaks": [list(one) for one in self.breaks], "made_from": self.made_from,
                "share": self.share, "limit_min": self.limit_min, "notes": [list(one) for one in self.notes],
            }
        )  # fmt: skip


def opened(text: str) -> Figures | None:
    """Return figures that were kept; None where a roster was made without them, by hand."""
    if not text:
        return None
    body = json.loads(text)
    if "need" not in body:
        return None
    posts = tuple(Post(tuple(queues), frozenset(classes)) for queues, classes in body["posts"])
    counts = np.array(body["need"], np.int64).reshape(len(body["need"]), -1, len(posts))
    need = Need(posts, counts, body["opens_min"], tuple(body["customers"]))
    return Figures(
        need, body["cost"], body["bound"], body["is_optimal"], body["seconds"], body["costs"],
        tuple((code, cost, values) for code, cost, values in body["breaks"]), body["made_from"], body["share"],
        body["limit_min"], tuple((sentence, values) for sentence, values in body["notes"]),
    )  # fmt: skip
