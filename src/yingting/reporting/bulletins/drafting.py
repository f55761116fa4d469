"""Drafts: made from figures, measured again, edited, thrown away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import override

from yingting.domains.cases.facade import case_path
from yingting.foundation.days import local_day
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import HALL_UNKNOWN, require
from yingting.foundation.people.models import Person, Role
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.filling import filled
from yingting.kernel.refusals import Refusal
from yingting.reporting.bulletins.archive import bulletin_to_edit, duties_of, kind_for, person_of
from yingting.reporting.bulletins.composing import words_of, words_of_short
from yingting.reporting.bulletins.contracts import Figures, Made, Short, from_json, to_json
from yingting.reporting.bulletins.kinds import BULLETINS
from yingting.reporting.bulletins.measuring import figures_of
from yingting.reporting.bulletins.models import Bulletin, BulletinState, Duty, Quote
from yingting.reporting.bulletins.refusals import DUTY_UNCLEAR, NOT_A_DRAFT, NOT_IN_FORCE
from yingting.reporting.bulletins.rules import BulletinKind
from yingting.reporting.bulletins.spans import period_text, span_of
from yingting.reporting.periods import Period


@dataclass(frozen=True, slots=True)
class DutyText:
    """A duty as an editor writes it: by staff number, or by the post at the shortcoming's unit."""

    what: str
    due: dt.date
    reason: str = ""
    about: int | None = None
    staff_no: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class DraftText:
    """The texts of a draft as an editor writes them."""

    title: str
    opening: str
    closing: str
    duties: tuple[DutyText, ...]


def create_draft(
    *, unit: UUID, kind: str, day: dt.date, last: dt.date | None = None, case: UUID | None = None, actor: Actor,
    now: dt.datetime,
) -> Bulletin:  # fmt: skip
    """Draft a bulletin of a unit for the span of its kind that the day lies in. With a case, it quotes what is found there.

    Raises Refusal hall.unknown, access.refused, bulletin.no_kind, case.unknown.
    """
    place = Unit.objects.filter(pk=unit, is_active=True).first()
    if place is None:
        raise Refusal(HALL_UNKNOWN)
    require(actor, Permission.BULLETIN_ISSUE, place.path)
    if case is not None:
        require(actor, Permission.BULLETIN_ISSUE, case_path(actor, case))
    chosen = kind_for(place, kind, day)
    version = in_force(BULLETINS, path=place.path, day=day)
    made = Made(version.rule.word, chosen, version.number, version.path)
    period = span_of(chosen.span, day, last)
    figures = figures_of(actor, place, chosen, period, now)
    title = f"{place.name}{period_text(period)}{chosen.name}"
    with writing():
        bulletin = Bulletin.objects.create(
            unit=place, kind=chosen.code, first=period.first, last=period.last, title=title[:120], opening=chosen.opening,
            closing=chosen.closing, rule=to_json(made), figures=to_json(figures), has_figures=bool(figures.indicators),
            drafted_by_id=person_of(actor), drafted_at=now,
        )  # fmt: skip
        _put_duties(bulletin, chosen, figures, (), local_day(now))
        if case is not None:
            Quote.objects.create(bulletin=bulletin, case=case)
    return bulletin


def measure_again(*, bulletin: UUID, actor: Actor, now: dt.datetime) -> None:
    """Measure a draft again. Duties of shortcomings that are still there keep their texts, those of others go."""
    row = draft_to_edit(actor, bulletin)
    kind, old = made_of(row).kind, figures_in(row)
    figures = figures_of(actor, row.unit, kind, Period(row.first, row.last), now)
    with writing():
        kept = [(old.shorts[one.about] if one.about is not None else None, one) for one in duties_of(row)]
        if not _drafts(row).update(figures=to_json(figures)):
            raise Refusal(NOT_A_DRAFT)
        Duty.objects.filter(bulletin=row).delete()
        _put_duties(row, kind, figures, kept, local_day(now))


def save_draft(*, bulletin: UUID, text: DraftText, actor: Actor, now: dt.datetime) -> None:  # noqa: ARG001 - an action
    """Keep an editor's texts and duties.

    Raises Refusal bulletin.unknown, access.refused, bulletin.not_a_draft, bulletin.duty_unclear.
    """
    row = draft_to_edit(actor, bulletin)
    figures = figures_in(row)
    with writing():
        changed = _drafts(row).update(title=text.title, opening=text.opening, closing=text.closing)
        if not changed:
            raise Refusal(NOT_A_DRAFT)
        Duty.objects.filter(bulletin=row).delete()
        Duty.objects.bulk_create(
            [_duty(row, position, duty, figures) for position, duty in enumerate(text.duties)]
        )  # fmt: skip


def discard_draft(*, bulletin: UUID, actor: Actor, now: dt.datetime) -> None:  # noqa: ARG001 - an action
    """Throw a draft away. Raises Refusal bulletin.unknown, access.refused, bulletin.not_a_draft."""
    row = draft_to_edit(actor, bulletin)
    with writing():
        Duty.objects.filter(bulletin=row, bulletin__state=BulletinState.DRAFT).delete()
        Quote.objects.filter(bulletin=row, bulletin__state=BulletinState.DRAFT).delete()
        if not _drafts(row).delete()[0]:
            raise Refusal(NOT_A_DRAFT)


