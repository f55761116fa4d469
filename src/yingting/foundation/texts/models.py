"""Text messages to customers on their way. The flow is in `asking.py` and `sending.py`.

Text    waiting ─→ (claimed) ─→ sent
           ├────────── failed ←─┘  after the last try, or when it is no longer of use; before it, waiting again
           └─→ dropped             what it tells is no longer true, or the customer does not want it
"""

from __future__ import annotations

from django.db import models

from yingting.foundation.notify.models import Channel
from yingting.foundation.privacy.fields import SealedText, SearchKey
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.sites.models import Unit
from yingting.kernel.ids import new_id

# Of texts that are not over.
WAITING = models.Q(sent_at__isnull=True, failed_at__isnull=True, dropped_at__isnull=True)


class Text(models.Model):
    """A text to one customer by one gateway. `kind`, `about` (the record that it tells of) and `key` make it once.

    Number and words are emptied as soon as it is sent, failed or dropped: what stays is that something was told, and when.
    `created_at` is when it was asked for, by the clock of whoever asked (a hall may have its own); the other times are the
    outbox's. `ends_at`: it is of no use any more from then on. `reason` is a code of `carrying.Reason`, `answer` the service's own number.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=48)
    about = models.UUIDField()
    key = models.CharField(max_length=64, blank=True, default="")
    phone = SealedText("texts.phone", DataKind.PHONE)
    phone_key = SearchKey(of="phone")
    words = SealedText("texts.words", DataKind.TEXT)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=16, blank=True, default="")
    answer = models.IntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "about", "key"], name="texts_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=WAITING, name="texts_outbox"),
            models.Index(fields=["about", "created_at"], name="texts_about"),
            models.Index(fields=["channel", "created_at"], name="texts_of_channel"),
        ]
