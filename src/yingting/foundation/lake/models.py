"""State of the lake that people make: entered figures and baselines. Both only grow; the database lets nothing change."""

from __future__ import annotations

from django.db import models

from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Unit
from yingting.kernel.ids import new_id


class FigureEntry(models.Model):
    """A value that a person entered for a unit and a period. Of several, the one with the highest number counts.

    `competitor` is a code of the rule `evidence.entered_indicators`, "" for ourselves. The value is amount / 10^scale: money
    is kept in fen.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    indicator = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    competitor = models.CharField(max_length=40, blank=True)
    first_day = models.DateField()
    last_day = models.DateField()
    number = models.PositiveIntegerField()
    amount = models.BigIntegerField()
    scale = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    only_grows = True

    class Meta:
        ordering = ("indicator", "unit", "competitor", "-first_day", "-number")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "indicator", "first_day", "last_day", "competitor", "number"], name="lake_figure_once"
            )
        ]


class Baseline(models.Model):
    """The figures before a measure. `content` is canonical JSON with everything that the baseline says, `digest` its SHA-256."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(max_length=80)
    content = models.TextField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    only_grows = True

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return self.title
