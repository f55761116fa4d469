"""Forms of the calendar pages: what is due, and a notice of public holidays."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yingting.foundation.calendars.notices import NoticeDay
from yingting.foundation.editing.calendars.rows import COLUMNS, Numbered
from yingting.foundation.editing.forms import date_input, dress
from yingting.kernel.worktime.calendars import WorkCalendar
from yingting.kernel.worktime.limits import Limit, Unit


class DueForm(forms.Form):
    """A start and a limit, to see when it is due."""

    start = forms.DateTimeField(
        label=_("Start of the clock"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    amount = forms.IntegerField(label=_("Length of the limit"), min_value=1, max_value=10_000)
    limit_unit = forms.ChoiceField(label=_("Unit of the limit"), choices=[(one.value, _(one.title)) for one in Unit])
    counts_start_day = forms.BooleanField(label=_("The day of the start counts"), required=False)
    to_day_end = forms.BooleanField(label=_("Due at the end of the day"), required=False)
    moves_off_rest = forms.BooleanField(label=_("Moves off rest days"), required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, start: dt.datetime) -> None:
        usual = {"start": start, "amount": 5, "limit_unit": Unit.WORKING_DAYS.value, "to_day_end": True}
        super().__init__(data, initial=usual)
        dress(self)

    def limit(self) -> Limit:
        """Return the limit that was filled in."""
        held = self.cleaned_data
        return Limit(
            held["amount"], Unit(held["limit_unit"]), counts_start_day=held["counts_start_day"],
            to_day_end=held["to_day_end"], moves_off_rest=held["moves_off_rest"],
        )  # fmt: skip

    def begun(self, calendar: WorkCalendar) -> dt.datetime:
        """Return the start as an instant: what was written is the calendar's own time."""
        start: dt.datetime = self.cleaned_data["start"]
        return start.replace(tzinfo=calendar.zone)


class NoticeForm(forms.Form):
    """A notice of a year: its paper, and its days as lines of text or as a file."""

    document = forms.CharField(label=_("Document"), max_length=120, help_text=_("Its title, with its number."))
    issued_on = forms.DateField(label=_("Issued on"), widget=date_input())
    file = forms.FileField(
        label=_("File with the days"),
        required=False,
        help_text=_("CSV, TSV or XLSX. Its days replace the lines below."),
    )
    days = forms.CharField(
        label=_("Days off and made up"), required=False, widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("One row a line: first day, last day, 休 or 班, name, English name."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)

    def lines(self) -> list[Numbered]:
        """Return the lines that were written, each with its cells."""
        written = csv.reader(self.cleaned_data["days"].replace("，", ",").splitlines())
        return [
            (number, dict(zip(COLUMNS, [cell.strip() for cell in cells], strict=False)), None)
            for number, cells in enumerate(written, start=1)
            if any(cells)
        ]


def as_lines(days: tuple[NoticeDay, ...]) -> str:
    """Return days as the lines that the form takes."""
    rows = (
        f"{row.first},{row.last},{'班' if row.works else '休'},{row.name},{row.name_en}".rstrip(",") for row in days
    )
    return "\n".join(rows)
