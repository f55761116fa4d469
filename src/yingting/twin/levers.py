"""What a hall may change: each lever turns one model into another. Levers are data, so a question can be kept and asked again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from yingting.twin.hall import Appointments, Book, HallModel, Klass, ModelError, Need, Stint


@dataclass(frozen=True, slots=True)
class MoreCounters:
    """Open `count` more counters from one time to another, for some queues (none named: all)."""

    opens_s: float
    closes_s: float
    count: int = 1
    queues: tuple[str, ...] = ()
    pace: float = 1.0

    def applied(self, model: HallModel) -> HallModel:
        """Return the hall with the new counters, named +1, +2, …"""
        queues = self.queues or model.queues
        taken = {stint.counter for stint in model.stints}
        names = (f"+{number}" for number in range(1, len(taken) + self.count + 1))
        new = [name for name in names if name not in taken][: self.count]
        added = tuple(Stint(name, self.opens_s, self.closes_s, queues, self.pace) for name in new)
        return replace(model, stints=model.stints + added)


@dataclass(frozen=True, slots=True)
class Closed:
    """Close a counter from one time to another: a lunch break, a training, a counter fewer."""

    counter: str
    starts_s: float
    ends_s: float

    def applied(self, model: HallModel) -> HallModel:
        """Return the hall without the counter in that time."""
        return replace(model, stints=tuple(_without(model.stints, self.counter, self.starts_s, self.ends_s)))


@dataclass(frozen=True, slots=True)
class Open:
    """Keep a counter open from one time to another, through a break that it has: a smaller lunch break."""

    counter: str
    starts_s: float
    ends_s: float

    def applied(self, model: HallModel) -> HallModel:
        """Return the hall with the counter open then, serving what it serves before (or else after) that time."""
        mine = sorted((stint for stint in model.stints if stint.counter == self.counter), key=lambda one: one.opens_s)
        if not mine:
            raise ModelError([f"no counter {self.counter}"])
        like = next((one for one in reversed(mine) if one.opens_s <= self.starts_s), mine[0])
        rest = list(_without(model.stints, self.counter, self.starts_s, self.ends_s))
        return replace(model, stints=(*rest, replace(like, opens_s=self.starts_s, closes_s=self.ends_s)))


@dataclass(frozen=True, slots=True)
class Serves:
    """Let counters serve these queues (none named: all, a combined-service counter) from one time to another."""

    counters: tuple[str, ...]
    queues: tuple[str, ...] = ()
    starts_s: float = 0.0
    ends_s: float = 86400.0

    def applied(self, model: HallModel) -> HallModel:
        """Return the hall in which they do."""
        stints: list[Stint] = []
        for stint in model.stints:
            low, high = max(stint.opens_s, self.starts_s), min(stint.closes_s, self.ends_s)
            if stint.counter not in self.counters or low >= high:
                stints.append(stint)
                continue
            stints.extend(_without([stint], stint.counter, low, high))
            stints.append(replace(stint, opens_s=low, closes_s=high, queues=self.queues or model.queues))
        return replace(model, stints=tuple(stints))


@dataclass(frozen=True, slots=True)
class Divert:
    """Send a share of the customers with these needs to another channel (on top of who goes there already)."""

    share: float
    needs: tuple[str, ...] = ()

    def applied(self, model: HallModel) -> HallModel:
        """Return the hall after the diversion."""
        return _needs(model, self.needs, lambda one: replace(one, diverted=1 - (1 - one.diverted) * (1 - self.share)))


@dataclass(frozen=True, slots=True)
class Faster:
    """Change how long these needs take: 0.8 is a fifth less (pre-acceptance, a simpler form, training)."""

    by: float
    needs: tuple[str, ...] = ()

    def applied(self, model: HallModel) -> HallModel:
        """Return the hall with the other handling times."""
        return _needs(
            model, self.needs,
            lambda one: replace(one, service=tuple((weight, part.scaled(self.by)) for weight, part in one.service)),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ByAppointment:
    """Let a share of the customers come by appointment, with a head start of so many minutes."""

    share: float
    head_start_min: float = 15.0
    no_show: float = 0.1

    def applied(self, model: HallModel) -> HallModel:
        """Return the hall with appointments."""
        code = "appointment"
        klasses = model.klasses
        if code not in {klass.code for klass in klasses}:
            klasses = (*klasses, Klass(code, 0.0, 1, self.head_start_min))
        return replace(model, klasses=klasses, appointments=Appointments(self.share, code, no_show=self.no_show))


@dataclass(frozen=True, slots=True)
class Calling:
    """Call by other rules; no book at all is the shipped order."""

    books: tuple[Book, ...] = ()

    def applied(self, model: HallModel) -> HallModel:
        """Return the hall with the rules."""
        return replace(model, books=self.books)


@dataclass(frozen=True, slots=True)
class Volume:
    """Multiply the number of customers: more of them (1.2), or fewer."""

    by: float

    def applied(self, model: HallModel) -> HallModel:
        """Return the hall with the other volume."""
        volume = model.volume * self.by
        return replace(model, volume=volume, volume_at_most=max(model.volume_at_most, volume))


Lever = MoreCounters | Closed | Open | Serves | Divert | Faster | ByAppointment | Calling | Volume


def pulled(model: HallModel, levers: Sequence[Lever]) -> HallModel:
    """Return the hall after all levers, one after another.

    >>> from yingting.twin.hall import Length
    >>> hall = HallModel(0, 1800, ((4.0,),), (Need("a", "A", ((1, Length(60)),)),), (Stint("1", 0, 1800, ("A",)),))
    >>> changed = pulled(hall, [MoreCounters(0, 600), Faster(0.5), Volume(1.2)])
    >>> changed.counters, changed.needs[0].mean_s, changed.volume
    (('1', '+1'), 30.0, 1.2)
    """
    return reduce(lambda before, lever: lever.applied(before), levers, model)


def of_all(levers: Sequence[Lever], counters: tuple[str, ...]) -> tuple[Lever, ...]:
    """Return the levers with calling rules for every one of these counters, where they name none.

    >>> of_all([Calling((Book(()),)), Volume(2.0)], ("1", "2"))[0].books[0].counters
    ('1', '2')
    """
    return tuple(
        Calling(tuple(book if book.counters else replace(book, counters=counters) for book in lever.books))
        if isinstance(lever, Calling)
        else lever
        for lever in levers
    )


def comparable(models: Sequence[HallModel]) -> tuple[HallModel, ...]:
    """Return the halls so that they share their customers: drawn at the largest volume, then thinned."""
    most = max(model.volume_at_most for model in models)
    return tuple(replace(model, volume_at_most=most) for model in models)


def counter_hours(model: HallModel) -> float:
    """Return the hours that counters are open on a day.

    >>> counter_hours(HallModel(0, 1800, (), (), (Stint("1", 0, 5400, ("A",)),)))
    1.5
    """
    return sum(stint.closes_s - stint.opens_s for stint in model.stints) / 3600.0


def _needs(model: HallModel, codes: Sequence[str], change: Callable[[Need], Need]) -> HallModel:
    known = {need.code for need in model.needs}
    if missing := sorted(set(codes) - known):
        raise ModelError([f"no need {code}" for code in missing])
    return replace(model, needs=tuple(change(one) if not codes or one.code in codes else one for one in model.needs))


def _without(stints: Sequence[Stint], counter: str, starts_s: float, ends_s: float) -> Sequence[Stint]:
    left: list[Stint] = []
    for stint in stints:
        if stint.counter != counter or stint.closes_s <= starts_s or stint.opens_s >= ends_s:
            left.append(stint)
            continue
        if stint.opens_s < starts_s:
            left.append(replace(stint, closes_s=starts_s))
        if stint.closes_s > ends_s:
            left.append(replace(stint, opens_s=ends_s))
    return left