def correct(*, bulletin: UUID, actor: Actor, now: dt.datetime) -> Bulletin:
    """Draft a bulletin that puts an issued one right and refers to it: its texts, measured again. The issued one stays.

    Raises Refusal bulletin.unknown, access.refused, bulletin.not_in_force.
    """
    old = bulletin_to_edit(actor, bulletin)
    if old.state != BulletinState.ISSUED:
        raise Refusal(NOT_IN_FORCE)
    made = made_of(old)
    before, figures = figures_in(old), figures_of(actor, old.unit, made.kind, Period(old.first, old.last), now)
    with writing():
        new = Bulletin.objects.create(
            unit=old.unit, kind=old.kind, first=old.first, last=old.last, title=old.title, opening=old.opening,
            closing=old.closing, rule=old.rule, figures=to_json(figures), has_figures=old.has_figures, corrects=old,
            drafted_by_id=person_of(actor), drafted_at=now,
        )  # fmt: skip
        kept = [(before.shorts[one.about] if one.about is not None else None, one) for one in duties_of(old)]
        _put_duties(new, made.kind, figures, kept, local_day(now))
        quoted = Quote.objects.filter(bulletin=old).values_list("case", flat=True)
        Quote.objects.bulk_create([Quote(bulletin=new, case=case) for case in quoted])
    return new


def draft_to_edit(actor: Actor, pk: UUID) -> Bulletin:
    """Return a draft that the actor may edit. Raises Refusal bulletin.unknown, access.refused, bulletin.not_a_draft."""
    row = bulletin_to_edit(actor, pk)
    if row.state != BulletinState.DRAFT:
        raise Refusal(NOT_A_DRAFT)
    return row


def made_of(bulletin: Bulletin) -> Made:
    """Return the rule that a bulletin was made with."""
    return from_json(Made, bulletin.rule)


def figures_in(bulletin: Bulletin) -> Figures:
    """Return a bulletin's figures."""
    return from_json(Figures, bulletin.figures)


def _drafts(row: Bulletin) -> QuerySet[Bulletin]:
    return Bulletin.objects.filter(pk=row.pk, state=BulletinState.DRAFT)


def _put_duties(
    bulletin: Bulletin, kind: BulletinKind, figures: Figures, kept: Sequence[tuple[Short | None, Duty]], today: dt.date
) -> None:
    """A duty for each shortcoming (as it was written, where there was one), then those of their own."""
    written = {(short.path, short.indicator): one for short, one in kept if short}
    rows = [
        _again(bulletin, about, old) if (old := written.get((short.path, short.indicator))) else
        _fresh(bulletin, kind, figures, about, today)
        for about, short in enumerate(figures.shorts)
    ]  # fmt: skip
    rows += [_again(bulletin, None, one) for short, one in kept if short is None]
    for position, row in enumerate(rows):
        row.position = position
    Duty.objects.bulk_create(rows)


def _again(bulletin: Bulletin, about: int | None, old: Duty) -> Duty:
    return Duty(
        bulletin=bulletin, about=about, reason=old.reason, what=old.what, person_id=old.person_id, role_id=old.role_id,
        unit_id=old.unit_id, due=old.due,
    )  # fmt: skip


def _fresh(bulletin: Bulletin, kind: BulletinKind, figures: Figures, about: int, today: dt.date) -> Duty:
    short = figures.shorts[about]
    due = today + dt.timedelta(days=kind.duty_days)
    with override(settings.LANGUAGE_CODE):
        words = words_of(bulletin.unit.name, kind, figures, due) | words_of_short(figures, short)
    role = Role.objects.filter(key=kind.duty_role).first()
    return Duty(
        bulletin=bulletin, about=about, what=filled(kind.duty, words), due=due, role=role,
        person_id=None if role else bulletin.drafted_by_id, unit=Unit.objects.get(path=short.path),
    )  # fmt: skip


def _duty(bulletin: Bulletin, position: int, text: DutyText, figures: Figures) -> Duty:
    """Return the row of a duty. Raises Refusal bulletin.duty_unclear unless exactly one person or post has it."""
    scope = bulletin.unit.path
    person = Person.objects.filter(staff_no=text.staff_no, is_active=True).first() if text.staff_no else None
    short = figures.shorts[text.about] if text.about is not None and text.about < len(figures.shorts) else None
    role = Role.objects.filter(key=text.role).first() if text.role and short and not text.staff_no else None
    if not text.what.strip() or (person is None) == (role is None):
        raise Refusal(DUTY_UNCLEAR)
    if person and not person.unit.path.startswith(scope):
        raise Refusal(DUTY_UNCLEAR)
    unit = Unit.objects.get(path=short.path) if short else None
    return Duty(
        bulletin=bulletin, position=position, about=text.about if short else None, reason=text.reason, what=text.what,
        person=person, role=role, unit=unit, due=text.due,
    )  # fmt: skip
