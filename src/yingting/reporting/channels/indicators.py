"""The figures of channels, declared once: what was done where, and what became of offers.

They are measured on one table, `channel_business`: the counter's handlings of served customers, and the ways besides.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir

from yingting.indicators.declaring import BetterIs, CaseMix, Indicator, Measure, Merge, Unit
from yingting.indicators.measures import number, part, share
from yingting.kernel.words import gettext_noop as _

E_CHANNELS = ("self_service", "online")
CHANNELS = ("counter", *E_CHANNELS, "roving")
_GRAIN = ("hall", "business_day", "channel", "business")
_KNOWN = _("Business that customers do by themselves without asking anybody in the hall is not known here.")


@dataclass(frozen=True, slots=True)
class ChannelTerms:
    """The switches of the definitions: which channels count as electronic."""

    e_channels: tuple[str, ...] = E_CHANNELS


def _done(rows: ir.Table, _terms: ChannelTerms) -> Measure:
    return number(rows, rows.is_done)


def _e_share(rows: ir.Table, terms: ChannelTerms) -> Measure:
    return share(rows, rows.channel.isin(list(terms.e_channels)), rows.is_done)


def _self_service(rows: ir.Table, _terms: ChannelTerms) -> Measure:
    return share(rows, rows.channel == "self_service", rows.is_done)


def _offers(rows: ir.Table, _terms: ChannelTerms) -> Measure:
    return number(rows, rows.answer.notnull())


def _answered(rows: ir.Table, answer: str) -> Measure:
    return share(rows, rows.answer == answer, rows.answer.notnull() & (rows.answer != "open"))


def _accepted(rows: ir.Table, _terms: ChannelTerms) -> Measure:
    return _answered(rows, "accepted")


def _insisted(rows: ir.Table, _terms: ChannelTerms) -> Measure:
    return _answered(rows, "insisted")


def _back(rows: ir.Table, _terms: ChannelTerms) -> Measure:
    return _answered(rows, "back")


def _assisted(rows: ir.Table, _terms: ChannelTerms) -> Measure:
    return part(rows.assisted, rows.kiosk_tickets)


_WAYS = CaseMix(
    ("business",),
    _("Some business can only be done at a counter: a hall to which much of it comes cannot lead as many elsewhere."),
)  # fmt: skip

DONE = Indicator(
    "channels.done", _("Business done"), Unit.COUNT, "channel_business", ("is_done",), _done, _GRAIN, minimum_sample=None,
    merge=Merge.SUM, source="QUE-21", limits=(_KNOWN,),
    formula=_("Handlings at counters, business done at self-service or online after an offer, and visits on the move."),
)  # fmt: skip
E_SHARE = Indicator(
    "channels.e_share", _("E-channel diversion rate"), Unit.SHARE, "channel_business", ("is_done", "channel"), _e_share,
    _GRAIN, BetterIs.HIGHER, minimum_sample=10, source="SLF-06", case_mix=_WAYS,
    formula=_("Business done at self-service or online, divided by all business done, at counters too."),
    limits=(_("Self-service and online, of all business done."), _KNOWN),
)  # fmt: skip
SELF_SERVICE = Indicator(
    "channels.self_service_share", _("Self-service share"), Unit.SHARE, "channel_business", ("is_done", "channel"),
    _self_service, _GRAIN, BetterIs.HIGHER, minimum_sample=10, source="SLF-01, QUE-21", limits=(_KNOWN,),
    case_mix=_WAYS,
    formula=_("Business done at self-service terminals, divided by all business done, at counters too."),
)  # fmt: skip
OFFERS = Indicator(
    "channels.offers", _("Offers of another way"), Unit.COUNT, "channel_business", ("answer",), _offers, _GRAIN,
    minimum_sample=None, merge=Merge.SUM, source="QUE-11, QUE-21",
    formula=_("Offers of another way than the counter: those that were answered, and those that a guide still has open."),
    limits=(_("An offer that a screen showed and nobody answered is not counted."),),
)  # fmt: skip
ACCEPTED = Indicator(
    "channels.accepted", _("Offers accepted"), Unit.SHARE, "channel_business", ("answer",), _accepted, _GRAIN,
    BetterIs.HIGHER, minimum_sample=10, source="QUE-21", case_mix=_WAYS,
    formula=_("Offers after which the customer took the other way, divided by offers that have ended."),
)  # fmt: skip
INSISTED = Indicator(
    "channels.insisted", _("Customers who wanted the counter"), Unit.SHARE, "channel_business", ("answer",), _insisted,
    _GRAIN, minimum_sample=10, source="QUE-10",
    formula=_("Offers after which the customer wanted the counter, divided by offers that have ended, with and without forced diversion."),
)  # fmt: skip
BACK = Indicator(
    "channels.back", _("Customers who came back to the counter"), Unit.SHARE, "channel_business", ("answer",), _back,
    _GRAIN, BetterIs.LOWER, minimum_sample=10, source="QUE-11", case_mix=_WAYS,
    formula=_("Offers after which the customer tried the other way and came back, divided by offers that have ended."),
)  # fmt: skip
ASSISTED = Indicator(
    "channels.assisted_share", _("Help at the ticket machine"), Unit.SHARE, "assists", ("kiosk_tickets", "assisted"), _assisted,
    ("hall", "business_day"), source="SLF-03",
    formula=_("Numbers taken at the ticket machine with help by a guard or guide, divided by all numbers taken there."),
    limits=(
        _("Help that nobody noted is not known."),
        _("What customers do at self-service terminals is not counted by the house: help there is recorded without a share."),
    ),
)  # fmt: skip
INDICATORS = (DONE, E_SHARE, SELF_SERVICE, OFFERS, ACCEPTED, INSISTED, BACK)
