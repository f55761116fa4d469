"""Campaigns: announcing one, and thanking those who took part."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from yingting.domains.voices.facts import CampaignOpened, CampaignThanked
from yingting.domains.voices.models import Campaign
from yingting.domains.voices.queries.campaigns import campaign_of
from yingting.domains.voices.queries.people import require_right
from yingting.domains.voices.refusals import CAMPAIGN_SPAN, CAMPAIGN_UNKNOWN, FIELD_MISSING
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import units_for
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

TITLE, THEME, THANKS = _("Title"), _("Theme"), _("Thanks and results")


@dataclass(frozen=True, slots=True)
class Announcement:
    """A campaign as it is announced."""

    unit: UUID
    title: str
    theme: str
    first: dt.date
    last: dt.date


def open_campaign(*, announced: Announcement, actor: Actor, now: dt.datetime) -> UUID:
    """Announce a campaign for a unit and all below it. Raises Refusal campaign.unknown, access.refused, voice.field_missing,
    campaign.span.
    """
    unit = units_for(actor, Permission.CASE_SUPERVISE).filter(pk=announced.unit, is_active=True).first()
    if unit is None:
        raise Refusal(CAMPAIGN_UNKNOWN)
    for value, field in ((announced.title, TITLE), (announced.theme, THEME)):
        if not value.strip():
            raise Refusal(FIELD_MISSING, field=gettext(field))
    if announced.last < announced.first or announced.last < today_at(unit.path, now):
        raise Refusal(CAMPAIGN_SPAN)
    assert actor.person is not None
    with writing():
        row = Campaign.objects.create(
            unit=unit, title=announced.title.strip(), theme=announced.theme.strip(), first=announced.first,
            last=announced.last, by_id=actor.person, at=now,
        )  # fmt: skip
        record(CampaignOpened(unit.path, row.first, row.last), subject=row.pk, actor=actor, now=now)
    return row.pk


def thank(*, campaign: UUID, words: str, actor: Actor, now: dt.datetime) -> None:
    """Thank those who took part, and say what came of it. Raises Refusal campaign.unknown, access.refused,
    voice.field_missing.
    """
    row = campaign_of(actor, campaign)
    require_right(actor, Permission.CASE_SUPERVISE, row.unit.path)
    if not words.strip():
        raise Refusal(FIELD_MISSING, field=gettext(THANKS))
    with writing():
        Campaign.objects.filter(pk=row.pk).update(thanks=words.strip())
        record(CampaignThanked(), subject=row.pk, actor=actor, now=now)
