"""Keep a customer's file: open it, correct it, class it, tag it, give it an account manager, leave the customer alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yingting.foundation.customers.consents import SPECIAL_NEEDS, has_consent
from yingting.foundation.customers.contracts import Known, Particulars
from yingting.foundation.customers.duplicates import note_duplicates, take_turn
from yingting.foundation.customers.facts import (
    CustomerClassed,
    CustomerCorrected,
    CustomerLeftAlone,
    CustomerManaged,
    CustomerRegistered,
    CustomerTagged,
)
from yingting.foundation.customers.finding import recognise, require_reached
from yingting.foundation.customers.models import Customer, ManagerTerm, Standing, Tag
from yingting.foundation.customers.refusals import (
    CODE_UNKNOWN,
    ID_NUMBER_FORM,
    KNOWN_ALREADY,
    NAME_MISSING,
    NEED_CONSENT,
    PERSON_UNFIT,
    PHONE_FORM,
    WHY_MISSING,
)
from yingting.foundation.customers.rules import Figures, is_phone, level_of
from yingting.foundation.customers.rules_in_force import classes_of, tags_of
from yingting.foundation.customers.shapes import TagSort
from yingting.foundation.customers.stepping import step, taken
from yingting.foundation.days import local_day
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import holders_of, require
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import sealed_values
from yingting.foundation.privacy.rules import id_number_of, is_id_number, name_of, phone_of
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.refusals import Refusal

SEALED = ("name", "phone", "id_number")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a file comes from: "hall", "booking", "import:…", and its number in the list that it came from."""

    code: str = "hall"
    key: str = ""


def checked(said: Particulars) -> dict[str, Any]:
    """Return what is said of a customer as plain values in one form.

    A person's identity number must be a resident's with the right check character; of a company any number stands (统一社会
    信用代码). Passports are written with letters first and pass too. Raises Refusal customer.name_missing, customer.phone_form,
    customer.id_number_form.
    """
    values: dict[str, Any] = {field: getattr(said, field) for field in Particulars.__slots__}
    values |= {"name": name_of(said.name), "phone": phone_of(said.phone), "id_number": id_number_of(said.id_number)}
    for refusal in problems_of(said):
        raise refusal
    return values


def problems_of(said: Particulars) -> list[Refusal]:
    """Return everything that `checked` has against what is said, its first reason first."""
    wrong = (
        (NAME_MISSING, not name_of(said.name)),
        (PHONE_FORM, bool(said.phone.strip()) and not is_phone(phone_of(said.phone))),
        (ID_NUMBER_FORM, not _is_document(id_number_of(said.id_number), is_company=said.is_company)),
    )
    return [Refusal(code) for code, is_wrong in wrong if is_wrong]


def _is_document(number: str, *, is_company: bool) -> bool:
    if not number or is_company:
        return True
    # What begins with a digit is a resident's number; passports and permits begin with a letter.
    return 5 <= len(number) <= 20 if number[0].isalpha() else is_id_number(number)


def register(
    *, said: Particulars, unit: Unit, source: Source = Source(), is_another: bool = False, actor: Actor, now: dt.datetime
) -> Customer:  # fmt: skip
    """Open a file. `is_another`: the registrar has looked at the files with the same number, and this is another person.

    Raises Refusal access.refused, hall.unknown, customer.known_already (with who, by mask), and what `checked` refuses.
    """
    require(actor, Permission.CUSTOMERS_KEEP, unit.path)
    return enter(said=said, unit=unit, source=source, is_another=is_another, actor=actor, now=now)


def enter(
    *, said: Particulars, unit: Unit, source: Source, is_another: bool = False, actor: Actor, now: dt.datetime
) -> Customer:  # fmt: skip
    """Open a file for whoever may: a booking of a customer who agreed, an import. As `register`, but asks for no permission."""
    values = checked(said)
    day = local_day(now)
    rule = classes_of(unit.path, now)
    segment = rule.for_companies if said.is_company else rule.for_people
    level = level_of(rule, Figures(segment, said.monthly_fen, said.customer_since), day)
    with writing():
        take_turn(unit.path)
        if not is_another:
            _refuse_known(unit.path, values)
        row = Customer.objects.create(
            **values, unit=unit, segment=segment, level=level, source=source.code, source_key=source.key,
            registered_at=now, last_seen_on=day, class_due_on=day,
        )  # fmt: skip
        for what, code in (("segment", segment), ("level", level)):
            Standing.objects.create(customer=row, what=what, code=code, since=now, by=None)
        fact = CustomerRegistered(unit.path, source.code, segment, level)
        record(fact, subject=row.pk, version=1, actor=actor, now=now)
        note_duplicates(row, now=now)
    return row


