"""What domains above the floor may call of it; whoever needs more adds it here."""

from __future__ import annotations

from yingting.domains.floor.queries.referred import ReferralTold, referral_by_id, referrals_with

__all__ = ["ReferralTold", "referral_by_id", "referrals_with"]
