"""State of the floor. A row's facts have the row's id as their subject.

Call for help: asked → taken → done | cancelled | day_end (also from asked, but not done).
Referral: made → taken → interested | done | not_now | not_found; made or taken → lapsed.
Diversion: made → done | back | refused.   Roving visit: started → done | counter | stopped.
Stand at a post: taken → left.   Shift: planned → withdrawn (a flag; what was noted of it stays).
"""

from __future__ import annotations

from typing import Any

from django.db import models

from yingting.domains.queueing.models import Ticket
from yingting.foundation.catalogue.models import BusinessType
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Counter, Hall, Zone
from yingting.kernel.ids import new_id

_KEEP: dict[str, Any] = {"on_delete": models.PROTECT, "related_name": "+"}
# Tickets are written on the hot path: what points at them takes no lock there (docs/decisions/0004).
_TICKET: dict[str, Any] = {**_KEEP, "db_constraint": False}


class PostShift(models.Model):
    """A person planned at a post for part of a day, in wall time of the hall."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, **_KEEP)
    business_day = models.DateField()
    post = models.CharField(max_length=24)
    level = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, **_KEEP)
    starts = models.TimeField()
    ends = models.TimeField()
    planned_at = models.DateTimeField()
    is_withdrawn = models.BooleanField(default=False)
    absent_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("starts", "level", "post")
        indexes = [models.Index(fields=["hall", "business_day"], name="floor_shift_day")]
        constraints = [models.CheckConstraint(condition=models.Q(starts__lt=models.F("ends")), name="floor_shift_span")]


class PostStand(models.Model):
    """A person at a post, from arriving to leaving."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, **_KEEP)
    business_day = models.DateField()
    post = models.CharField(max_length=24)
    level = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, **_KEEP)
    shift = models.ForeignKey(PostShift, null=True, blank=True, **_KEEP)
    taken_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    left_why = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(left_at__isnull=True), name="floor_one_stand_a_person"
            )
        ]
        indexes = [models.Index(fields=["hall", "business_day"], name="floor_stand_day")]


class Reception(models.Model):
    """A guide met a customer: what they need and what followed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, **_KEEP)
    business_day = models.DateField()
    business = models.ForeignKey(BusinessType, **_KEEP)
    outcome = models.CharField(max_length=12)
    is_care = models.BooleanField(default=False)
    insists = models.CharField(max_length=120, blank=True)
    ticket = models.ForeignKey(Ticket, null=True, blank=True, **_TICKET)
    by = models.ForeignKey(Person, null=True, **_KEEP)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["hall", "business_day", "by"], name="floor_reception_day")]


class PapersCheck(models.Model):
    """What a customer has of the papers that a business needs: [[name, English name, has it (null: not asked)], …]."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, **_KEEP)
    business_day = models.DateField()
    # None: not a guide asked, the customer said so when booking.
    reception = models.ForeignKey(Reception, null=True, blank=True, **_KEEP)
    ticket = models.ForeignKey(Ticket, null=True, blank=True, **_TICKET)
    papers = models.JSONField()
    by = models.ForeignKey(Person, null=True, **_KEEP)
    at = models.DateTimeField()


class Preacceptance(models.Model):
    """A pre-acceptance form on a ticket (预受理单): its number of the day and the answers [[code, label, English, value], …]."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, **_KEEP)
    business_day = models.DateField()
    number = models.CharField(max_length=8)
    ticket = models.ForeignKey(Ticket, **_TICKET)
    business = models.ForeignKey(BusinessType, **_KEEP)
    answers = models.JSONField()
    by = models.ForeignKey(Person, null=True, **_KEEP)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hall", "business_day", "number"], name="floor_preacceptance_number")
        ]


class TicketNote(models.Model):
    """A note for the counter on a ticket. `why` is need, handover or moved."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, **_KEEP)
    business_day = models.DateField()
    ticket = models.ForeignKey(Ticket, **_TICKET)
    why = models.CharField(max_length=8)
    text = models.CharField(max_length=300)
    by = models.ForeignKey(Person, null=True, **_KEEP)
    at = models.DateTimeField()


