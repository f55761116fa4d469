"""What the simulation and domains above may call of selling."""

from __future__ import annotations

from yingting.domains.selling.actions.recording import record_recommendation
from yingting.domains.selling.queries.advice import suggested_parts
from yingting.domains.selling.queries.of_customers import OfferTold, offers_with
from yingting.domains.selling.rules import Answer, Result

__all__ = ["Answer", "OfferTold", "Result", "offers_with", "record_recommendation", "suggested_parts"]
