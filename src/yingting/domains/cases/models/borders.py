"""What stands at the borders: answers kept for a retry, lists that were taken in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yingting.domains.cases.models.case import Case
from yingting.domains.cases.models.keeping import KEEP
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Unit
from yingting.kernel.ids import new_id


class KeptAnswer(models.Model):
    """The first answer to a request that carried a key: asked again, the same is answered and nothing is done twice."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Who asked: a person, a device; for a customer the form that they sent.
    asker = models.UUIDField()
    key = models.CharField(max_length=64)
    what = models.CharField(max_length=64)
    body = models.JSONField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asker", "key"], name="cases_answer_once")]


class ImportRun(models.Model):
    """A list of cases that was taken in: which file, how it was read, and what came of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    mapping = models.CharField(max_length=64)
    unit = models.ForeignKey(Unit, **KEEP)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, **KEEP)
    rows = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-at",)


class Brought(models.Model):
    """A case that came from a list: from which line, and what it is known by, so that the same line brings nothing again."""

    only_grows: ClassVar[bool] = True
    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(ImportRun, **KEEP)
    line = models.PositiveIntegerField()
    key = models.CharField(max_length=64, unique=True)
    # Whether the list told its steps; if it did not, the first stay here is no stay in a step of ours.
    has_steps = models.BooleanField()
    # Whether the list told when the case ended; if it did not, nothing is measured up to its end.
    is_end_known = models.BooleanField()
