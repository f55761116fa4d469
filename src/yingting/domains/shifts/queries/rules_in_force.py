"""The rules of shifts as data: shift templates, working terms with wishes, licences. Each ships with its source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from yingting.domains.shifts.contracts import PlanningTerms, ShiftTemplate
from yingting.domains.shifts.rules import are_terms, can_lunch
from yingting.foundation.catalogue.models import BusinessClass
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Choice, Kind, Problem, declare, offer
from yingting.foundation.rulebook.reading import in_force, prefixes
from yingting.kernel.shapes import Named, codes_once, said
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift of a hall, within one day. Lunch of 0 minutes: none."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    starts: dt.time = said(_("Begins"), default=dt.time(8))
    ends: dt.time = said(_("Ends"), default=dt.time(17))
    lunch_min: int = said(_("Lunch break"), unit=_("minutes"), low=0, high=240, default=0)
    lunch_from: dt.time = said(_("Lunch not before"), default=dt.time(11))
    lunch_until: dt.time = said(_("Lunch over by"), default=dt.time(14))


@dataclass(frozen=True, slots=True)
class Shifts:
    """The shifts that a roster of a hall is made from."""

    shifts: tuple[Shift, ...] = said(_("Shifts"), default=())


@dataclass(frozen=True, slots=True)
class WorkTerms:
    """What holds for a person who has no terms of their own, and how wishes and rosters are handled."""

    least_hours: float = said(_("Least hours a week"), low=0, high=60, default=24.0)
    most_hours: float = said(_("Most hours a week"), low=0, high=60, default=40.0)
    most_days: int = said(_("Most days on duty a week"), low=1, high=7, default=5)
    rest_hours: float = said(_("Rest between two duties"), unit=_("hours"), low=0, high=24, default=11.0)
    wish_days_before: int = said(
        _("Wishes until so many days before the week"), unit=_("days"), low=0, high=60, default=10
    )
    wishes_a_week: int = said(_("Wishes of a person for one week"), low=0, high=7, default=2)
    wish_weight: float = said(
        _("Weight of a wish"), help=_("What refusing a wish costs the plan, beside the other rules."), low=0, high=100,
        default=3.0,
    )  # fmt: skip
    early_by: dt.time = said(_("An early shift begins by"), default=dt.time(8, 30))
    late_from: dt.time = said(_("A late shift ends at this time or after"), default=dt.time(18))
    weeks_out: int = said(
        _("A roster is out so many weeks before it begins"), unit=_("weeks"), low=0, high=8, default=1
    )


@dataclass(frozen=True, slots=True)
class Needed:
    """A class of business that only somebody with a licence may handle."""

    business: str = said(_("Class of business"), choices="shifts.classes")
    licence: str = said(_("Licence"), rows="licences")


@dataclass(frozen=True, slots=True)
class Licences:
    """The licences that staff may have, and what each is needed for."""

    licences: tuple[Named, ...] = said(_("Licences"), default=())
    needed: tuple[Needed, ...] = said(_("Needed for"), default=())


def template_of(shift: Shift) -> ShiftTemplate:
    """Return a shift of the rule as others see it: in minutes after midnight."""
    return ShiftTemplate(
        shift.code, shift.name, shift.name_en, _minute(shift.starts), _minute(shift.ends), shift.lunch_min,
        _minute(shift.lunch_from), _minute(shift.lunch_until),
    )  # fmt: skip


def _minute(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def _check_shifts(rule: Shifts, _path: str) -> Iterable[Problem]:
    yield from codes_once((shift.code for shift in rule.shifts), "shifts")
    for n, shift in enumerate(rule.shifts):
        if shift.ends <= shift.starts:
            yield f"shifts-{n}-ends", _("A shift ends after it begins, on the same day."), {}
        elif shift.lunch_min and not _has_lunch(template_of(shift)):
            yield (
                f"shifts-{n}-lunch_min",
                _("The lunch break does not fit between its two times and into the shift."),
                {},
            )


def _has_lunch(shift: ShiftTemplate) -> bool:
    return can_lunch(
        max(shift.starts_min, shift.lunch_from_min), starts_min=shift.starts_min, ends_min=shift.ends_min,
        lunch_min=shift.lunch_min, from_min=shift.lunch_from_min, until_min=shift.lunch_until_min,
    )  # fmt: skip


def _check_terms(rule: WorkTerms, _path: str) -> Iterable[Problem]:
    if not are_terms(rule.least_hours, rule.most_hours, rule.most_days, rule.rest_hours):
        yield "least_hours", _("Least hours may not be above most hours."), {}


def _check_licences(rule: Licences, _path: str) -> Iterable[Problem]:
    yield from codes_once((one.code for one in rule.licences), "licences")
    known = {one.code for one in rule.licences}
    seen: set[str] = set()
    for n, one in enumerate(rule.needed):
        if one.licence not in known:
            yield f"needed-{n}-licence", _("There is no licence “%(code)s” in the list."), {"code": one.licence}
        if one.business in seen:
            yield f"needed-{n}-business", _("This class of business is there twice."), {}
        seen.add(one.business)


TEMPLATES: Kind[Shifts] = declare(
    Kind(
        "shifts.templates",
        _("Shifts"),
        _("The shifts of a hall's rosters with their lunch breaks; shifts that overlap keep counters staffed at lunch."),
        Shifts,
        Shifts(
            (
                Shift("early", "早班", "Early", dt.time(8), dt.time(17), 60),
                Shift("late", "晚班", "Late", dt.time(9, 30), dt.time(18, 30), 60),
                Shift("day", "全天班", "Whole day", dt.time(8), dt.time(18), 120),
                Shift("morning", "上午班", "Morning", dt.time(8), dt.time(12)),
                Shift("noon", "午间班", "Over lunch", dt.time(11), dt.time(15)),
                Shift("afternoon", "下午班", "Afternoon", dt.time(14), dt.time(18)),
            )
        ),
        _("For a hall that is open from 08:30 to 18:00: at most 8 paid hours a day (labour law, art. 36), lunch between "
          "11:00 and 14:00; an assumption of Yingting."),
        Permission.HALL_CONFIGURE,
        check=_check_shifts,
        position=43,
    )
)  # fmt: skip
TERMS: Kind[WorkTerms] = declare(
    Kind(
        "shifts.terms",
        _("Working terms and wishes"),
        _("Hours, days and rest of whoever has no terms of their own; until when wishes are taken, and what they weigh."),
        WorkTerms,
        WorkTerms(),
        _("40 hours: State Council on working hours, art. 3. One day of rest a week: labour law, "
          "art. 38; two are usual. 11 hours of rest: directive 2003/88/EC, art. 3, as Chinese law names none. "
          "The rest are assumptions of Yingting."),
        Permission.HALL_CONFIGURE,
        check=_check_terms,
        position=44,
    )
)  # fmt: skip
LICENCES: Kind[Licences] = declare(
    Kind(
        "shifts.licences",
        _("Licences for business"),
        _("Which licences staff may have, and which class of business only somebody with a valid one may handle."),
        Licences,
        Licences((Named("counter", "上岗证", "Counter licence"), Named("realname", "实名登记资格", "Real-name registration"))),
        _("The operator's own: which licence is needed for what is left empty, so that nobody is kept from the roster by an assumption."),
        Permission.HALL_CONFIGURE,
        check=_check_licences,
        position=45,
    )
)  # fmt: skip


def offer_lists() -> None:
    """Offer the classes of business that a rule may choose from."""
    offer("shifts.classes", _classes)


def _classes(path: str) -> list[Choice]:
    rows = BusinessClass.objects.filter(unit__path__in=prefixes(path), is_active=True)
    return list(rows.order_by("position").values_list("code", "name"))


def templates_at(path: str, day: dt.date) -> tuple[ShiftTemplate, ...]:
    """Return the shifts in force for a unit on a day."""
    return tuple(template_of(shift) for shift in in_force(TEMPLATES, path=path, day=day).rule.shifts)


def terms_at(path: str, day: dt.date) -> WorkTerms:
    """Return the working terms in force for a unit on a day."""
    return in_force(TERMS, path=path, day=day).rule


def licences_at(path: str, day: dt.date) -> Licences:
    """Return the licences in force for a unit on a day."""
    return in_force(LICENCES, path=path, day=day).rule


def planning_terms_at(path: str, day: dt.date) -> PlanningTerms:
    """Return what the planner of a roster has to know of the terms in force."""
    rule = terms_at(path, day)
    return PlanningTerms(_minute(rule.early_by), _minute(rule.late_from), rule.wish_weight, rule.weeks_out)
