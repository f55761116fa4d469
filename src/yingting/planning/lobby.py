"""What the simulated floor staff does for the counters: comes when help is called for, and looks after referred customers."""

from __future__ import annotations

import datetime as dt

from yingting.domains.floor.actions import helping, referring
from yingting.domains.floor.queries.lobby import help_for, referrals_for
from yingting.domains.floor.rules import ReferralResult
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.kernel.actors import Actor
from yingting.planning.stage import Stage

# What comes of a referred customer.
_RESULTS = ((0.25, ReferralResult.DONE), (0.6, ReferralResult.INTERESTED), (0.9, ReferralResult.NOT_NOW))
_TALK_S = 240


def look_after_counters(stage: Stage, actor: Actor, now: dt.datetime) -> None:
    """One round of somebody on the floor: finish what was taken on, else take the next call or the next referral."""
    setup = fresh_setup(stage.hall)
    for call in help_for(setup, actor, now=now):
        step = helping.take_help if call.taken_by is None else helping.finish_help
        if stage.try_(lambda step=step, call=call: step(hall=stage.hall, call=call.id, actor=actor, now=now)):  # type: ignore[misc]  # bound now
            return
    for referral in referrals_for(setup, actor.person, now=now):
        if referral.taken_by is None:
            stage.try_(
                lambda referral=referral: referring.take_referral(
                    hall=stage.hall, referral=referral.id, actor=actor, now=now
                )  # type: ignore[misc]  # bound now
            )  # fmt: skip
            return
        if referral.since_s > _TALK_S:
            luck = stage.dice.uniform()
            result = next((one for share, one in _RESULTS if luck < share), ReferralResult.NOT_FOUND)
            stage.try_(
                lambda referral=referral, result=result: referring.end_referral(
                    hall=stage.hall, referral=referral.id, result=result, note="", actor=actor, now=now
                )  # type: ignore[misc]  # bound now
            )  # fmt: skip
            return
        return  # one customer at a time
