"""State of takings: what was counted, entry by entry."""

from __future__ import annotations

from django.db import models

from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
from yingting.kernel.ids import new_id


class TakingsEntry(models.Model):
    """What a hall took on a day by method, in cents. Written once; the entry with the highest number counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    business_day = models.DateField()
    number = models.PositiveIntegerField()
    amounts = models.JSONField()
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("hall", "business_day", "-number")
        constraints = [models.UniqueConstraint(fields=["hall", "business_day", "number"], name="takings_entry_once")]

    def __str__(self) -> str:
        return f"{self.business_day} {self.number}"
