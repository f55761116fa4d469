"""The shape of a change by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingting.foundation.editing.forms import dress
from yingting.planning.rosters.needs import SLOT_MIN
from yingting.twin.rostering.exports import clock
from yingting.twin.rostering.facts import Duty, Shift, variants

OFF, BEST = "", ""


class CellForm(forms.Form):
    """One person's day: the shift ("" is off), its lunch break, whether it stays, and which version of the roster was seen."""

    shift = forms.ChoiceField(required=False)
    lunch = forms.ChoiceField(label=_("Lunch break begins"), required=False)
    is_locked = forms.BooleanField(label=_("Lock this day: planning again leaves it as it is"), required=False)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, shifts: Sequence[Shift], **options: Any) -> None:
        """Offer the hall's shifts and every start of their lunch breaks."""
        super().__init__(*args, **options)
        self.variants = {shift.code: variants(shift, SLOT_MIN) for shift in shifts}
        starts = sorted({one.lunch_at_min for found in self.variants.values() for one in found} - {None})  # type: ignore[type-var]
        self.fields["shift"].choices = [(OFF, OFF), *((code, code) for code in self.variants)]  # type: ignore[attr-defined]
        self.fields["lunch"].choices = [  # type: ignore[attr-defined]
            (BEST, gettext("at the best time")), *((str(at), clock(at)) for at in starts if at is not None),
        ]  # fmt: skip
        dress(self)

    def clean(self) -> dict[str, Any]:
        """A lunch break has to fit the shift."""
        data: dict[str, Any] = super().clean() or {}
        shift, lunch = data.get("shift", OFF), data.get("lunch", BEST)
        if shift and lunch and Duty(shift, int(lunch)) not in self.variants[shift]:
            if self.variants[shift][0].lunch_at_min is None:
                data["lunch"] = BEST
            else:
                self.add_error("lunch", gettext("This shift has no lunch break at that time."))
        return data

    def allows(self, duty: Duty | None) -> bool:
        """Say whether the valid form may mean a duty: its shift, and its lunch break where one was chosen."""
        shift, lunch = self.cleaned_data["shift"], self.cleaned_data["lunch"]
        if duty is None or not shift:
            return duty is None and not shift
        return duty.shift == shift and (not lunch or duty.lunch_at_min == int(lunch))
