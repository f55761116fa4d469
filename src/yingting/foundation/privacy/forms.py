"""The shape of input for the pages of personal data."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yingting.foundation.privacy.disclosing import Why
from yingting.foundation.privacy.models import Ways
from yingting.foundation.privacy.reading import Asked, Choice
from yingting.foundation.privacy.rules import DataKind

FIELD = {"class": "form-control"}
CHOICE = {"class": "form-select"}


class AskedForm(forms.Form):
    """Which reveals and exports are shown."""

    person = forms.CharField(label=_("Staff number"), required=False, max_length=64, widget=forms.TextInput(FIELD))
    way = forms.ChoiceField(label=_("Way"), required=False, widget=forms.Select(CHOICE))
    reason = forms.ChoiceField(label=_("Reason"), required=False, widget=forms.Select(CHOICE))
    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({**FIELD, "type": "date"}))
    last = forms.DateField(label=_("To"), required=False, widget=forms.DateInput({**FIELD, "type": "date"}))
    record = forms.UUIDField(label=_("Number of the record"), required=False, widget=forms.TextInput(FIELD))

    def __init__(self, *args: Any, reasons: list[Choice], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["way"].choices = [("", _("All")), *Ways.choices]  # type: ignore[attr-defined]
        self.fields["reason"].choices = [("", _("All")), *reasons]  # type: ignore[attr-defined]

    def asked(self) -> Asked:
        """Return what is asked; what cannot be read is not asked."""
        self.is_valid()
        return Asked(**{name: value for name, value in self.cleaned_data.items() if value})


class WhyForm(forms.Form):
    """Why personal data is revealed or taken out."""

    reason = forms.ChoiceField(label=_("Reason"), widget=forms.Select(CHOICE))
    note = forms.CharField(
        label=_("What for, in a few words"), max_length=500, widget=forms.TextInput({**FIELD, "autocomplete": "off"})
    )

    def __init__(self, *, reasons: list[Choice]) -> None:
        super().__init__(auto_id="why-%s")
        self.fields["reason"].choices = [("", _("Choose a reason")), *reasons]  # type: ignore[attr-defined]


def why_of(data: Any) -> Why:
    """Return the reason and note that were posted; `disclosing.require_why` says what is wrong with them."""
    return Why(data.get("reason", ""), data.get("note", ""))


class PersonForm(forms.Form):
    """Whose records are looked for."""

    kind = forms.ChoiceField(
        label=_("Search by"), widget=forms.Select(CHOICE),
        choices=[(DataKind.PHONE, _("Phone")), (DataKind.ID_NUMBER, _("Identity number")), (DataKind.NAME, _("Full name"))],
    )  # fmt: skip
    value = forms.CharField(
        label=_("Value"), max_length=80, widget=forms.TextInput({**FIELD, "autocomplete": "off", "spellcheck": "false"})
    )
