"""The customer file: who a customer is (sealed), how the customer is classed, what the customer allowed, whom to turn to.

State of a file: active → merged (into another file) | erased. A file that is merged or erased stays as a row without a person,
because facts name it by its id; whoever has such an id asks `finding.present_id`.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from yingting.foundation.people.models import Person
from yingting.foundation.privacy.fields import SealedText, SearchKey
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.sites.models import Unit
from yingting.kernel.ids import new_id, new_short_secret

_KEEP: dict[str, Any] = {"on_delete": models.PROTECT, "related_name": "+"}


class FileState(models.TextChoices):
    """States of a customer file."""

    ACTIVE = "active", _("Active")
    MERGED = "merged", _("Merged into another file")
    ERASED = "erased", _("Erased")


class Customer(models.Model):
    """A customer's file, kept by one unit of the organisation tree: the hall or branch that registered it.

    `segment` and `level` are codes of the rule `customers.classes`; their history is in `Standing`. `card` is what the
    customer's own QR holds: it is recognised, and opens nothing. `last_seen_on` is the day of the latest visit or contact:
    the time of keeping runs from it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, db_index=False, **_KEEP)  # in two indexes below
    is_company = models.BooleanField(default=False)
    name = SealedText("customers.name", DataKind.NAME)
    name_key = SearchKey(of="name", db_index=False)
    phone = SealedText("customers.phone", DataKind.PHONE)
    phone_key = SearchKey(of="phone", db_index=False)
    id_number = SealedText("customers.id_number", DataKind.ID_NUMBER)
    id_number_key = SearchKey(of="id_number", db_index=False)
    card = models.CharField(max_length=24, default=new_short_secret, editable=False)
    segment = models.CharField(max_length=24, blank=True, default="")
    level = models.CharField(max_length=24, blank=True, default="")
    language = models.CharField(max_length=8, blank=True, default="")
    born_year = models.PositiveSmallIntegerField(null=True, blank=True)
    customer_since = models.DateField(null=True, blank=True)
    # What the customer pays a month, where it is known.
    monthly_fen = models.PositiveBigIntegerField(null=True, blank=True)
    is_left_alone = models.BooleanField(default=False)  # do-not-contact: nobody turns to this customer unasked
    state = models.CharField(max_length=8, choices=FileState, default=FileState.ACTIVE)
    merged_into = models.ForeignKey("self", null=True, blank=True, db_index=False, **_KEEP)
    source = models.CharField(max_length=40, blank=True, default="")  # "hall", "booking", "import:<run>", …
    source_key = models.CharField(max_length=64, blank=True, default="")  # its number in the list that it came from
    registered_at = models.DateTimeField()
    last_seen_on = models.DateField()
    # On this day the rule looks at the level again; NULL: only a change can bring another.
    class_due_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["card"], name="customers_card_once")]
        # Plain ones for exact search: a text column's own `db_index` makes a second index on PostgreSQL, for LIKE.
        indexes = [
            models.Index(fields=["phone_key"], name="customers_by_phone"),
            models.Index(fields=["id_number_key"], name="customers_by_id_number"),
            models.Index(fields=["name_key"], name="customers_by_name"),
            models.Index(fields=["unit", "id"], name="customers_unit_id"),  # a unit's list, the latest first
            models.Index(fields=["unit", "segment"], name="customers_unit_segment"),
            models.Index(fields=["last_seen_on"], condition=models.Q(state="active"), name="customers_seen"),
            models.Index(fields=["source", "source_key"], name="customers_source"),
            models.Index(
                fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="customers_merged_into"
            ),
            models.Index(
                fields=["class_due_on"], condition=models.Q(class_due_on__isnull=False), name="customers_class_due"
            ),
        ]


class Standing(models.Model):
    """A customer's segment or level for a time: what it was, since when, by which rule or whom."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, **_KEEP)
    what = models.CharField(max_length=8)  # "segment" or "level"
    code = models.CharField(max_length=24, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Person, null=True, blank=True, **_KEEP)  # NULL: the rule
    why = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-since",)
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "what"], condition=models.Q(until__isnull=True), name="customers_one_standing"
            )
        ]


class Tag(models.Model):
    """A tag of a customer (a code of the rule `customers.tags`): a preference, a special need. Taken off, it stays with its end."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, **_KEEP)
    code = models.CharField(max_length=24)
    sort = models.CharField(max_length=12, default="preference")  # "preference" or "need", as the rule said
    note = SealedText("customers.tag_note", DataKind.TEXT)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Person, null=True, blank=True, **_KEEP)

    class Meta:
        ordering = ("code",)
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "code"], condition=models.Q(until__isnull=True), name="customers_tag_once"
            )
        ]


