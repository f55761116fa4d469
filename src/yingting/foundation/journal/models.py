"""The journal's one table. Only `record()` and the statement fragment of `recording.py` insert; triggers forbid the rest."""

from __future__ import annotations

from django.db import models


class Fact(models.Model):
    """Something that happened, never changed afterwards. A correction is a new fact.

    `subject` and `version` order the facts of one thing: version n is the n-th change of that thing, so folding needs no clock.
    `request_key` is the caller's idempotency key: the fact itself is the memory of the first answer.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=64)
    subject = models.UUIDField()
    version = models.PositiveIntegerField()
    hall = models.UUIDField(null=True)
    business_day = models.DateField(null=True)
    actor_kind = models.CharField(max_length=8)
    actor = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=64)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    schema = models.PositiveSmallIntegerField()
    data = models.JSONField()
    correlation = models.UUIDField(null=True)
    request_key = models.CharField(max_length=64, null=True)  # noqa: DJ001 - NULL means "none", and must not collide
    only_grows = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "version"], name="journal_one_fact_per_change"),
            models.UniqueConstraint(
                fields=["hall", "request_key"],
                condition=models.Q(request_key__isnull=False),
                name="journal_one_answer_per_request",
            ),
        ]
        indexes = [models.Index(fields=["hall", "business_day"], name="journal_hall_day")]
