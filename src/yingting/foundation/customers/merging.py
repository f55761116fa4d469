"""Two files of one customer become one: by a person who saw both, with a reason, never silently."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Q

from yingting.foundation.customers.consents import consents_of
from yingting.foundation.customers.facts import CustomerMerged, CustomerTookOver
from yingting.foundation.customers.models import Consent, Customer, Duplicate, FileState, ManagerTerm, Merge, Tag
from yingting.foundation.customers.refusals import OTHER_ID_NUMBER, SAME_FILE, WHY_MISSING
from yingting.foundation.customers.rules import Word, standing_consents
from yingting.foundation.customers.stepping import step, taken
from yingting.foundation.days import local_day
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import emptied
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

FILLED = ("name", "phone", "id_number")


def merge(
    *, kept: UUID, gone: UUID, why: str, is_sure: bool = False, actor: Actor, now: dt.datetime
) -> Merge:  # fmt: skip
    """Merge one file into another. What the kept one lacks it gets; of each consent the last word of either counts; left alone
    in one is left alone. `is_sure`: the person knows why the identity numbers differ, and the reason says it.

    Raises Refusal customer.same_file, customer.why_missing, customer.other_id_number, access.refused, and of the files.
    """
    if kept == gone:
        raise Refusal(SAME_FILE)
    if len(why.strip()) < 2:
        raise Refusal(WHY_MISSING)
    with writing():
        # Both rows are taken in one order, so that two mergers cannot wait for each other.
        rows = {pk: taken(pk) for pk in sorted((kept, gone), key=str)}
        stays, goes = rows[kept], rows[gone]
        for row in (stays, goes):
            require(actor, Permission.CUSTOMERS_MANAGE, row.unit.path)
        numbers = {row.id_number.open() for row in (stays, goes) if row.id_number}
        if len(numbers) > 1 and not is_sure:
            raise Refusal(OTHER_ID_NUMBER)
        moved = _take_over(stays, goes, actor=actor, now=now)
        _leave(stays, goes, actor=actor, now=now)
        made = Merge.objects.create(
            kept=stays, gone=goes, why=why.strip()[:120], moved=moved, by_id=actor.person, at=now
        )
        _settle_duplicates(goes, now=now)
    return made


def _take_over(stays: Customer, goes: Customer, *, actor: Actor, now: dt.datetime) -> dict[str, int]:
    """Give the kept file what it lacks, with the fact; return how much went over, by kind."""
    columns: dict[str, object] = {}
    for name in FILLED:
        if not getattr(stays, name) and getattr(goes, name):
            columns |= {name: getattr(goes, name), f"{name}_key": getattr(goes, f"{name}_key")}
    for name in ("born_year", "customer_since", "monthly_fen", "language"):
        if not getattr(stays, name) and getattr(goes, name):
            columns[name] = getattr(goes, name)
    consents = _move_consents(stays, goes, now=now)
    tags = _move_tags(stays, goes)
    manager, managers = _move_manager(stays, goes, now=now)
    is_left_alone = stays.is_left_alone or goes.is_left_alone
    columns |= {
        "last_seen_on": max(stays.last_seen_on, goes.last_seen_on), "is_left_alone": is_left_alone,
        "class_due_on": local_day(now),
    }  # fmt: skip
    stands = consents_of([stays.pk]).get(stays.pk, frozenset())
    fact = CustomerTookOver(goes.pk, tuple(sorted(stands)), manager, is_left_alone, tags)
    step(stays, fact, actor=actor, now=now, **columns)
    return {"consents": consents, "tags": tags, "managers": managers, "fields": len(columns) - 3}


def _words(row: Customer) -> list[Word]:
    words = []
    for purpose, given_at, ended_at in Consent.objects.filter(customer=row).values_list(
        "purpose", "given_at", "ended_at"
    ):
        words.append(Word(purpose, True, given_at))
        if ended_at is not None:
            words.append(Word(purpose, False, ended_at))
    return words


def _move_consents(stays: Customer, goes: Customer, *, now: dt.datetime) -> int:
    standing = standing_consents([*_words(stays), *_words(goes)])
    own = consents_of([stays.pk]).get(stays.pk, frozenset())
    theirs = Consent.objects.filter(customer=goes, ended_at__isnull=True)
    moved = 0
    for consent in theirs:
        if consent.purpose in standing - own:
            Consent.objects.create(
                customer=stays, purpose=consent.purpose, notice=consent.notice, how=consent.how,
                given_at=consent.given_at, given_by_id=consent.given_by_id,
            )  # fmt: skip
            moved += 1
    theirs.update(ended_at=now, ended_how="merge")
    Consent.objects.filter(customer=stays, ended_at__isnull=True).exclude(purpose__in=standing).update(
        ended_at=now, ended_how="merge"
    )
    return moved


def _move_tags(stays: Customer, goes: Customer) -> int:
    has = set(Tag.objects.filter(customer=stays, until__isnull=True).values_list("code", flat=True))
    Tag.objects.filter(customer=goes, until__isnull=True, code__in=has).delete()
    moved = Tag.objects.filter(customer=goes, until__isnull=True).count()
    Tag.objects.filter(customer=goes).update(customer=stays)
    return moved


def _move_manager(stays: Customer, goes: Customer, *, now: dt.datetime) -> tuple[UUID | None, int]:
    terms = dict(
        ManagerTerm.objects.filter(customer__in=(stays, goes), until__isnull=True).values_list(
            "customer_id", "person_id"
        )
    )
    ManagerTerm.objects.filter(customer=goes, until__isnull=True).update(until=now)
    if stays.pk in terms or goes.pk not in terms:
        return terms.get(stays.pk), 0
    ManagerTerm.objects.create(customer=stays, person_id=terms[goes.pk], since=now, why="merge")
    return terms[goes.pk], 1


def _leave(stays: Customer, goes: Customer, *, actor: Actor, now: dt.datetime) -> None:
    """The merged file stays as a row without a person: it is found no more, and its id leads to the kept one."""
    step(
        goes, CustomerMerged(stays.pk), actor=actor, now=now, state=FileState.MERGED, merged_into=stays,
        class_due_on=None, **emptied(Customer),
    )  # fmt: skip


def _settle_duplicates(goes: Customer, *, now: dt.datetime) -> None:
    pairs = Duplicate.objects.filter(Q(first=goes) | Q(second=goes), state="open")
    pairs.update(state="merged", decided_at=now)
