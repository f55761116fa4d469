"""State of scorecards: frozen cards, which never change, and corrections, which stand beside them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
from yingting.kernel.ids import new_id


class FrozenScore(models.Model):
    """The card of a hall for a period, as it was when it was frozen. Triggers stop every change (see triggers of the journal).

    `body` is canonical JSON (`sealing`), `digest` its SHA-256.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    first = models.DateField()
    last = models.DateField()
    body = models.TextField()
    digest = models.CharField(max_length=64)
    frozen_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField()
    only_grows = True

    class Meta:
        ordering = ("-first", "hall")
        constraints = [models.UniqueConstraint(fields=["hall", "first"], name="scorecards_frozen_once")]

    def __str__(self) -> str:
        return f"{self.hall_id} {self.first}"


class CorrectionState(models.TextChoices):
    """Where a correction stands."""

    PROPOSED = "proposed", _("proposed")
    CONFIRMED = "confirmed", _("confirmed")
    REFUSED = "refused", _("refused")


class CorrectionOf(models.TextChoices):
    """What a correction replaces."""

    VALUE = "value", _("Value")
    POINTS = "points", _("Points")


class ScoreCorrection(models.Model):
    """Another value or other points for a line or dimension of a frozen card, once a second person has confirmed it.

    `about` is an indicator's key or a dimension; `amount` is written as people write it (percent, minutes, points).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    card = models.ForeignKey(FrozenScore, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=64)
    what = models.CharField(max_length=8, choices=CorrectionOf)
    amount = models.DecimalField(max_digits=16, decimal_places=4)
    reason = models.CharField(max_length=300)
    evidence = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=CorrectionState, default=CorrectionState.PROPOSED)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("proposed_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("proposed_by")),
                name="scorecards_decided_by_another",
            )
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.state}"
