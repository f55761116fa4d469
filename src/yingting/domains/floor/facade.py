"""What domains above the floor may call; whoever needs more adds it here."""

from __future__ import annotations

from yingting.domains.floor.actions.preparing import prepare_from_booking
from yingting.domains.floor.queries.referred import ReferralTold, referral_by_id, referrals_with

__all__ = ["ReferralTold", "prepare_from_booking", "referral_by_id", "referrals_with"]
