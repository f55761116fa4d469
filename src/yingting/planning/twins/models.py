"""What was asked of a hall's twin, how far it is, and what came out."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.ids import new_id


class RunKind(models.TextChoices):
    """What a run is for."""

    FIT = "fit", _("Calibration")
    WHAT_IF = "what_if", _("What if")
    FORECAST = "forecast", _("Forecast")
    COUNTERS = "counters", _("Counters needed")
    ROSTER = "roster", _("Roster of a week")
    WHY_NOT = "why_not", _("Why not")


# Whoever may plan asks for rosters; all else is asked by whoever may ask the twin.
PLANS = (RunKind.ROSTER, RunKind.WHY_NOT)


def permission_for(kind: str) -> Permission:
    """Return the permission that asks, sees and cancels runs of a kind."""
    return Permission.SHIFTS_PLAN if kind in PLANS else Permission.TWIN_ASK


class RunState(models.TextChoices):
    """Where a run stands.

    waiting → running → done | refused | failed; waiting or running → cancelled
    """

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    REFUSED = "refused", _("not possible")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


OVER = (RunState.DONE, RunState.REFUSED, RunState.FAILED, RunState.CANCELLED)


class TwinRun(models.Model):
    """One question to the twin of a hall. `question` and `answer` are canonical JSON; `inputs` is the digest of the question
    and of all that the answer is made from, so that the same question about the same days is answered once.

    `progress` counts from 0 to 1000. `step` says in words what is being done, an English msgid.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=RunKind.choices)
    question = models.TextField()
    inputs = models.CharField(max_length=64, blank=True)
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=RunState.choices, default=RunState.WAITING)
    progress = models.IntegerField(default=0)
    step = models.CharField(max_length=80, blank=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ("-asked_at", "-id")
        indexes = [models.Index(fields=["hall", "kind", "-asked_at"], name="twins_of_hall")]

    def __str__(self) -> str:
        return f"{self.hall_id} {self.kind} {self.state}"

    @property
    def is_over(self) -> bool:
        """Nothing more will happen to it."""
        return self.state in OVER
