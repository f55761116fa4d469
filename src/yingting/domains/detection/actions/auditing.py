"""Audits of reveals and exports: a sample drawn and fixed, each act judged by somebody else, closed when all are, overdue when not."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from yingting.domains.cases.facade import unit_at
from yingting.domains.detection.facts import (
    AuditItemAnswered,
    AuditItemJudged,
    AuditRoundClosed,
    AuditRoundDrawn,
    AuditRoundOverdue,
)
from yingting.domains.detection.models import AuditItem, AuditJudgement, AuditNote, AuditRound
from yingting.domains.detection.queries.acts import acts_in, looked_at, rule_of_round, within
from yingting.domains.detection.queries.audits import (
    AUDIT_LINK,
    OWN_ACTS_LINK,
    counts_of,
    item_for,
    own_item,
    round_for,
)
from yingting.domains.detection.queries.rules_in_force import AUDITING
from yingting.domains.detection.refusals import (
    DRAWN_ALREADY,
    JUDGED_ALREADY,
    NO_ACTS,
    NOT_JUDGED,
    OWN_ACT,
    PERIOD_RUNS,
    ROUND_CLOSED,
    SAME_UNIT,
    VERDICT_MISSING,
    WORDS_MISSING,
)
from yingting.domains.detection.rules.auditing import (
    Auditing,
    Judgement,
    Judges,
    Period,
    drawn_by_lot,
    marks_of,
    period_of,
    periods_owed,
)
from yingting.foundation.days import local_day
from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.notify.words import Param, name
from yingting.foundation.people.access import holders_of, require
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.models import Disclosure
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.reading import in_force, in_force_by_path, prefixes
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import local_instant
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

DAY = dt.timedelta(days=1)
# So far back the worker looks for units that owe a round; rounds missed for longer are drawn by hand.
LOOKS_BACK = 366 * DAY
SHORTEST = 2
NOTE_LENGTH = 500


def draw(*, unit: str, day: dt.date, actor: Actor, now: dt.datetime) -> UUID:
    """Draw the sample of a unit (by path) for the period that a day lies in, and fix it.

    Raises Refusal hall.unknown, access.refused, audit.period_runs, audit.drawn_already, audit.no_acts.
    """
    require(actor, Permission.PRIVACY_JUDGE, unit)
    rule = in_force(AUDITING, path=unit, day=local_day(now)).rule
    return _draw(unit, period_of(day, rule.months), rule, actor, now)


def draw_what_is_due(*, actor: Actor, now: dt.datetime) -> int:
    """Draw the rounds that units owe for periods that are over; return how many. Twice is as once."""
    today, drawn = local_day(now), 0
    seen = Disclosure.objects.filter(within(today - LOOKS_BACK, today)).order_by().values_list("path", flat=True)
    paths = set(seen.distinct())
    rules = in_force_by_path(AUDITING, paths=paths, day=today)
    units = {unit_at(path, rules[path].level) for path in paths}
    # Lower units first: what their rounds cover is no part of those above.
    for unit in sorted(units, key=lambda path: (-path.count("/"), path)):
        rule = in_force(AUDITING, path=unit, day=today).rule
        latest = AuditRound.objects.filter(unit__path=unit).order_by("-last").values_list("last", flat=True).first()
        for period in periods_owed(today, rule.months, latest):
            try:
                _draw(unit, period, rule, actor, now)
                drawn += 1
            except Refusal as refusal:
                if refusal.code not in (NO_ACTS, DRAWN_ALREADY):
                    raise
    return drawn


def _draw(path: str, period: Period, rule: Auditing, actor: Actor, now: dt.datetime) -> UUID:
    if period.last >= local_day(now):
        raise Refusal(PERIOD_RUNS)
    with writing():
        # One tree draws one round at a time, so that none can cover what another is about to.
        list(Unit.objects.select_for_update(no_key=True).filter(path=prefixes(path)[0]))
        unit = Unit.objects.get(path=path)
        apart = _rounds_apart(path, period)
        rows = list(acts_in(path, period, apart))
        if not rows:
            raise Refusal(NO_ACTS)
        marks = {act.id: [mark.value for mark in marks_of(act, rule)] for act in looked_at(rows, period, rule)}
        seed = secrets.token_hex(16)
        rest = [act for act, found in marks.items() if not found]
        drawn = set(marks) - set(rest) | set(drawn_by_lot(rest, seed, share=rule.share, minimum=rule.minimum))
        row = AuditRound.objects.create(
            unit=unit, first=period.first, last=period.last, seed=seed, apart=apart, rule=as_body(AUDITING, rule), acts=len(rows),
            drawn_at=now, drawn_label=actor.label[:64], due_on=local_day(now) + rule.days * DAY,
        )  # fmt: skip
        AuditItem.objects.bulk_create(
            [AuditItem(round=row, disclosure=one, person_id=one.by_id, marks=marks[one.pk]) for one in rows if one.pk in drawn]
        )  # fmt: skip
        fact = AuditRoundDrawn(unit.pk, period.first, period.last, seed, len(rows), tuple(sorted(drawn)))
        _note(row, fact, actor, now)
        title = _("Audit of reveals and exports, %(unit)s %(first)s – %(last)s: %(n)s acts to judge by %(due)s")
        _tell_auditors(row, "detection.audit_drawn", title, Severity.NOTE, len(drawn), actor, now)
    return row.pk


def _rounds_apart(path: str, period: Period) -> list[tuple[str, str, str]]:
    """The rounds below a unit that cover a part of a period. Raises Refusal audit.drawn_already for one here or above."""
    meeting = AuditRound.objects.filter(first__lte=period.last, last__gte=period.first)
    if meeting.filter(unit__path__in=prefixes(path)).exists():
        raise Refusal(DRAWN_ALREADY)
    below = meeting.filter(unit__path__startswith=path).order_by("unit__path", "first")
    return [(unit, str(first), str(last)) for unit, first, last in below.values_list("unit__path", "first", "last")]


def judge(*, item: UUID, found: str, reason: str, actor: Actor, now: dt.datetime) -> None:
    """Judge an act of a sample, once and for good; "not in order" needs its reason.

    Raises Refusal detection.unknown, audit.verdict, audit.words, audit.own_act, audit.same_unit, audit.judged_already, audit.closed.
    """
    if found not in {one.value for one in Judgement}:
        raise Refusal(VERDICT_MISSING)
    words = reason.strip()[:NOTE_LENGTH]
    if found == Judgement.NOT_IN_ORDER.value and len(words) < SHORTEST:
        raise Refusal(WORDS_MISSING)
    with _held(item_for(actor, item).round_id) as row:
        one = AuditItem.objects.select_related("person__unit", "disclosure").get(pk=item)
        if row.closed_at is not None:
            raise Refusal(ROUND_CLOSED)
        auditor = _auditor_of(one, rule_of_round(row), actor)
        if AuditJudgement.objects.filter(item=one).exists():
            raise Refusal(JUDGED_ALREADY)
        AuditJudgement.objects.create(item=one, verdict=found, by=auditor, at=now)
        if words:
            AuditNote.objects.create(item=one, is_reason=True, by=auditor, at=now, text=words)
        _note(row, AuditItemJudged(one.pk, one.disclosure_id, one.person_id, found), actor, now)
        if found == Judgement.NOT_IN_ORDER.value and one.person_id:
            _tell_person(one, actor, now)


def _auditor_of(item: AuditItem, rule: Auditing, actor: Actor) -> Person:
    """Who judges: a person, never the one whose act it is, of another unit where the rule says so."""
    auditor = Person.objects.get(pk=actor.person) if actor.person else None
    if auditor is None or auditor.pk == item.person_id:
        raise Refusal(OWN_ACT)
    if rule.judges is Judges.OTHER_UNITS and item.person and item.person.unit_id == auditor.unit_id:
        raise Refusal(SAME_UNIT)
    return auditor


def say(*, item: UUID, words: str, actor: Actor, now: dt.datetime) -> None:
    """Say something to an act of one's own that is in a sample. Raises Refusal detection.unknown, audit.words."""
    one, said = own_item(actor, item), words.strip()[:NOTE_LENGTH]
    assert one.person_id is not None
    if len(said) < SHORTEST:
        raise Refusal(WORDS_MISSING)
    with _held(one.round_id) as row:
        AuditNote.objects.create(item=one, is_reason=False, by_id=one.person_id, at=now, text=said)
        _note(row, AuditItemAnswered(one.pk), actor, now)


