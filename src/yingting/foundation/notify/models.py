"""Messages, and the ways by which they leave the house. The flow is in `telling.py`, `reading.py` and `sending.py`.

Message     told ─→ read                              is_open: not read, and no more pressing one about its subject
Delivery    waiting ─→ (claimed) ─→ sent
                └──────── failed ←─┘  after the last try; before it, waiting again
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yingting.foundation.people.models import Person, Role
from yingting.foundation.sites.models import Unit
from yingting.kernel.ids import new_id


class Severities(models.TextChoices):
    """`rules.Severity` with its words, for columns and forms."""

    NOTE = "note", _("Information")
    WARNING = "warning", _("Warning")
    URGENT = "urgent", _("Urgent")


class Notice(models.Model):
    """What there is to tell: a sentence as English msgid with parameters, so that each reader has it in their language.

    `title` and `body` are msgids; how parameters are written is told in `words.py`. `link` is an address in this house.
    `subject` names the matter (an alert, a case): a matter that somebody has an open message about is not told again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=48)
    subject = models.CharField(max_length=80, blank=True)
    severity = models.CharField(max_length=8, choices=Severities)
    title = models.TextField()
    body = models.TextField(blank=True)
    params = models.JSONField(default=dict)
    link = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="notify_notice_at")]


class Message(models.Model):
    """A notice in one person's inbox. Kind, subject and severity are the notice's, for the constraint and the limits.

    A message over the hourly limit is folded into the last one of its kind that stands in the inbox.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=48)
    subject = models.CharField(max_length=80, blank=True)
    severity = models.CharField(max_length=8, choices=Severities)
    created_at = models.DateTimeField()
    folded_into = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField(null=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "person"], name="notify_told_once"),
            models.UniqueConstraint(
                fields=["person", "kind", "subject"],
                condition=models.Q(is_open=True) & ~models.Q(subject=""),
                name="notify_one_open_message",
            ),
        ]
        indexes = [
            models.Index(
                fields=["person"],
                condition=models.Q(read_at__isnull=True, folded_into__isnull=True),
                name="notify_unread",
            ),
            models.Index(fields=["person", "created_at"], name="notify_inbox"),
            models.Index(fields=["created_at"], name="notify_message_at"),
        ]


class Channel(models.Model):
    """A way out of the house for the people of a unit, or for those of them who hold a role: a robot, a mailbox, a gateway.

    `sealed` is the address, readable only with the installation's secret (`addresses.py`). `for_customers`: it is a gateway that
    takes texts to customers of this unit and all below it (`texts/`), and nothing that is told to people.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    role = models.ForeignKey(Role, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sealed = models.TextField()
    least = models.CharField(max_length=8, choices=Severities, default=Severities.NOTE)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    is_active = models.BooleanField(default=True)
    for_customers = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ("unit__path", "name")
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="notify_channel_name")]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """The outbox: one notice (None: a test) on its way by one channel. `key` makes it once a channel, whoever puts it there.

    `reason` is a code of `carrying.Reason` and `number` the answer's own number, both of the last try.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    notice = models.ForeignKey(Notice, null=True, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=48)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=16, blank=True)
    number = models.IntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "key"], name="notify_delivery_once")]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(sent_at__isnull=True, failed_at__isnull=True),
                name="notify_outbox",
            ),
            models.Index(fields=["channel", "created_at"], name="notify_delivery_of"),
        ]