def _refuse_known(path: str, values: Mapping[str, Any]) -> None:
    """Refuse what is known within reach: by identity number, else by phone, whatever the name."""
    same = _same(path, values)
    if same:
        raise Refusal(KNOWN_ALREADY, who=f"{same[0].masked_name} {same[0].masked_phone}".strip())


def _same(path: str, values: Mapping[str, Any]) -> tuple[Known, ...]:
    found = recognise(path=path, id_number=values["id_number"]) if values["id_number"] else ()
    return found or (recognise(path=path, phone=values["phone"]) if values["phone"] else ())


def already_known(path: str, said: Particulars) -> tuple[Known, ...]:
    """Return the files within reach that a registration of this would be refused for, by mask."""
    return _same(path, checked(said))


def particulars_of(row: Customer) -> Particulars:
    """Return what stands in a file in plain words, to go on from in a correction. It is not shown."""
    return Particulars(
        row.name.open(), row.phone.open(), row.id_number.open(), row.is_company, row.language, row.born_year,
        row.customer_since, row.monthly_fen,
    )  # fmt: skip


def correct(*, customer: UUID, said: Particulars, version: int, actor: Actor, now: dt.datetime) -> Customer:
    """Put a file's particulars right. What is said replaces all of them; the fact names the fields that changed.

    Raises Refusal customer.unknown, customer.gone, customer.outdated, access.refused, and what `checked` refuses.
    """
    values = checked(said)
    with writing():
        row = taken(customer, version)
        require_reached(actor, Permission.CUSTOMERS_KEEP, row.unit.path)
        changed = {name: value for name, value in values.items() if _differs(row, name, value)}
        if not changed:
            return row
        sealed = {name: value for name, value in changed.items() if name in SEALED}
        columns = {name: value for name, value in changed.items() if name not in SEALED}
        columns |= sealed_values(Customer, **sealed) | {"class_due_on": local_day(now)}
        step(row, CustomerCorrected(tuple(sorted(changed))), actor=actor, now=now, **columns)
        if sealed:
            note_duplicates(Customer.objects.select_related("unit").get(pk=row.pk), now=now)
    row.refresh_from_db()
    return row


def _differs(row: Customer, name: str, value: object) -> bool:
    stands = getattr(row, name)
    return bool((stands.open() if name in SEALED else stands) != value)


# ------------------------------------------------------------------------------------------------ segment and level
def set_segment(
    *, customer: UUID, code: str, why: str = "", version: int | None = None, actor: Actor, now: dt.datetime
) -> None:  # fmt: skip
    """Put a customer into a segment of the rule in force. Raises Refusal customer.code_unknown, access.refused, and of the file."""
    _set_by_hand("segment", customer, code, why, version, actor, now)


def set_level(
    *, customer: UUID, code: str, why: str = "", version: int | None = None, actor: Actor, now: dt.datetime
) -> None:  # fmt: skip
    """Give a customer a level by hand; the rule decides again after its months. Raises as `set_segment`."""
    _set_by_hand("level", customer, code, why, version, actor, now)


def _set_by_hand(
    what: str, customer: UUID, code: str, why: str, version: int | None, actor: Actor, now: dt.datetime
) -> None:
    with writing():
        row = taken(customer, version)
        require(actor, Permission.CUSTOMERS_MANAGE, row.unit.path)
        rule = classes_of(row.unit.path, now)
        if (rule.segment(code) if what == "segment" else rule.level(code)) is None:
            raise Refusal(CODE_UNKNOWN)
        put_standing(row, what, code, why=why, by_rule=False, actor=actor, now=now)


def put_standing(
    row: Customer, what: str, code: str, *, why: str, by_rule: bool, actor: Actor, now: dt.datetime
) -> bool:  # fmt: skip
    """Write a held file's segment or level with its history; False when it is that already and nobody new decided it."""
    was = getattr(row, what)
    standing = Standing.objects.filter(customer=row, what=what, until__isnull=True)
    if was == code and (by_rule or standing.filter(by__isnull=False).exists()):
        return False
    standing.update(until=now)
    Standing.objects.create(
        customer=row, what=what, code=code, since=now, by_id=None if by_rule else actor.person, why=why.strip()[:120]
    )
    columns = {what: code} | ({} if by_rule else {"class_due_on": local_day(now)})
    step(row, CustomerClassed(what, code, was, by_rule), actor=actor, now=now, **columns)
    setattr(row, what, code)
    return True


