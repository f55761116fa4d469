"""What a scorecard's rule says: lines with weights, the quality gate, the terms; and what may be wrong with them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from yingting.indicators.declaring import BetterIs
from yingting.kernel.shapes import said
from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _

FULL = Fraction(100)
ZERO = Fraction(0)


class Dimension(Titled):
    """What customers feel of a hall (IMP-12)."""

    WAITS = "waits", _("Waiting times")
    HANDLING = "handling", _("Speed of handling")
    PEOPLE = "people", _("Service by people")
    FACILITIES = "facilities", _("Facilities")


class Normal(Titled):
    """How a value becomes points."""

    ANCHORS = "anchors", _("Between two values")
    TARGET = "target", _("Share of the target")


class Bound(Titled):
    """What a gate holds a value against."""

    WAIT = "wait", _("The wait limit in force")
    SINGLE = "single", _("The limit of a single business in force")
    COMBINED = "combined", _("The limit of several businesses in force")
    VALUE = "value", _("The value given here")


_AS_MEASURED = _("Percent for shares, minutes for times.")


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the card."""

    indicator: str = said(_("Indicator"), choices="indicators")
    dimension: Dimension = said(_("Dimension"))
    weight: float = said(_("Weight"), help=_("All weights together are 100."), low=0.1, high=100)
    normal: Normal = said(_("Points by"), default=Normal.ANCHORS)
    at_zero: float = said(_("Value for 0 points"), help=_AS_MEASURED, default=0.0)
    at_full: float = said(_("Value for 100 points"), help=_AS_MEASURED, default=0.0)
    is_service: bool = said(_("Is about service"), help=_("Sales are not."), default=True)
    owner: str = said(_("Department that answers for it"), default="")
    owner_en: str = said(_("Department in English"), default="")


@dataclass(frozen=True, slots=True)
class Gate:
    """A limit that has to hold, whatever the points are (QUE-06)."""

    indicator: str = said(_("Indicator"), choices="indicators")
    bound: Bound = said(_("Held against"), default=Bound.VALUE)
    value: float = said(_("Value"), help=_AS_MEASURED, default=0.0)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The lines and the gate of a hall's card."""

    items: tuple[Item, ...] = said(_("Lines"), default=())
    gates: tuple[Gate, ...] = said(_("Quality gate"), help=_("All of them must hold."), default=())


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every card, whoever sets its weights."""

    service_floor: float = said(
        _("Least weight of service"), help=_("Lines about service weigh at least this much together, so that sales do not push service aside."),
        unit="%", low=0, high=100, default=60.0,
    )  # fmt: skip
    rated_floor: float = said(
        _("Least rated weight"),
        help=_("With less than this the whole card is not rated."),
        unit="%",
        low=0,
        high=100,
        default=60.0,
    )
    settling_days: int = said(
        _("Days until a period is settled"), help=_("A period can be frozen when so many days have passed after its last one."),
        unit=_("days"), low=0, high=60, default=3,
    )  # fmt: skip


def exact(number: float) -> Fraction:
    """Return a number as it is written, without the error of its binary form.

    >>> exact(33.3) + exact(33.3) + exact(33.4), exact(1e-7)
    (Fraction(100, 1), Fraction(1, 10000000))
    """
    return Fraction(repr(number))


# ------------------------------------------------------------------------------------------------ checks
Sentence = tuple[str, str, dict[str, str]]


def weights_wrong(rule: Scorecard, floor: float) -> Iterable[Sentence]:
    """Yield what is wrong with the weights: field, sentence, parameters."""
    total = sum((exact(item.weight) for item in rule.items), ZERO)
    if total != FULL:
        yield "items", _("The weights make %(total)s, and must make 100."), {"total": f"{float(total):g}"}
    service = sum((exact(item.weight) for item in rule.items if item.is_service), ZERO)
    if service < exact(floor):
        yield (
            "items",
            _("Lines about service weigh %(service)s, and must weigh %(floor)s at least."),
            {"service": f"{float(service):g}", "floor": f"{floor:g}"},
        )


def anchors_wrong(item: Item, better_is: str | None) -> str:
    """Return what is wrong with how a value becomes points, "" when nothing is.

    >>> anchors_wrong(Item("x", Dimension.WAITS, 10, at_zero=8, at_full=20), "lower")
    'Of “%(indicator)s” lower is better: the value for 100 points must be below that for 0.'
    """
    if item.normal is Normal.TARGET:
        return (
            _("Of “%(indicator)s” neither more nor less is better, so it has no target.") if better_is is None else ""
        )
    if item.at_zero == item.at_full:
        return _("“%(indicator)s” needs two different values, for 0 and for 100 points.")
    if better_is == BetterIs.LOWER and item.at_full > item.at_zero:
        return _("Of “%(indicator)s” lower is better: the value for 100 points must be below that for 0.")
    if better_is == BetterIs.HIGHER and item.at_full < item.at_zero:
        return _("Of “%(indicator)s” higher is better: the value for 100 points must be above that for 0.")
    return ""
