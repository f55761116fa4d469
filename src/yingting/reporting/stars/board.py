"""Who stands on the public staff board of a hall: staff with enough ratings, by stars; name and photo with consent alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.cache import cache

from yingting.foundation.customers.consents import PHOTO, staff_consents
from yingting.foundation.lake.asking import ask
from yingting.foundation.lake.question import Question
from yingting.foundation.people.models import Person, RoleGrant
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.sites.models import Hall
from yingting.reporting.stars.photos import photos_of
from yingting.reporting.stars.shown import STAR_BOARD, StarBoard, WithoutConsent, stars_of

_KEPT_S = 600
_RATING = "queueing.rating_mean"


@dataclass(frozen=True, slots=True)
class Star:
    """One person on the board. `name` is "" without consent; `photo` is the person's id where there is one to show."""

    staff_no: str
    name: str
    post: str
    post_en: str
    stars: int
    photo: UUID | None


def star_board(hall: Hall, day: dt.date) -> tuple[StarBoard, tuple[Star, ...]]:
    """Return the rule in force and who stands on the board: most stars first, then by staff number. The ratings are those up to
    the day before; consents are looked at now.
    """
    rule = in_force(STAR_BOARD, path=hall.unit.path, day=day).rule
    if not rule.is_public:
        return rule, ()
    stars = {staff_no: stars_of(rule.levels, rating) for staff_no, rating in ratings(hall, rule, day).items()}
    people = list(Person.objects.filter(staff_no__in=[who for who, won in stars.items() if won], is_active=True))
    ids = [person.pk for person in people]
    agreed, photos, posts = staff_consents(ids, PHOTO), photos_of(ids), _posts(hall, ids)
    listed = [
        Star(
            person.staff_no, person.name if person.pk in agreed else "", *posts.get(person.pk, ("", "")),
            stars[person.staff_no], person.pk if person.pk in photos else None,
        )
        for person in people
        if person.pk in agreed or rule.without_consent is WithoutConsent.STAFF_NO
    ]  # fmt: skip
    return rule, tuple(sorted(listed, key=lambda one: (-one.stars, one.staff_no)))


def ratings(hall: Hall, rule: StarBoard, day: dt.date) -> Mapping[str, float]:
    """Return the mean rating by staff number of those with enough ratings, remembered for ten minutes: the page is public."""
    name = f"star-ratings:{hall.code}:{day}:{rule.days}:{rule.least}"
    kept: dict[str, float] | None = cache.get(name)
    if kept is None:
        first, last = day - dt.timedelta(days=rule.days), day - dt.timedelta(days=1)
        question = Question(
            (_RATING,), (hall.code,), first, last, ("clerk",), minimum_sample={_RATING: rule.least}
        )  # fmt: skip
        kept = {
            one.group[0]: value
            for one in ask(question)
            if one.group[0] and one[_RATING].is_rated and (value := one[_RATING].value) is not None
        }
        cache.set(name, kept, _KEPT_S)
    return kept


def _posts(hall: Hall, people: list[UUID]) -> dict[UUID, tuple[str, str]]:
    """Return what each does in this hall: the role nearest to it."""
    rows = RoleGrant.objects.filter(person__in=people).select_related("role", "unit").order_by("unit__path")
    return {
        row.person_id: (row.role.name, row.role.name_en or row.role.name)
        for row in rows
        if hall.unit.path.startswith(row.unit.path)
    }
