"""Cases that a bulletin quotes: whose trace and findings it tells, and the bulletins that tell of a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse

from yingting.domains.cases.facade import CaseQuoted, Warned, case_path, quotes_of, units_of_cases
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.reporting.bulletins.archive import issued_texts, issuing_units, rule_for, visible_to
from yingting.reporting.bulletins.contracts import Made, from_json
from yingting.reporting.bulletins.models import Bulletin, BulletinState, Quote, Receipt
from yingting.reporting.bulletins.refusals import FINDING_OPEN
from yingting.reporting.bulletins.rules import BulletinKind


@dataclass(frozen=True, slots=True)
class Notice:
    """A bulletin that quotes a case: its number (none: a draft), to how many people it went, how many confirmed."""

    bulletin: Bulletin
    reference: str
    receivers: int
    confirmed: int


def quoted_lines(bulletin: Bulletin, at: dt.datetime) -> list[str]:
    """Return what a bulletin quotes of cases as it stood at an instant, a line each, in the active language."""
    return [f"{one.number}：{sentence}" for one in _quoted(bulletin, at) for sentence in one.sentences]


def require_settled(bulletin: Bulletin, now: dt.datetime) -> None:
    """Refuse to publish findings that are not confirmed or may still be objected to. Raises Refusal bulletin.finding_open."""
    for one in _quoted(bulletin, now):
        if not one.is_final:
            raise Refusal(FINDING_OPEN, number=one.number)


def _quoted(bulletin: Bulletin, now: dt.datetime) -> Sequence[CaseQuoted]:
    cases = list(Quote.objects.filter(bulletin=bulletin).values_list("case", flat=True))
    return quotes_of(cases, now) if cases else ()


def unit_for_case(actor: Actor, case: UUID) -> Unit | None:
    """Return the lowest unit above a case for which the actor issues bulletins, if there is one. Raises Refusal case.unknown."""
    path = case_path(actor, case)
    above = [unit for unit in issuing_units(actor) if path.startswith(unit.path)]
    return max(above, key=lambda unit: len(unit.path), default=None)


def text_kinds(unit: Unit, day: dt.date) -> list[BulletinKind]:
    """Return the kinds without figures that a unit issues: those that tell of a case."""
    return [kind for kind in rule_for(unit, day).kinds if not kind.columns and unit.level in kind.levels]


def notices_on(actor: Actor, case: UUID) -> list[Notice]:
    """Return the bulletins that quote a case and that the actor may read, the newest first."""
    quoting = Quote.objects.filter(case=case).values("bulletin")
    rows = list(visible_to(actor).filter(pk__in=quoting).order_by("-drafted_at"))
    texts, counts = issued_texts(rows), _receipts(rows)
    return [
        Notice(row, texts[row.pk].reference if row.pk in texts else "", *counts.get(row.pk, (0, 0))) for row in rows
    ]


def _receipts(rows: Sequence[Bulletin]) -> dict[UUID, tuple[int, int]]:
    """To how many people each bulletin went, and how many of them confirmed."""
    counted = Receipt.objects.filter(bulletin__in=rows).values_list("bulletin").annotate(
        n=Count("pk"), read=Count("pk", filter=Q(confirmed_at__isnull=False))
    )  # fmt: skip
    return {pk: (n, read) for pk, n, read in counted}


def warnings_on(cases: Collection[UUID]) -> dict[UUID, Warned]:
    """Return for cases the latest notice that stands, quotes the case, and went to everybody at its unit or above it."""
    quotes = Quote.objects.filter(case__in=cases, bulletin__state=BulletinState.ISSUED).select_related("bulletin__unit")
    paths = units_of_cases(cases)
    pairs = [
        (one.case, one.bulletin)
        for one in quotes
        if paths[one.case].startswith(one.bulletin.unit.path) and _goes_to_all(one.bulletin)
    ]
    texts, counts = issued_texts([row for _case, row in pairs]), _receipts([row for _case, row in pairs])
    found: dict[UUID, Warned] = {}
    for case, row in sorted(pairs, key=lambda pair: texts[pair[1].pk].issued_at):
        address = reverse("bulletins:bulletin", args=[row.pk])
        found[case] = Warned(texts[row.pk].reference, address, texts[row.pk].issued_at, *counts.get(row.pk, (0, 0)))
    return found


def _goes_to_all(row: Bulletin) -> bool:
    return any(not (one.role or one.level) for one in from_json(Made, row.rule).kind.receivers)
