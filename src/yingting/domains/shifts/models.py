"""State of shifts. A row's facts have the row's id as their subject.

Absence: entered → withdrawn (a flag).   Off post: set → ended.   Wish: open → granted | refused | withdrawn.
Roster: draft → published → replaced; a hall's week has at most one draft and one published roster.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from yingting.domains.shifts.rules import OffPostReason, RosterState, WishState
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
from yingting.kernel.ids import new_id

_KEEP: dict[str, Any] = {"on_delete": models.PROTECT, "related_name": "+"}


class PersonTerms(models.Model):
    """A person's own working terms for a week; null: as the rule of the hall says."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.OneToOneField(Person, **_KEEP)
    least_hours = models.FloatField(null=True)
    most_hours = models.FloatField(null=True)
    most_days = models.PositiveSmallIntegerField(null=True)
    rest_hours = models.FloatField(null=True)
    version = models.PositiveIntegerField(default=1)


class Absence(models.Model):
    """A person is away from the first to the last day, both counted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, **_KEEP)
    kind = models.CharField(max_length=8)
    first_day = models.DateField()
    last_day = models.DateField()
    words = models.CharField(max_length=200, blank=True)
    entered_by = models.ForeignKey(Person, null=True, **_KEEP)
    entered_at = models.DateTimeField()
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        ordering = ("first_day",)
        indexes = [models.Index(fields=["person", "last_day"], name="shifts_absence_days")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first_day__lte=models.F("last_day")), name="shifts_absence_forward"
            )
        ]


class OffPost(models.Model):
    """A person may not be put on duty (待岗) from `since` to `until`; null: until somebody else ends it.

    Who is put back before it began has an empty span (`until` before `since`).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, **_KEEP)
    reason = models.CharField(max_length=8)
    words = models.CharField(max_length=200, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)
    set_by = models.ForeignKey(Person, null=True, **_KEEP)
    set_at = models.DateTimeField()
    ended_by = models.ForeignKey(Person, null=True, **_KEEP)
    ended_at = models.DateTimeField(null=True)
    ended_words = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("since",)
        indexes = [models.Index(fields=["person", "since"], name="shifts_off_post_days")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True)
                | models.Q(since__lte=models.F("until"))
                | models.Q(ended_at__isnull=False),
                name="shifts_off_post_forward",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_by__isnull=True) | ~models.Q(ended_by=models.F("person")),
                name="shifts_off_post_ended_by_other",
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=OffPostReason.EXAM.value)
                | models.Q(until__isnull=True)
                | models.Q(ended_at__isnull=False),
                name="shifts_exam_until_resit",
            ),
        ]


class Licence(models.Model):
    """A licence of a person, valid until a day, that day counted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, **_KEEP)
    code = models.CharField(max_length=40)
    valid_until = models.DateField()

    class Meta:
        ordering = ("code",)
        constraints = [models.UniqueConstraint(fields=["person", "code"], name="shifts_licence_once")]


class Wish(models.Model):
    """What a person wishes for a day. `answered_by` null on an answered wish: a published roster answered it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, **_KEEP)
    day = models.DateField()
    wanted = models.CharField(max_length=8)
    state = models.CharField(max_length=10, default=WishState.OPEN.value)
    answer = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    answered_by = models.ForeignKey(Person, null=True, **_KEEP)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("day",)
        constraints = [
            models.UniqueConstraint(
                fields=["person", "day"], condition=~models.Q(state=WishState.WITHDRAWN.value), name="shifts_wish_a_day"
            )
        ]


class Roster(models.Model):
    """A hall's week. `figures` is what its planner wrote of it (canonical JSON, not ours to read)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, **_KEEP)
    first_day = models.DateField()
    days = models.PositiveSmallIntegerField(default=7)
    state = models.CharField(max_length=10, default=RosterState.DRAFT.value)
    version = models.PositiveIntegerField(default=1)
    figures = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, null=True, **_KEEP)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Person, null=True, **_KEEP)

    class Meta:
        ordering = ("-first_day", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "first_day"], condition=models.Q(state=RosterState.DRAFT.value), name="shifts_one_draft"
            ),
            models.UniqueConstraint(
                fields=["hall", "first_day"], condition=models.Q(state=RosterState.PUBLISHED.value),
                name="shifts_one_published",
            ),
        ]  # fmt: skip


class RosterCell(models.Model):
    """One person's day in a roster; `shift` "" is a day off."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    roster = models.ForeignKey(Roster, **_KEEP)
    person = models.ForeignKey(Person, **_KEEP)
    day = models.DateField()
    shift = models.CharField(max_length=24, blank=True)
    lunch_at_min = models.PositiveSmallIntegerField(null=True)
    is_locked = models.BooleanField(default=False)
    origin = models.CharField(max_length=8)

    class Meta:
        ordering = ("person", "day")
        indexes = [models.Index(fields=["person", "day"], name="shifts_cell_person_day")]
        constraints = [models.UniqueConstraint(fields=["roster", "person", "day"], name="shifts_cell_once")]
