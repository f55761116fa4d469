"""The shape of input for the pages of customers."""

from __future__ import annotations

import dataclasses
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yingting.foundation.customers.contracts import FEN, Particulars
from yingting.foundation.privacy.rules import DataKind

FIELD = {"class": "form-control", "autocomplete": "off"}
CHOICE = {"class": "form-select"}
Choices = list[tuple[str, str]]


class SearchForm(forms.Form):
    """By what a customer is looked for. What is typed travels in the form's body, never in an address."""

    by = forms.ChoiceField(
        label=_("Search by"), widget=forms.Select(CHOICE),
        choices=[(DataKind.PHONE, _("Phone")), (DataKind.ID_NUMBER, _("Identity number")), (DataKind.NAME, _("Full name"))],
    )  # fmt: skip
    value = forms.CharField(
        label=_("Value"), max_length=80, widget=forms.TextInput({**FIELD, "spellcheck": "false", "autofocus": True})
    )


class ParticularsForm(forms.Form):
    """Who a customer is. In a correction an empty field leaves what stands."""

    name = forms.CharField(label=_("Customer's name"), max_length=80, widget=forms.TextInput(FIELD))
    phone = forms.CharField(
        label=_("Phone"), max_length=24, required=False, widget=forms.TextInput({**FIELD, "inputmode": "tel"})
    )
    id_number = forms.CharField(
        label=_("Identity number"), max_length=24, required=False, widget=forms.TextInput({**FIELD, "spellcheck": "false"}),
        help_text=_("Only if the business needs it."),
    )  # fmt: skip
    is_company = forms.BooleanField(
        label=_("A company or institution"), required=False, widget=forms.CheckboxInput({"class": "form-check-input"})
    )
    customer_since = forms.DateField(
        label=_("Customer since"), required=False, widget=forms.DateInput({**FIELD, "type": "date"}, format="%Y-%m-%d")
    )
    monthly = forms.DecimalField(
        label=_("Yuan a month"), required=False, min_value=0, max_value=10_000_000, decimal_places=2,
        widget=forms.NumberInput({**FIELD, "step": "0.01"}),
    )  # fmt: skip
    born_year = forms.IntegerField(
        label=_("Year of birth"), required=False, min_value=1900, max_value=2100, widget=forms.NumberInput(FIELD)
    )

    def said(self) -> Particulars:
        """Return what was said, empty where nothing was."""
        data = self.cleaned_data
        monthly = data["monthly"]
        return Particulars(
            name=data["name"], phone=data["phone"], id_number=data["id_number"], is_company=data["is_company"],
            born_year=data["born_year"], customer_since=data["customer_since"],
            monthly_fen=None if monthly is None else int(monthly * FEN),
        )  # fmt: skip


class RegisterForm(ParticularsForm):
    """A new customer at a unit."""

    unit = forms.ChoiceField(label=_("Unit"), widget=forms.Select(CHOICE))
    field_order = ("unit",)

    def __init__(self, *args: Any, units: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]


class CorrectForm(ParticularsForm):
    """What is not right in a file."""

    def __init__(self, *args: Any, stands: Particulars, **options: Any) -> None:
        options["initial"] = {
            "is_company": stands.is_company, "customer_since": stands.customer_since, "born_year": stands.born_year,
            "monthly": None if stands.monthly_fen is None else stands.monthly_fen / FEN,
        }  # fmt: skip
        super().__init__(*args, **options)
        self.stands = stands
        self.fields["name"].required = False

    def said(self) -> Particulars:
        """Return what holds after the correction."""
        said = super().said()
        kept = {name: getattr(said, name) or getattr(self.stands, name) for name in ("name", "phone", "id_number")}
        return dataclasses.replace(said, **kept, language=self.stands.language)
