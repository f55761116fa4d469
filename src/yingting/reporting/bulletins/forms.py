"""What people fill in about bulletins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from yingting.foundation.editing.forms import UnitField, date_input, dress
from yingting.foundation.sites.models import Unit
from yingting.reporting.bulletins.drafting import DraftText, DutyText

Choices = Iterable[tuple[str, str]]


class NewForm(forms.Form):
    """Which bulletin to draft."""

    unit = UnitField(label=_("Unit"), queryset=Unit.objects.none())
    kind = forms.ChoiceField(label=_("Kind"))
    day = forms.DateField(label=_("A day of the period"), widget=date_input())
    last = forms.DateField(
        label=_("Last day"), widget=date_input(), required=False, help_text=_("Only for kinds that cover any days.")
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], kinds: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]  # a ChoiceField
        dress(self)


class DraftForm(forms.Form):
    """The texts of a draft."""

    title = forms.CharField(label=_("Title"), max_length=120)
    opening = forms.CharField(
        label=_("Opening"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("May name {unit} {period} {kind} {rows} {missed}."),
    )  # fmt: skip
    closing = forms.CharField(
        label=_("Closing"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("As above, and {due}: by when shortcomings are put right."),
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        dress(self)

    def text(self, duties: forms.BaseFormSet[DutyForm]) -> DraftText:
        """Return what was filled in, duties included; call it when both are valid."""
        return DraftText(**self.cleaned_data, duties=tuple(one.duty() for one in duties if one.is_filled()))


class DutyForm(forms.Form):
    """A duty, of a shortcoming (`about`) or of its own."""

    about = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput())
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    what = forms.CharField(label=_("Duty"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    staff_no = forms.CharField(label=_("Person (staff number)"), max_length=24, required=False)
    role = forms.ChoiceField(label=_("or post"), required=False)
    due = forms.DateField(label=_("By when"), widget=date_input(), required=False)

    def __init__(self, *args: Any, roles: Choices = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["role"].choices = [("", "–"), *roles]  # type: ignore[attr-defined]  # a ChoiceField
        dress(self)

    def is_filled(self) -> bool:
        """Is there a duty here, and is it to stay?"""
        found = self.cleaned_data
        return bool(found.get("what")) and not found.get("DELETE")

    def clean(self) -> dict[str, Any]:
        """A duty needs a day."""
        found = super().clean() or {}
        if found.get("what") and not found.get("due"):
            self.add_error("due", _("Say by when."))
        return found

    def duty(self) -> DutyText:
        """Return what was filled in."""
        found = self.cleaned_data
        return DutyText(
            found["what"], found["due"], found["reason"], found["about"], found["staff_no"].strip(), found["role"]
        )


DutyForms = forms.formset_factory(DutyForm, extra=1, can_delete=True, max_num=60, validate_max=True)


class SearchForm(forms.Form):
    """What is looked for in the archive."""

    text = forms.CharField(label=_("Number or title"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    first = forms.DateField(label=_("From"), required=False, widget=date_input())
    last = forms.DateField(label=_("To"), required=False, widget=date_input())

    def __init__(self, *args: Any, kinds: Choices, units: Choices, states: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, choices in (("kind", kinds), ("unit", units), ("state", states)):
            self.fields[name].choices = [("", _("all")), *choices]  # type: ignore[attr-defined]  # a ChoiceField
        dress(self)


class TemplateForm(forms.Form):
    """A Word template for a unit."""

    unit = UnitField(label=_("Unit"), queryset=Unit.objects.none())
    file = forms.FileField(label=_("Word template (.docx)"))

    def __init__(self, *args: Any, units: QuerySet[Unit], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a ModelChoiceField
        dress(self)