def close(*, audit: UUID, actor: Actor, now: dt.datetime) -> None:
    """Close a round once every act of its sample is judged. Raises Refusal detection.unknown, audit.not_judged, audit.closed."""
    with _held(round_for(actor, audit).pk) as row:
        if row.closed_at is not None:
            raise Refusal(ROUND_CLOSED)
        counts = counts_of([row])[row.pk]
        if counts.open:
            raise Refusal(NOT_JUDGED, n=counts.open)
        _note_overdue(row, counts.open, actor, now)
        AuditRound.objects.filter(pk=row.pk).update(closed_at=now, closed_label=actor.label[:64])
        _note(row, AuditRoundClosed(counts.judged, counts.not_in_order, counts.unclear), actor, now)


def note_overdue(*, actor: Actor, now: dt.datetime) -> int:
    """Write down which rounds are overdue, and tell their auditors; return how many. Twice is as once."""
    late = Q(closed_at__isnull=True, overdue_at__isnull=True, due_on__lt=local_day(now))
    noted = 0
    for audit in AuditRound.objects.filter(late).values_list("pk", flat=True):
        with _held(audit) as row:
            open_now = counts_of([row])[row.pk].open
            if row.closed_at is None and _note_overdue(row, open_now, actor, now):
                noted += 1
                title = _(
                    "The audit of %(unit)s %(first)s – %(last)s is overdue: %(n)s acts were to be judged by %(due)s"
                )
                _tell_auditors(row, "detection.audit_overdue", title, Severity.WARNING, open_now, actor, now)
    return noted


