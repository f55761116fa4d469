"""State of relations. Facts of a row have the row's id as their subject; words of or about customers are sealed.

Frequent      listed ─→ left (`until`); one open row a customer          FrequentRun  how far the nightly count has come
Teaching      planned ─→ contacted ─→ done | given_up; one open plan a customer
Entitlement   granted ─→ used (a row of EntitlementUse, once) | over (its last day has passed)
CareDue       due ─→ done | left_out
Lead          open ─→ won | lost            LeadStep  each contact that was promised, with its day and whether it came in time
SiteVisit     planned ─→ done | cancelled
Announcement  one notice for the customers of segments, NoticeTo  for each of them: to tell ─→ told
SpecialCare   the ticks of a checklist at one moment
Offering      a service campaign (it may bring an entitlement), Registration  a customer took part
"""

from __future__ import annotations

from typing import Any

from django.db import models

from yingting.foundation.customers.models import Customer
from yingting.foundation.people.models import Person
from yingting.foundation.privacy.fields import SealedText
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.sites.models import Hall, Unit
from yingting.kernel.ids import new_id

_KEEP: dict[str, Any] = {"on_delete": models.PROTECT, "related_name": "+"}


class FrequentRun(models.Model):
    """One night's count: the day it counted up to, by which rules, whom it looked at and whom it found."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    as_of = models.DateField(unique=True)
    rules = models.CharField(max_length=64)  # digest of the rules in force; other rules count everybody anew
    is_whole = models.BooleanField()
    looked_at = models.PositiveIntegerField()
    found = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("-as_of",)


class Frequent(models.Model):
    """A customer who came often, from the day on which the rule found it until it no longer did.

    `unit` is where it came most. `before`, `after`: [visits, visits with a number taken on one's own phone or a booking] of the
    months before and after the day that its teaching is compared with; NULL until they are over.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, **_KEEP)
    unit = models.ForeignKey(Unit, **_KEEP)
    visits = models.PositiveIntegerField()
    peak = models.PositiveIntegerField()
    sort = models.CharField(max_length=8)
    is_peak = models.BooleanField()
    since = models.DateField()
    as_of = models.DateField()
    until = models.DateField(null=True)
    is_taught = models.BooleanField(default=False)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ("-visits", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=models.Q(until__isnull=True), name="relations_frequent_once"
            )
        ]
        indexes = [models.Index(fields=["unit", "since"], name="relations_frequent_since")]


class TeachingState(models.TextChoices):
    """States of a teaching plan."""

    PLANNED = "planned"
    CONTACTED = "contacted"
    DONE = "done"
    GIVEN_UP = "given_up"


OPEN_TEACHINGS = (TeachingState.PLANNED, TeachingState.CONTACTED)


class Teaching(models.Model):
    """The plan to show a frequent visitor quicker ways: whose it is, by when, the contacts, and what came of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, **_KEEP)
    frequent = models.ForeignKey(Frequent, **_KEEP)
    unit = models.ForeignKey(Unit, **_KEEP)
    owner = models.ForeignKey(Person, **_KEEP)
    sort = models.CharField(max_length=8)
    business_day = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=TeachingState, default=TeachingState.PLANNED)
    contacted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)
    note = SealedText("relations.teaching", DataKind.TEXT)
    by = models.ForeignKey(Person, **_KEEP)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("due_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=models.Q(ended_at__isnull=True), name="relations_one_teaching"
            )
        ]
        indexes = [
            models.Index(
                fields=["owner", "due_on"], condition=models.Q(ended_at__isnull=True), name="relations_to_teach"
            )
        ]


class Offering(models.Model):
    """A service campaign of a unit (SAL-10): who registers while it runs gets what it brings."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, **_KEEP)
    title = models.CharField(max_length=80)
    first = models.DateField()
    last = models.DateField()
    benefit = models.CharField(max_length=24, blank=True)
    by = models.ForeignKey(Person, **_KEEP)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-first", "-at")
        constraints = [
            models.CheckConstraint(condition=models.Q(first__lte=models.F("last")), name="relations_offering_forward")
        ]

    def __str__(self) -> str:
        return self.title


class Entitlement(models.Model):
    """Something a customer may have once, up to and with its last day (CUS-21). `ground`: what it was granted for, so that it is
    granted once ("register:<unit>", "campaign:<id>", "own:<id>").
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, **_KEEP)
    unit = models.ForeignKey(Unit, **_KEEP)
    benefit = models.CharField(max_length=24)
    ground = models.CharField(max_length=48)
    business_day = models.DateField()
    last_on = models.DateField()
    lapsed_on = models.DateField(null=True)  # the night found it over and unused
    by = models.ForeignKey(Person, null=True, **_KEEP)
    at = models.DateTimeField()

    class Meta:
        ordering = ("last_on", "pk")
        constraints = [
            models.UniqueConstraint(fields=["customer", "benefit", "ground"], name="relations_granted_once"),
            models.CheckConstraint(
                condition=models.Q(last_on__gte=models.F("business_day")), name="relations_entitlement_forward"
            ),
        ]
        indexes = [models.Index(fields=["unit", "last_on"], name="relations_expiring")]


class EntitlementUse(models.Model):
    """The one use of an entitlement: the key is the entitlement's own, so the database lets it happen once."""

    entitlement = models.OneToOneField(Entitlement, primary_key=True, **_KEEP)
    hall = models.ForeignKey(Hall, **_KEEP)
    business_day = models.DateField()
    by = models.ForeignKey(Person, null=True, **_KEEP)
    at = models.DateTimeField()


