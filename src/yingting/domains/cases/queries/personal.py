"""The personal data of cases: who may see it, how long it is kept, how it goes; and the proof that belongs to a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from yingting.domains.cases.models import (
    OPEN_STATES,
    Addition,
    Appeal,
    CallBack,
    Case,
    Complainant,
    Consult,
    Finding,
    Guidance,
    MeetingItem,
    Message,
    Penalty,
    SupportRating,
    Words,
)
from yingting.domains.cases.queries.dossiers import PROOF_KIND
from yingting.domains.cases.queries.queue import visible
from yingting.domains.cases.refusals import CLOSED, UNKNOWN
from yingting.domains.cases.rules.public import is_own_case
from yingting.foundation.evidence.subjects import Place, SubjectKind
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import emptied
from yingting.foundation.privacy.holders import Due, Erasing, Held, Holder, Kept
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.privacy.rules_in_force import CASE
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

FIELDS = {
    "name": _("Customer's name"), "phone": _("Phone"), "number": _("Number that the case is about"), "text": _("What was said"),
    "demand": _("What the customer asks for"), "reason": _("Reason of the complaint"), "result": _("Result of the handling"),
}  # fmt: skip
# Whatever a case holds in words goes together: a name may stand in any of them.
SEALED = (
    Complainant, Words, Message, CallBack, Consult, MeetingItem, Finding, Appeal, Guidance, SupportRating, Addition, Penalty,
)  # fmt: skip


def _case(actor: Actor, record: UUID) -> Case:
    row = visible(actor).select_related("unit").filter(pk=record).first()
    if row is None:
        raise Refusal(UNKNOWN)
    return row


def _read(actor: Actor, record: UUID) -> Held:
    row = _case(actor, record)
    words, who = Words.objects.get(case=row), Complainant.objects.filter(case=row).first()
    parts = [(words, ("text", "demand", "reason", "result")), *([(who, ("name", "phone", "number"))] if who else [])]
    values = {name: getattr(part, name) for part, names in parts for name in names}
    return Held(row.unit.path, values, is_needed=is_held_by(row, actor))


def is_held_by(row: Case, actor: Actor) -> bool:
    """Is the case in the actor's hands? Whoever handles it must be able to call the customer, a clerk as well; once it is handed
    over or closed that is over.
    """
    return row.state in OPEN_STATES and row.owner_id == actor.person and actor.person is not None


def _full() -> QuerySet[Case]:
    """Cases that still hold something personal."""
    words = Words.objects.filter(case=OuterRef("pk")).exclude(text="")
    return Case.objects.filter(
        Q(Exists(words)) | Q(Exists(Complainant.objects.filter(case=OuterRef("pk")).exclude(phone="")))
    )


def _kept(row: Case) -> Kept:
    return Kept(row.pk, row.unit.path, row.closed_at, row.number)


def _due(due: Due) -> Sequence[Kept]:
    rows = _full().select_related("unit").filter(closed_at__lt=due.before)
    if due.after:
        rows = rows.filter(pk__gt=due.after)
    return [_kept(row) for row in rows.order_by("pk")[: due.limit]]


def _kept_among(records: Sequence[UUID]) -> Sequence[Kept]:
    return [_kept(row) for row in _full().select_related("unit").filter(pk__in=records)]


def _find(kind: DataKind, keys: Sequence[str]) -> Sequence[Kept]:
    if kind is not DataKind.PHONE:
        return ()
    found = Complainant.objects.filter(Q(phone_key__in=keys) | Q(number_key__in=keys)).values_list("case", flat=True)
    return _kept_among(list(found))


def _erase(erasing: Erasing) -> None:
    """The words and the person go; the case, its facts and its clocks stay."""
    for model in SEALED:
        model._default_manager.filter(case__in=erasing.records).update(**emptied(model))


COMPLAINANT = Holder(
    kind="case", title=_("Case"), data_class=CASE, read=_read, due=_due, find=_find, kept=_kept_among, erase=_erase, fields=FIELDS,
)  # fmt: skip


def _see(actor: Actor, record: UUID) -> Place:
    row = _case(actor, record)
    return Place(row.unit.path, row.hall_id)


def _add(actor: Actor, record: UUID) -> Place:
    if is_own_case(actor, record):
        row = Case.objects.select_related("unit").get(pk=record)
    else:
        row = _case(actor, record)
        require(actor, Permission.CASE_HANDLE, row.unit.path)
    if row.closed_at is not None:
        raise Refusal(CLOSED)
    return Place(row.unit.path, row.hall_id)


def _over(records: Sequence[UUID]) -> Mapping[UUID, dt.datetime]:
    rows = Case.objects.filter(pk__in=records, closed_at__isnull=False)
    return {pk: at for pk, at in rows.values_list("pk", "closed_at") if at is not None}


PROOF = SubjectKind(PROOF_KIND, _("Case"), see=_see, add=_add, over=_over)
