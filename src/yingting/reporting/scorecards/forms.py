"""What people fill in about scorecards."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from yingting.reporting.scorecards.correcting import Proposal
from yingting.reporting.scorecards.models import CorrectionOf


class CorrectionForm(forms.Form):
    """A proposal to correct a frozen card."""

    about = forms.ChoiceField(label=_("Line or dimension"))
    what = forms.ChoiceField(label=_("What to replace"), choices=CorrectionOf.choices)
    amount = forms.DecimalField(
        label=_("Replaced by"), max_digits=16, decimal_places=4, help_text=_("Percent, minutes or points.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)
    evidence = forms.CharField(
        label=_("Evidence"), max_length=300, required=False, help_text=_("A link or a file number.")
    )

    def __init__(self, data: QueryDict | None = None, *, subjects: Iterable[tuple[str, str]]) -> None:
        super().__init__(data, auto_id="correction_%s")
        self.fields["about"].choices = list(subjects)  # type: ignore[attr-defined]  # a ChoiceField
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"

    def proposal(self) -> Proposal:
        """Return what was filled in; call it when the form is valid."""
        return Proposal(**self.cleaned_data)
