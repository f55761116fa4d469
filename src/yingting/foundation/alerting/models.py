"""State of alerts on indicators. The flow is in `watching.py`, the decisions in `rules.py`."""

from __future__ import annotations

from django.db import models

from yingting.foundation.alerting.rules import Span
from yingting.foundation.sites.models import Hall
from yingting.kernel.ids import new_id


class IndicatorAlert(models.Model):
    """An indicator of a hall beyond its limit, from when it was raised to when it was cleared. One open for each watch.

    `value`, `n`, `days` and `last_day` are of the last time that people were told; `limit` is what held then. On the running
    day `since`, `told_at` and `seen_at` are instants of the hall's clock, and `seen_value` and `seen_n` are of the last look.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    watch = models.CharField(max_length=40)
    indicator = models.CharField(max_length=80)
    severity = models.CharField(max_length=8)
    span = models.CharField(max_length=8, default=Span.DAYS.value)
    last_min = models.PositiveSmallIntegerField(null=True)
    against = models.CharField(max_length=12)
    limit = models.FloatField()
    value = models.FloatField()
    n = models.PositiveIntegerField()
    days = models.PositiveSmallIntegerField()
    last_day = models.DateField()
    raised_day = models.DateField()
    raised_at = models.DateTimeField()
    since = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    seen_value = models.FloatField(null=True)
    seen_n = models.PositiveIntegerField(null=True)
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


class LiveTurn(models.Model):
    """`rules.Turn` of a watch of the running day, kept so that the next look, of whichever worker, goes on from it.

    `is_beyond`: beyond the limit while no alert is open; else within it while one is.
    """

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="+")
    watch = models.CharField(max_length=40)
    indicator = models.CharField(max_length=80)
    is_beyond = models.BooleanField()
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hall", "watch"], name="alerting_one_turn")]