def _note_overdue(row: AuditRound, open_now: int, actor: Actor, now: dt.datetime) -> bool:
    """Write down that a round is overdue, with the moment at which it became so, unless it is not or that is known."""
    if row.overdue_at is not None or row.due_on >= local_day(now):
        return False
    since = local_instant(row.due_on + DAY, dt.time(), settings.TIME_ZONE)
    AuditRound.objects.filter(pk=row.pk).update(overdue_at=since)
    _note(row, AuditRoundOverdue(since, open_now), actor, now)
    return True


@contextmanager
def _held(audit: UUID) -> Iterator[AuditRound]:
    """Hold a round in a transaction: what is written about it comes one after the other."""
    with writing():
        yield AuditRound.objects.select_for_update(of=("self",)).select_related("unit").get(pk=audit)


def _note(row: AuditRound, data: FactData, actor: Actor, now: dt.datetime) -> None:
    record(data, subject=row.pk, actor=actor, now=now, correlation=row.pk)


def _tell_auditors(
    row: AuditRound, kind: str, title: str, severity: Severity, n: int, actor: Actor, now: dt.datetime
) -> None:
    params: dict[str, Param] = {"unit": name(row.unit), "first": f"{row.first:%Y-%m-%d}", "last": f"{row.last:%Y-%m-%d}", "n": n,
              "due": f"{row.due_on:%Y-%m-%d}"}  # fmt: skip
    people = holders_of(Permission.PRIVACY_JUDGE, row.unit.path).values_list("pk", flat=True)
    telling = Telling(kind, title, severity, params, subject=str(row.pk), link=AUDIT_LINK % row.pk)
    notify(people=list(people), telling=telling, actor=actor, now=now)


def _tell_person(item: AuditItem, actor: Actor, now: dt.datetime) -> None:
    assert item.person_id is not None
    telling = Telling(
        "detection.audit_finding", _("An audit finds a reveal or export of yours of %(day)s not in order"), Severity.WARNING,
        {"day": f"{local_day(item.disclosure.at):%Y-%m-%d}"},
        _("See what was found. You can say something to it."), str(item.pk), OWN_ACTS_LINK,
    )  # fmt: skip
    notify(people=[item.person_id], telling=telling, actor=actor, now=now)