class Registration(models.Model):
    """A customer took part in a campaign: what was learnt, told and offered with it (SAL-11)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    offering = models.ForeignKey(Offering, **_KEEP)
    customer = models.ForeignKey(Customer, **_KEEP)
    unit = models.ForeignKey(Unit, **_KEEP)
    learnt = SealedText("relations.learnt", DataKind.TEXT)
    has_learnt = models.BooleanField()
    is_told = models.BooleanField()
    is_offered = models.BooleanField()
    result = models.CharField(max_length=12, blank=True)
    entitlement = models.ForeignKey(Entitlement, null=True, **_KEEP)
    business_day = models.DateField()
    by = models.ForeignKey(Person, **_KEEP)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at",)
        constraints = [models.UniqueConstraint(fields=["offering", "customer"], name="relations_registered_once")]


class CareState(models.TextChoices):
    """States of an act of care that is due."""

    DUE = "due"
    DONE = "done"
    LEFT_OUT = "left_out"


class CareDue(models.Model):
    """An act of care that is due to a customer from a day on, with the tenure and segment that the customer had then."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, **_KEEP)
    unit = models.ForeignKey(Unit, **_KEEP)
    action = models.CharField(max_length=24)
    tenure = models.CharField(max_length=8)
    segment = models.CharField(max_length=24, blank=True)
    due_on = models.DateField()
    last_on = models.DateField()
    state = models.CharField(max_length=8, choices=CareState, default=CareState.DUE)
    why = models.CharField(max_length=120, blank=True)
    done_on = models.DateField(null=True)
    over_on = models.DateField(null=True)  # the night found it not done in time
    by = models.ForeignKey(Person, null=True, **_KEEP)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("last_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "action"], condition=models.Q(state="due"), name="relations_one_care_due"
            )
        ]
        indexes = [
            models.Index(fields=["unit", "last_on"], condition=models.Q(state="due"), name="relations_care_open"),
            models.Index(fields=["unit", "due_on"], name="relations_care_day"),
        ]


class Lead(models.Model):
    """A customer who is interested in something (CUS-26): whose it is, when the next word is promised, what came of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, **_KEEP)
    unit = models.ForeignKey(Unit, **_KEEP)
    owner = models.ForeignKey(Person, **_KEEP)
    interest = models.CharField(max_length=24)
    note = SealedText("relations.lead", DataKind.TEXT)
    has_card = models.BooleanField()  # a business card was handed over
    referral = models.UUIDField(null=True, unique=True)  # the referral to the lobby that it came from (floor)
    next_on = models.DateField(null=True)
    state = models.CharField(max_length=8, default="open")
    business_day = models.DateField()
    ended_on = models.DateField(null=True)
    by = models.ForeignKey(Person, **_KEEP)
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("next_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "interest"], condition=models.Q(state="open"), name="relations_one_open_lead"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", next_on__isnull=False)
                | (~models.Q(state="open") & models.Q(next_on=None)),
                name="relations_open_lead_has_next",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "next_on"], condition=models.Q(state="open"), name="relations_leads_of"),
        ]


class LeadStep(models.Model):
    """A contact of a lead that was promised for a day; `done_on` when it was. The day is the row's place in the figures."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    lead = models.ForeignKey(Lead, **_KEEP)
    unit = models.ForeignKey(Unit, **_KEEP)
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    is_void = models.BooleanField(default=False)  # the lead ended before, and nothing was owed any more
    told_over_on = models.DateField(null=True)  # the owner and the owner's superiors were told that it is overdue
    outcome = models.CharField(max_length=24, blank=True)
    by = models.ForeignKey(Person, null=True, **_KEEP)

    class Meta:
        ordering = ("due_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=models.Q(done_on__isnull=True, is_void=False), name="relations_one_step_open"
            )
        ]
        indexes = [models.Index(fields=["unit", "due_on"], name="relations_step_day")]


class SiteVisit(models.Model):
    """A visit of an account manager at the customer's place: planned, done with what came of it, or cancelled with the reason."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, **_KEEP)
    unit = models.ForeignKey(Unit, **_KEEP)
    person = models.ForeignKey(Person, **_KEEP)
    purpose = models.CharField(max_length=8)
    planned_on = models.DateField()
    state = models.CharField(max_length=10, default="planned")
    done_on = models.DateField(null=True)
    why = models.CharField(max_length=120, blank=True)
    result = SealedText("relations.site_visit", DataKind.TEXT)
    by = models.ForeignKey(Person, null=True, **_KEEP)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("planned_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "purpose"], condition=models.Q(state="planned"), name="relations_one_visit_planned"
            )
        ]
        indexes = [models.Index(fields=["person", "planned_on"], name="relations_visits_of")]


class Announcement(models.Model):
    """A notice for the customers of some segments, to be told by their account managers."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, **_KEEP)
    title = models.CharField(max_length=80)
    text = models.TextField()
    segments = models.JSONField()
    by = models.ForeignKey(Person, **_KEEP)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.title


class NoticeTo(models.Model):
    """A notice for one customer: who is to tell it, by when, and when it was told."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    announcement = models.ForeignKey(Announcement, **_KEEP)
    customer = models.ForeignKey(Customer, **_KEEP)
    person = models.ForeignKey(Person, **_KEEP)
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("due_at", "pk")
        constraints = [models.UniqueConstraint(fields=["announcement", "customer"], name="relations_told_once")]
        indexes = [models.Index(fields=["person", "at"], name="relations_notices_of")]


class SpecialCare(models.Model):
    """What was done for a customer who needs special care, item by item: {code: done}. `case` is the finding of what was left out."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, **_KEEP)
    hall = models.ForeignKey(Hall, **_KEEP)
    business_day = models.DateField()
    ticks = models.JSONField()
    left_out = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=120, blank=True)
    case = models.UUIDField(null=True)
    by = models.ForeignKey(Person, **_KEEP)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at",)
        indexes = [models.Index(fields=["customer", "at"], name="relations_special_at")]
