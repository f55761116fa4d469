"""Which holidays a country's years have, and whether they are published: what is loaded goes before what is shipped."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

from pydantic import TypeAdapter

from yingting.foundation.calendars.facts import YearPublished
from yingting.foundation.calendars.models import Notice
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import ACCESS_REFUSED
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop as _

SHIPPED = Path(__file__).parent / "shipped"
NOTICE_EMPTY = declare("calendar.notice_empty", _("A notice names at least one day, and the document."), status=422)
NOTICE_YEAR = declare("calendar.notice_year", _("%(day)s is not a day of %(year)s."), status=422)
NOTICE_BACKWARDS = declare("calendar.notice_backwards", _("The last day %(day)s is before the first."), status=422)
NOTICE_TWICE = declare("calendar.notice_twice", _("%(day)s is named twice."), status=422)
NOTICE_OUTDATED = declare(
    "calendar.notice_outdated", _("Somebody has loaded a notice for this year meanwhile. Look at it first."), status=409
)


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """A row of a notice: days off, or days on which work is made up."""

    first: dt.date
    last: dt.date
    works: bool
    name: str
    name_en: str = ""

    def dates(self) -> Iterator[dt.date]:
        """Every date of the row."""
        return (self.first + dt.timedelta(days=n) for n in range((self.last - self.first).days + 1))


@dataclass(frozen=True, slots=True)
class YearNotice:
    """The notice that holds for a year. `pk` is None, `number` 0, for a shipped one."""

    year: int
    document: str
    issued_on: dt.date
    days: tuple[NoticeDay, ...]
    number: int = 0
    pk: UUID | None = None

    @property
    def source(self) -> str:
        """The document as it is cited."""
        return f"{self.document} {self.issued_on:%Y-%m-%d}"


_ROWS = TypeAdapter(tuple[NoticeDay, ...])


@cache
def shipped(country: str) -> dict[int, YearNotice]:
    """Return the notices that come with the house, by year; none for a country that it does not know."""
    file = SHIPPED / f"{country}.json"
    years = json.loads(file.read_text("utf-8"))["years"] if country.isalpha() and file.exists() else {}
    return {
        int(year): YearNotice(
            int(year), held["document"], dt.date.fromisoformat(held["issued_on"]), _ROWS.validate_python(held["days"])
        )
        for year, held in years.items()
    }


def notices(country: str) -> dict[int, YearNotice]:
    """Return the notice that holds for each published year of a country."""
    found = dict(shipped(country))
    for row in Notice.objects.filter(country=country).order_by("number"):
        days = _ROWS.validate_python(row.days)
        found[row.year] = YearNotice(row.year, row.document, row.issued_on, days, row.number, row.pk)
    return dict(sorted(found.items()))


def problems(year: int, days: Iterable[NoticeDay]) -> Iterator[tuple[NoticeDay, Refusal]]:
    """Yield every row of a notice that cannot be, with why."""
    seen: set[dt.date] = set()
    for row in days:
        if row.last < row.first:
            yield row, Refusal(NOTICE_BACKWARDS, day=row.last)
            continue
        outside = [day for day in (row.first, row.last) if day.year != year]
        # A new year's holiday may begin in the old one.
        if outside and not (row.first == dt.date(year - 1, 12, row.first.day) and row.last.year == year):
            yield row, Refusal(NOTICE_YEAR, day=outside[0], year=year)
            continue
        twice = [day for day in row.dates() if day in seen]
        if twice:
            yield row, Refusal(NOTICE_TWICE, day=twice[0])
        seen.update(row.dates())


def may_load(actor: Actor) -> bool:
    """May the actor load notices? They hold for the whole tree, so the right is needed on every root of it."""
    roots = list(Unit.objects.filter(parent=None).values_list("path", flat=True))
    return bool(roots) and all(actor.may(Permission.CALENDAR_CONFIGURE, path) for path in roots)


def load_notice(
    notice: YearNotice, *, country: str, read: int, actor: Actor, now: dt.datetime
) -> Notice:  # fmt: skip
    """Load a year's holidays: the year is published from now on. `read` is the number of the notice that was seen (0: none).

    Raises Refusal access.refused, calendar.notice_empty, _year, _backwards, _twice, _outdated.
    """
    if not may_load(actor):
        raise Refusal(ACCESS_REFUSED)
    if not notice.days or not notice.document.strip():
        raise Refusal(NOTICE_EMPTY)
    for _row, refusal in problems(notice.year, notice.days):
        raise refusal
    with writing():
        # Two who load at once meet at the tree's first root: the later one sees what the earlier wrote.
        Unit.objects.select_for_update().filter(parent=None).order_by("path").first()
        held = Notice.objects.filter(country=country, year=notice.year).order_by("-number").first()
        if (held.number if held else 0) != read:
            raise Refusal(NOTICE_OUTDATED)
        days = _ROWS.dump_python(notice.days, mode="json")
        row = Notice.objects.create(
            country=country, year=notice.year, number=read + 1, document=notice.document.strip(), issued_on=notice.issued_on,
            days=days, author_label=actor.label[:64], written_at=now,
        )  # fmt: skip
        told = YearPublished(country, row.year, row.number, row.document, row.issued_on, days)
        record(told, subject=row.pk, version=1, actor=actor, now=now)
        return row
