"""A bulletin as a reader finds it: its document, and who has confirmed and done what."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.reporting.bulletins.archive import corrections_of, document_of, duties_held_by, duties_of, receipts_of
from yingting.reporting.bulletins.composing import Stamp, compose, holder_text
from yingting.reporting.bulletins.contracts import Document
from yingting.reporting.bulletins.drafting import figures_in, made_of
from yingting.reporting.bulletins.models import Bulletin, BulletinState, Duty, DutyState, IssuedText, Receipt


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty with what its reader may do about it."""

    duty: Duty
    number: int
    who: str
    is_late: bool
    may_do: bool
    may_check: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What the page of a bulletin shows. `receipts` are for those who issue."""

    bulletin: Bulletin
    document: Document
    text: IssuedText | None
    duties: tuple[DutyRow, ...]
    receipts: tuple[Receipt, ...]
    confirmed: int
    own: Receipt | None
    corrections: tuple[IssuedText, ...]
    may_issue: bool

    @property
    def is_in_force(self) -> bool:
        """Was it issued and not withdrawn?"""
        return self.bulletin.state == BulletinState.ISSUED


def document_for(bulletin: Bulletin) -> tuple[Document, IssuedText | None]:
    """Return a bulletin's document: as it was issued, or as its draft stands now."""
    text = IssuedText.objects.select_related("issued_by").filter(bulletin=bulletin).first()
    if text is not None:
        return document_of(text), text
    old = IssuedText.objects.filter(bulletin=bulletin.corrects_id).first()
    corrects = old.reference if old else ""
    return compose(bulletin, made_of(bulletin).kind, figures_in(bulletin), duties_of(bulletin), corrects, Stamp()), None


def page_of(actor: Actor, bulletin: Bulletin, today: dt.date) -> Page:
    """Return what a reader finds on a bulletin's page; the caller has checked that they may read it."""
    document, text = document_for(bulletin)
    may_issue = actor.may(Permission.BULLETIN_ISSUE, bulletin.unit.path)
    receipts = receipts_of(bulletin) if text else []
    return Page(
        bulletin, document, text, tuple(_duty_rows(actor, bulletin, may_issue, today)) if text else (),
        tuple(receipts) if may_issue else (), sum(one.confirmed_at is not None for one in receipts),
        next((one for one in receipts if one.person_id == actor.person), None), tuple(corrections_of(bulletin)), may_issue,
    )  # fmt: skip


def _duty_rows(actor: Actor, bulletin: Bulletin, may_issue: bool, today: dt.date) -> list[DutyRow]:
    held = set(duties_held_by(actor).filter(bulletin=bulletin).values_list("pk", flat=True))
    in_force = bulletin.state == BulletinState.ISSUED
    return [
        DutyRow(
            one, number, holder_text(one), one.state == DutyState.OPEN and one.due < today,
            in_force and one.pk in held and one.state == DutyState.OPEN,
            in_force and may_issue and one.state == DutyState.DONE and one.done_by_id != actor.person,
        )
        for number, one in enumerate(duties_of(bulletin), 1)
    ]  # fmt: skip
