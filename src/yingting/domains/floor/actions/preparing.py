"""What a customer told when booking goes to the counter with the ticket: the need and the papers are the pre-acceptance (APT-02)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from yingting.domains.floor.actions.stepping import Step, fill_form
from yingting.domains.floor.facts import PapersChecked
from yingting.domains.floor.models import PapersCheck
from yingting.domains.floor.rules import missing_papers
from yingting.domains.queueing.facade import fresh_setup
from yingting.foundation.journal.writing import writing
from yingting.kernel.actors import Actor
from yingting.kernel.words import gettext_noop

NEED = gettext_noop("Need told when booking")


def prepare_from_booking(
    *, hall: UUID, ticket: UUID, business: UUID, need: str, papers: Collection[str], actor: Actor, now: dt.datetime
) -> None:
    """Put on a ticket what its customer told with the booking: the need as a pre-acceptance form, the papers as checked.

    `papers` are the names of those that the customer has; who named none was not asked. The caller has checked the right and
    holds the transaction.
    """
    here = Step(fresh_setup(hall), actor, now, None)
    offer = here.setup.businesses.get(business)
    with writing():
        if offer is not None and papers:
            _check(here, ticket, business, offer.papers, papers)
        if need.strip():
            with translation.override(settings.LANGUAGE_CODE):
                answer = ["booked_need", gettext(NEED), NEED, need.strip()]
            fill_form(here, ticket, business, [answer], now)


def _check(here: Step, ticket: UUID, business: UUID, needed: Collection[tuple[str, str]], has: Collection[str]) -> None:
    papers = tuple((name, english, name in has) for name, english in needed)
    row = PapersCheck.objects.create(
        hall_id=here.setup.id, business_day=here.day, ticket_id=ticket, papers=[list(paper) for paper in papers],
        by_id=here.actor.person, at=here.now,
    )  # fmt: skip
    here.note(PapersChecked(ticket, business, len(papers), len(missing_papers(papers))), row.pk)
