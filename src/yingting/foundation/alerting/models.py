"""State of alerts on indicators. The flow is in `watching.py`, the decisions in `rules.py`."""

from __future__ import annotations

from django.db import models

from yingting.foundation.sites.models import Hall
from yingting.kernel.ids import new_id


class IndicatorAlert(models.Model):
    """An indicator of a hall beyond its limit, from the day it was raised to the day it was cleared. One open for each watch.

    `value`, `n`, `days` and `last_day` are of the last time that people were told; `limit` is what held then.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    watch = models.CharField(max_length=40)
    indicator = models.CharField(max_length=80)
    severity = models.CharField(max_length=8)
    against = models.CharField(max_length=12)
    limit = models.FloatField()
    value = models.FloatField()
    n = models.PositiveIntegerField()
    days = models.PositiveSmallIntegerField()
    last_day = models.DateField()
    raised_day = models.DateField()
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "watch"], condition=models.Q(cleared_at__isnull=True), name="alerting_one_open"
            )
        ]
        indexes = [
            models.Index(fields=["hall"], condition=models.Q(cleared_at__isnull=True), name="alerting_open_of_hall")
        ]
