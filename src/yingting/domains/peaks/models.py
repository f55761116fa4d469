"""State of alerts. The flow is in `actions/`, the decisions in `rules.py`.

raised ─→ seen ─→ acted ─┐
   │ └──────────→ acted ─┼→ ended
   └──(time over)→ lapsed┘      a rise to a higher level begins again at "raised" within the same alert
"""

from __future__ import annotations

from django.db import models

from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
from yingting.kernel.ids import new_id


class Alert(models.Model):
    """A hall in trouble of one kind, from the first moment to the last. At most one of a kind is open in a hall.

    `act_by` is the moment of breach as computed when the level was reached; `lapsed_at` equals it. `seen_at`, `acted_at` and
    `lapsed_at` belong to the present level; `lapses` counts those of all levels. `on_duty` (ids) belongs to the last lapse.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    business_day = models.DateField()
    kind = models.CharField(max_length=16)
    level = models.PositiveSmallIntegerField()
    level_code = models.CharField(max_length=24, blank=True)
    people = models.PositiveIntegerField()
    minutes = models.PositiveIntegerField()
    about = models.JSONField(default=list)
    raised_at = models.DateTimeField()
    level_since = models.DateTimeField()
    act_by = models.DateTimeField()
    below_since = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    acted_at = models.DateTimeField(null=True)
    acted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    measure = models.CharField(max_length=16, blank=True)
    words = models.CharField(max_length=120, blank=True)
    lapsed_at = models.DateTimeField(null=True)
    lapses = models.PositiveSmallIntegerField(default=0)
    on_duty = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "kind"], condition=models.Q(ended_at__isnull=True), name="peaks_one_open_alert"
            )
        ]
        indexes = [models.Index(fields=["hall", "business_day"], name="peaks_alert_day")]
