"""Notices of public holidays: one a country and year, written once; a later number replaces an earlier one."""

from __future__ import annotations

from django.db import models

from yingting.kernel.ids import new_id


class Notice(models.Model):
    """What a country's government said of the holidays of a year. With its first notice a year is published.

    `days` are rows of `notices.NoticeDay` as JSON; `document` and `issued_on` name the paper.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    country = models.CharField(max_length=2)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    document = models.CharField(max_length=120)
    issued_on = models.DateField()
    days = models.JSONField()
    author_label = models.CharField(max_length=64)
    written_at = models.DateTimeField()

    only_grows = True

    class Meta:
        ordering = ("country", "-year", "-number")
        constraints = [models.UniqueConstraint(fields=["country", "year", "number"], name="calendars_notice_once")]

    def __str__(self) -> str:
        return f"{self.country} {self.year} {self.number}"
