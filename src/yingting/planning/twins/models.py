"""What was asked of a hall's twin, or of many, how far it is, and what came out."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall, Unit
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


class ManyRun(models.Model):
    """One question to the twins of the halls of a unit: measures on a day, as `TwinRun` keeps it. Each hall has a `ManyAnswer`.

    States as those of a `TwinRun`; it is done when every hall is, whether or not its twin could answer.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    question = models.TextField()
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=RunState.choices, default=RunState.WAITING)
    halls = models.PositiveIntegerField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-asked_at", "-id")
        indexes = [models.Index(fields=["unit", "-asked_at"], name="twins_many_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.halls} {self.state}"

    @property
    def is_over(self) -> bool:
        """Nothing more will happen to it."""
        return self.state in OVER


class ManyAnswer(models.Model):
    """One hall's part of a question to many: waiting → done | refused.

    The shares of waits within the limit as it is (`now`) and after the change (`then`), their difference with its interval,
    the counter hours that the change costs a day, and the difference for each of them (none where it costs none) are kept
    for sorting; `body` has all rows as canonical JSON, or why there are none. `inputs` is the digest of what it is made from.
    """

    run = models.ForeignKey(ManyRun, on_delete=models.CASCADE, related_name="+")
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=RunState.choices, default=RunState.WAITING)
    customers = models.FloatField(null=True)
    now = models.FloatField(null=True)
    then = models.FloatField(null=True)
    gain = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    hours = models.FloatField(null=True)
    gain_per_hour = models.FloatField(null=True)
    kept_per_hour = models.FloatField(null=True)
    body = models.TextField(blank=True)
    inputs = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("hall__code",)
        constraints = [models.UniqueConstraint(fields=["run", "hall"], name="twins_many_hall_once")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.hall_id} {self.state}"


class SnapshotRow(models.Model):
    """One look at a queue of a hall, out of a snapshot log: people waiting, counters open, the number that was being served
    (none yet: NULL). `queue` is a letter or what the log calls it; "*" is one line for all.
    """

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    queue = models.CharField(max_length=40)
    at = models.DateTimeField()
    waiting = models.PositiveIntegerField()
    counters = models.PositiveIntegerField()
    number = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ("hall", "at", "queue")
        constraints = [models.UniqueConstraint(fields=["hall", "at", "queue"], name="twins_snapshot_once")]

    def __str__(self) -> str:
        return f"{self.hall_id} {self.queue} {self.at}"