# ------------------------------------------------------------------------------------------------ tags
def set_tag(*, customer: UUID, code: str, note: str = "", actor: Actor, now: dt.datetime) -> Tag:
    """Put a tag on a file; on there already, its note is replaced. A special need asks for the consent to it first.

    Raises Refusal customer.code_unknown, customer.need_consent, access.refused, and of the file.
    """
    with writing():
        row = taken(customer)
        require_reached(actor, Permission.CUSTOMERS_KEEP, row.unit.path)
        kind = tags_of(row.unit.path, now).of(code)
        if kind is None:
            raise Refusal(CODE_UNKNOWN)
        if kind.sort is TagSort.NEED and not has_consent(customer, SPECIAL_NEEDS):
            raise Refusal(NEED_CONSENT)
        tag = Tag.objects.filter(customer=row, code=code, until__isnull=True).first()
        if tag is not None:
            Tag.objects.filter(pk=tag.pk).update(**sealed_values(Tag, note=note.strip()[:200]))
            return tag
        tag = Tag.objects.create(
            customer=row, code=code, sort=kind.sort.value, note=note.strip()[:200], since=now, by_id=actor.person
        )
        step(row, CustomerTagged(tag.pk, tag.sort, True), actor=actor, now=now)
    return tag


def end_tag(*, customer: UUID, code: str, actor: Actor, now: dt.datetime) -> bool:
    """Take a tag off; a special need leaves nothing behind. False when it was not there. Raises Refusal of the file."""
    with writing():
        row = taken(customer)
        require_reached(actor, Permission.CUSTOMERS_KEEP, row.unit.path)
        tag = Tag.objects.filter(customer=row, code=code, until__isnull=True).first()
        if tag is None:
            return False
        if tag.sort == TagSort.NEED:
            Tag.objects.filter(pk=tag.pk).delete()
        else:
            Tag.objects.filter(pk=tag.pk).update(until=now)
        step(row, CustomerTagged(tag.pk, tag.sort, False), actor=actor, now=now)
    return True


# ------------------------------------------------------------------------------------------------ account manager
def assign_manager(*, customer: UUID, person: UUID | None, why: str, actor: Actor, now: dt.datetime) -> None:
    """Give a customer an account manager (None: none any more), from now; the earlier term ends and stays.

    Raises Refusal customer.person_unfit, customer.why_missing, access.refused, and of the file.
    """
    if len(why.strip()) < 2:
        raise Refusal(WHY_MISSING)
    with writing():
        row = taken(customer)
        require(actor, Permission.CUSTOMERS_MANAGE, row.unit.path)
        if person is not None and not managers_of(row.unit.path).filter(pk=person).exists():
            raise Refusal(PERSON_UNFIT)
        term = ManagerTerm.objects.filter(customer=row, until__isnull=True).first()
        was = term.person_id if term else None
        if was == person:
            return
        ManagerTerm.objects.filter(customer=row, until__isnull=True).update(until=now)
        if person is not None:
            ManagerTerm.objects.create(
                customer=row, person_id=person, since=now, by_id=actor.person, why=why.strip()[:120]
            )
        step(row, CustomerManaged(person, was), actor=actor, now=now)


def managers_of(path: str) -> Any:
    """Return the people who may look after a file of this unit: whoever keeps files there."""
    able = holders_of(Permission.CUSTOMERS_KEEP, path)
    return Person.objects.filter(pk__in=able.values("pk")).order_by("staff_no")


# ------------------------------------------------------------------------------------------------ do not contact
def set_left_alone(*, customer: UUID, is_left_alone: bool, how: str, actor: Actor, now: dt.datetime) -> bool:
    """Note that a customer wishes not to be contacted (or lets us again); at once. False when it stands so already.

    The customer behind a secret link may say it alone. Raises Refusal access.refused, and of the file.
    """
    with writing():
        row = taken(customer)
        if actor.kind is not ActorKind.CUSTOMER or actor.id != row.pk:
            require_reached(actor, Permission.CUSTOMERS_KEEP, row.unit.path)
        if row.is_left_alone == is_left_alone:
            return False
        step(row, CustomerLeftAlone(is_left_alone, how), actor=actor, now=now, is_left_alone=is_left_alone)
    return True
