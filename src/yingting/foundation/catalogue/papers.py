"""The papers that customers bring for a business, as a rule: what is asked for today may differ from what was last year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils.translation import get_language

from yingting.foundation.catalogue.models import BusinessType
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Choice, Kind, Problem, declare, offer
from yingting.foundation.rulebook.reading import in_force_by_key, prefixes
from yingting.kernel.shapes import said
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that the customer must bring."""

    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")

    @property
    def names(self) -> tuple[str, str]:
        """The name in both languages."""
        return self.name, self.name_en or self.name


@dataclass(frozen=True, slots=True)
class Papers:
    """What a customer brings for one business, in the order in which it is asked for."""

    papers: tuple[Paper, ...] = said(_("Papers to bring"), default=())


def _problems(rule: Papers, _path: str) -> Iterable[Problem]:
    names = [paper.name.strip() for paper in rule.papers]
    if not all(names):
        yield "papers", _("Every paper needs a name."), {}
    if len({*names}) < len(names):
        yield "papers", _("Each paper stands here once."), {}


PAPERS: Kind[Papers] = declare(
    Kind(
        "catalogue.papers",
        _("Papers to bring"),
        _("What customers are told to bring for a business: at the kiosk, by guides, at the counter."),
        Papers,
        Papers(),
        "QUE-29",
        Permission.CATALOGUE_CONFIGURE,
        key="catalogue.businesses",
        check=_problems,
        position=29,
    )
)


def paper_key(business: BusinessType) -> str:
    """Return what the rule of papers calls a business: the codes of its class and its own."""
    return f"{business.business_class.code}/{business.code}"


def papers_of(
    businesses: Iterable[BusinessType], *, path: str, day: dt.date
) -> Mapping[UUID, tuple[tuple[str, str], ...]]:
    """Return the papers (name, English name) in force for businesses, their classes at hand, at a unit on a day."""
    keys = {item.pk: paper_key(item) for item in businesses}
    rules = in_force_by_key(PAPERS, path=path, day=day, keys=tuple({*keys.values()}))
    return {pk: tuple(paper.names for paper in rules[key].rule.papers) for pk, key in keys.items()}


def _businesses(path: str) -> list[Choice]:
    """The businesses that the unit at the path has from above or that lie below it."""
    around = Q(business_class__unit__path__in=prefixes(path)) | Q(business_class__unit__path__startswith=path)
    rows = BusinessType.objects.filter(around, is_active=True, business_class__is_active=True)
    is_english = (get_language() or "").startswith("en")
    choices: dict[str, str] = {}
    for row in rows.select_related("business_class").order_by(
        "business_class__position", "business_class__code", "position", "code"
    ):
        kind = row.business_class
        names = (kind.name_en or kind.name, row.name_en or row.name) if is_english else (kind.name, row.name)
        choices.setdefault(paper_key(row), " · ".join(names))
    return list(choices.items())


offer("catalogue.businesses", _businesses)