class Diversion(models.Model):
    """A customer shown another way than the counter, with reason, teaching note and result ("" while open)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, **_KEEP)
    business_day = models.DateField()
    business = models.ForeignKey(BusinessType, **_KEEP)
    ticket = models.ForeignKey(Ticket, null=True, blank=True, **_TICKET)
    target = models.CharField(max_length=12)
    reason = models.CharField(max_length=24)
    teaching = models.CharField(max_length=300, blank=True)
    result = models.CharField(max_length=8, blank=True)
    by = models.ForeignKey(Person, null=True, **_KEEP)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["hall", "business_day", "by"], name="floor_diversion_day")]


class RovingVisit(models.Model):
    """A visit handled on the move (走动办理): one at a time for a person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, **_KEEP)
    business_day = models.DateField()
    business = models.ForeignKey(BusinessType, **_KEEP)
    zone = models.ForeignKey(Zone, null=True, blank=True, **_KEEP)
    by = models.ForeignKey(Person, **_KEEP)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=8, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["by"], condition=models.Q(ended_at__isnull=True), name="floor_one_roving_visit_a_person"
            )
        ]


class Care(models.Model):
    """A task of crowd care, done."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, **_KEEP)
    business_day = models.DateField()
    task = models.CharField(max_length=24)
    waiting = models.PositiveIntegerField()
    by = models.ForeignKey(Person, null=True, **_KEEP)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["hall", "business_day", "task"], name="floor_care_day")]


class AssistTap(models.Model):
    """One customer helped by a guard or guide: at the ticket machine, at a self-service device, or with order."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, **_KEEP)
    business_day = models.DateField()
    kind = models.CharField(max_length=8)
    by = models.ForeignKey(Person, null=True, **_KEEP)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["hall", "business_day", "by"], name="floor_assist_day")]


class HelpCall(models.Model):
    """A clerk's call for help at the counter. `raised_at`: nobody had come in time. `result` is "" while it is open."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, **_KEEP)
    business_day = models.DateField()
    kind = models.CharField(max_length=24)
    text = models.CharField(max_length=120, blank=True)
    counter = models.ForeignKey(Counter, **_KEEP)
    ticket = models.ForeignKey(Ticket, null=True, blank=True, **_TICKET)
    by = models.ForeignKey(Person, **_KEEP)
    asked_at = models.DateTimeField()
    raised_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(Person, null=True, blank=True, **_KEEP)
    taken_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=10, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["by"], condition=models.Q(ended_at__isnull=True), name="floor_one_help_call_a_person"
            )
        ]
        indexes = [
            models.Index(fields=["hall", "asked_at"], condition=models.Q(ended_at__isnull=True), name="floor_help_open")
        ]


class Referral(models.Model):
    """A customer whom a clerk referred to the lobby, for an interest. `result` is "" while it is open."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, **_KEEP)
    business_day = models.DateField()
    ticket = models.ForeignKey(Ticket, **_TICKET)
    counter = models.ForeignKey(Counter, **_KEEP)
    interest = models.CharField(max_length=24)
    note = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(Person, **_KEEP)
    at = models.DateTimeField()
    taken_by = models.ForeignKey(Person, null=True, blank=True, **_KEEP)
    taken_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=10, blank=True)
    result_note = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "interest"], name="floor_referral_once")]
        indexes = [
            models.Index(fields=["hall", "at"], condition=models.Q(ended_at__isnull=True), name="floor_referral_open"),
            models.Index(fields=["by", "at"], name="floor_referral_by"),
        ]


class GreenGrant(models.Model):
    """The green channel granted to a ticket: which entitlement, and what the customer showed. Never who the customer is."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, **_KEEP)
    business_day = models.DateField()
    ticket = models.ForeignKey(Ticket, **_TICKET)
    entitlement = models.CharField(max_length=24)
    shown = models.CharField(max_length=60)
    by = models.ForeignKey(Person, null=True, **_KEEP)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket"], name="floor_one_green_grant_a_ticket")]
        indexes = [models.Index(fields=["hall", "business_day"], name="floor_green_day")]


class ManagerCall(models.Model):
    """A clerk asks the customer's account manager to take the customer over (CUS-09). `answer` is "" while it is open.

    The ticket stays where it is: whoever was asked first keeps the customer until the manager has accepted.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, **_KEEP)
    business_day = models.DateField()
    ticket = models.ForeignKey(Ticket, **_TICKET)
    counter = models.ForeignKey(Counter, **_KEEP)
    manager = models.ForeignKey(Person, **_KEEP)
    by = models.ForeignKey(Person, **_KEEP)
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=10, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(answered_at__isnull=True), name="floor_one_manager_call_a_ticket"
            )
        ]
        indexes = [
            models.Index(fields=["manager"], condition=models.Q(answered_at__isnull=True), name="floor_manager_open"),
            models.Index(fields=["hall", "business_day"], name="floor_manager_call_day"),
        ]
