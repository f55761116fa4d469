"""Campaigns: which run where, and what came of one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from yingting.domains.voices.models import Campaign, Suggestion
from yingting.domains.voices.refusals import CAMPAIGN_UNKNOWN
from yingting.domains.voices.rules import Judgement
from yingting.foundation.people.access import person_in, under
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import prefixes
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class CampaignFigures:
    """What came of a campaign so far; joined suggestions count, for their authors took part."""

    made: int
    people: int
    judged: int
    adopted: int
    partly: int
    votes: int


def visible_campaigns(actor: Actor) -> QuerySet[Campaign]:
    """Return the campaigns for the reader's unit, and those in their care."""
    if actor.person is None:
        return Campaign.objects.none()
    mine = Q(unit__path__in=prefixes(person_in(actor).unit.path))
    return Campaign.objects.filter(mine | under("unit__path", actor.paths(Permission.CASE_SUPERVISE))).select_related(
        "unit", "by"
    )


def running_at(path: str, day: dt.date) -> QuerySet[Campaign]:
    """Return the campaigns in which people of a unit may take part on a day."""
    return Campaign.objects.filter(unit__path__in=prefixes(path), first__lte=day, last__gte=day).select_related("unit")


def campaign_of(actor: Actor, campaign: UUID) -> Campaign:
    """Return one campaign. Raises Refusal campaign.unknown."""
    row = visible_campaigns(actor).filter(pk=campaign).first()
    if row is None:
        raise Refusal(CAMPAIGN_UNKNOWN)
    return row


def figures_of(campaign: Campaign) -> CampaignFigures:
    """Return what came of a campaign so far, of everybody who took part."""
    rows = Suggestion.objects.filter(campaign=campaign)
    found = rows.aggregate(
        made=Count("pk"), people=Count("author", distinct=True), judged=Count("pk", filter=~Q(judgement="")),
        adopted=Count("pk", filter=Q(judgement=Judgement.ADOPTED.value)),
        partly=Count("pk", filter=Q(judgement=Judgement.PARTLY.value)),
        votes=Sum("votes", filter=Q(joined_into__isnull=True), default=0),
    )  # fmt: skip
    return CampaignFigures(**found)


def thanked(campaign: Campaign) -> list[str]:
    """Return the names of those who took part under their name, in the order of the alphabet of staff numbers."""
    rows = Suggestion.objects.filter(campaign=campaign, is_named=True)
    return list(rows.order_by("author__staff_no").values_list("author__name", flat=True).distinct())
