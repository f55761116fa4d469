"""Proof objects. The bytes lie in the data folder by their digest (`store.py`); rows say what they are and where they came from.

Proof    taken ─→ (erased: a ProofErased row)      the row itself never changes
Awaited  announced ─→ in, or given up (deleted)    a record is complete when nothing is awaited any more
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from yingting.foundation.people.models import Person
from yingting.foundation.privacy.fields import SealedText
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.sites.models import Hall
from yingting.kernel.ids import new_id


class Channels(models.TextChoices):
    """By which way a proof object came in."""

    PAGE = "page", _("Page")
    PUBLIC = "public", _("Customer's page")
    API = "api", "API"
    IMPORT = "import", _("Import")


class Proof(models.Model):
    """One file, for one record of a higher part of the house (`kind`, `record`; see `subjects.py`).

    `client_id` is made by the sender: sent again, the same file is the same proof. `received` is the digest of what was sent,
    `digest` of what is kept: a photo is kept without its place. `path` is the unit of the record when it came in.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=48)
    record = models.UUIDField()
    client_id = models.UUIDField()
    format = models.CharField(max_length=8)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64, db_index=True)
    received = models.CharField(max_length=64)
    path = models.CharField(max_length=255)
    hall = models.ForeignKey(Hall, null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channels)
    by_kind = models.CharField(max_length=8)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=64)
    at = models.DateTimeField()
    only_grows = True

    class Meta:
        ordering = ("at", "id")
        constraints = [models.UniqueConstraint(fields=["kind", "record", "client_id"], name="evidence_proof_once")]


class ProofName(models.Model):
    """The name that a file had where it came from: people write names and numbers into it, so it is sealed and can go."""

    proof = models.OneToOneField(Proof, primary_key=True, on_delete=models.PROTECT, related_name="+")
    name = SealedText("evidence.proof_name", DataKind.TEXT)


class ProofErased(models.Model):
    """The content of a proof object was erased; the proof's row, and who sent it when, stays."""

    proof = models.OneToOneField(Proof, primary_key=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_label = models.CharField(max_length=64)
    only_grows = True


class Awaited(models.Model):
    """A file that was announced for a record."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=48)
    record = models.UUIDField()
    client_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "record", "client_id"], name="evidence_awaited_once")]
