"""The form for a snapshot log: the file, what it calls its columns, and whether the good rows alone are taken."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingting.foundation.editing.forms import dress
from yingting.foundation.lake.inspecting import TOO_BIG
from yingting.kernel.refusals import Refusal
from yingting.planning.twins.snapshots.actions import LIMITS
from yingting.planning.twins.snapshots.columns import HEADINGS, TITLES


class SnapshotForm(forms.Form):
    """A log, and its headings where they are none of those that are known."""

    file = forms.FileField(
        label=_("File (CSV, TSV or XLSX, also .gz)"), error_messages={"required": _("Choose a file first.")}
    )
    take_good = forms.BooleanField(label=_("Leave the bad rows out and take only the good ones"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        """Add a field for the heading of each column."""
        super().__init__(*args, **options)
        for field, title in TITLES.items():
            help_text = gettext("Known: %(headings)s") % {"headings": ", ".join(HEADINGS[field])}
            self.fields[f"of_{field}"] = forms.CharField(
                label=gettext(title), required=False, max_length=80, help_text=help_text
            )
        dress(self)

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > LIMITS.size:
            raise forms.ValidationError(Refusal(TOO_BIG, limit_mb=LIMITS.size >> 20).in_words(gettext))
        return file

    def columns(self) -> list[forms.BoundField]:
        """Return the fields of the headings."""
        return [self[f"of_{field}"] for field in TITLES]

    def headings(self) -> dict[str, str]:
        """Return the headings that were named, by field."""
        named = {field: self.cleaned_data[f"of_{field}"].strip() for field in TITLES}
        return {field: name for field, name in named.items() if name}