class ManagerTerm(models.Model):
    """The account manager of a customer (客户经理) for a time: one at a time, all are kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, **_KEEP)
    person = models.ForeignKey(Person, **_KEEP)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Person, null=True, blank=True, **_KEEP)
    why = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-since",)
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=models.Q(until__isnull=True), name="customers_one_manager"
            )
        ]
        indexes = [models.Index(fields=["person"], condition=models.Q(until__isnull=True), name="customers_managed_by")]


class Consent(models.Model):
    """What a customer (or a member of staff, for a photo) agreed to: the purpose, the notice's version, when and how; and the end.

    One of `customer` and `person` is set. A consent is given apart for each purpose; a withdrawn one stays with its end.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, null=True, blank=True, **_KEEP)
    person = models.ForeignKey(Person, null=True, blank=True, **_KEEP)
    purpose = models.CharField(max_length=24)
    notice = models.PositiveIntegerField()  # version of the notice that was shown
    how = models.CharField(max_length=16)  # "counter", "phone_page", "kiosk", "own_page", "paper", "import"
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(Person, null=True, blank=True, **_KEEP)  # who took it down; NULL: the customer alone
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_how = models.CharField(max_length=16, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, **_KEEP)

    class Meta:
        ordering = ("purpose", "-given_at")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(customer__isnull=False, person__isnull=True)
                | models.Q(customer__isnull=True, person__isnull=False),
                name="customers_consent_of_one",
            ),
            models.UniqueConstraint(
                fields=["customer", "purpose"], condition=models.Q(ended_at__isnull=True), name="customers_consent_once"
            ),
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=models.Q(ended_at__isnull=True),
                name="customers_staff_consent_once",
            ),
        ]


class Contact(models.Model):
    """One contact with a customer: which way, on whose initiative, about what (codes), and what was said (sealed)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, **_KEEP)
    unit = models.ForeignKey(Unit, **_KEEP)
    channel = models.CharField(max_length=16)
    is_ours = models.BooleanField()  # True: we turned to the customer
    about = models.CharField(max_length=24)
    outcome = models.CharField(max_length=24, blank=True)
    words = SealedText("customers.contact", DataKind.TEXT)
    by = models.ForeignKey(Person, null=True, blank=True, **_KEEP)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at",)
        indexes = [models.Index(fields=["customer", "at"], name="customers_contact_at")]


class Merge(models.Model):
    """Two files of one customer became one, by a person, with the reason; `moved` counts what went over, by kind."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kept = models.ForeignKey(Customer, **_KEEP)
    gone = models.ForeignKey(Customer, **_KEEP)
    why = models.CharField(max_length=120)
    moved = models.JSONField(default=dict)
    by = models.ForeignKey(Person, null=True, **_KEEP)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at",)
        constraints = [models.UniqueConstraint(fields=["gone"], name="customers_merged_once")]


class Duplicate(models.Model):
    """Two files that may be one customer's: why it looks so, and what a person decided. open → merged | different."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    first = models.ForeignKey(Customer, **_KEEP)
    second = models.ForeignKey(Customer, **_KEEP)
    unit = models.ForeignKey(Unit, **_KEEP)
    by = models.CharField(max_length=12)  # "phone", "id_number", "name"
    state = models.CharField(max_length=12, default="open")
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, null=True, blank=True, **_KEEP)

    class Meta:
        ordering = ("-found_at",)
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="customers_duplicate_once")]
        indexes = [
            models.Index(fields=["unit", "found_at"], condition=models.Q(state="open"), name="customers_duplicate_open")
        ]


class RequestState(models.TextChoices):
    """States of a request about personal data."""

    OPEN = "open", _("Waiting for the identity check")
    VERIFIED = "verified", _("Identity checked")
    DONE = "done", _("Carried out and answered")
    REFUSED = "refused", _("Refused with reasons")


class RightsRequest(models.Model):
    """What somebody asks about their own data (PIPL art. 44 to 47). open → verified → done | refused; open → refused.

    Whether there is a file at all is not looked up before a person has checked who asks.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, **_KEEP)
    number = models.CharField(max_length=16, unique=True)
    secret_digest = models.CharField(max_length=64, unique=True)
    asks = models.CharField(max_length=12)  # a value of `rights.Right`
    name = SealedText("customers.request_name", DataKind.NAME)
    phone = SealedText("customers.request_phone", DataKind.PHONE)
    phone_key = SearchKey(of="phone")
    words = SealedText("customers.request_words", DataKind.TEXT)
    channel = models.CharField(max_length=16)  # "page" or "desk"
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.OPEN)
    received_at = models.DateTimeField()
    due_on = models.DateField()
    customers = models.JSONField(default=list)  # ids of the files that are the asker's, as whoever checked found them
    proof = models.CharField(max_length=24, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(Person, null=True, blank=True, **_KEEP)
    answer = SealedText("customers.request_answer", DataKind.TEXT)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, **_KEEP)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("due_on", "received_at")
        indexes = [
            models.Index(
                fields=["unit", "due_on"], condition=models.Q(answered_at__isnull=True), name="customers_request_open"
            )
        ]


class OwnLink(models.Model):
    """A link by which one customer opens the page of their own file until it ends; the secret is kept as its digest only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, **_KEEP)
    secret_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, null=True, blank=True, **_KEEP)
    until = models.DateTimeField()


class ImportRun(models.Model):
    """A list of customers that was taken in: which file, from where, and what came of it. Begun, then finished; a run that
    stopped in between is gone on with by taking the same list in once more.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, **_KEEP)
    source = models.CharField(max_length=32)
    file = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(Person, null=True, **_KEEP)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-begun_at",)


class ClassingDay(models.Model):
    """A day on which the rule looked at levels: versions of the rule that began since the latest have yet to be applied."""

    day = models.DateField(primary_key=True)
