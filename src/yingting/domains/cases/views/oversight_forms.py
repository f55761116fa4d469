"""The shape of input for managers' pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingting.domains.cases.queries.violations import Sought
from yingting.domains.cases.rules.oversight import Support
from yingting.foundation.editing.forms import date_input, dress
from yingting.foundation.editing.naming import named
from yingting.kernel.shapes import Named

Choices = Iterable[tuple[str, str]]
PERSON, UNIT, NOBODY = "person", "unit", "nobody"
WHO = ((PERSON, _("a person")), (UNIT, _("a unit")), (NOBODY, _("nobody")))
LONG = forms.Textarea(attrs={"rows": 3})


class FindForm(forms.Form):
    """Who is answerable: a person, a unit, or nobody."""

    who = forms.ChoiceField(label=_("Who is answerable"), choices=WHO)
    staff_no = forms.CharField(label=_("Staff number"), required=False, max_length=24)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    step = forms.ChoiceField(label=_("Step"), required=False)
    cause = forms.ChoiceField(label=_("Cause"))
    share = forms.ChoiceField(
        label=_("Main or shared"), choices=(("main", _("main responsibility")), ("shared", _("shared responsibility")))
    )
    words = forms.CharField(label=_("Grounds"), widget=LONG, max_length=2000, required=False)

    def __init__(self, *args: Any, units: Choices, steps: Choices, causes: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, choices in (("unit", [("", "–"), *units]), ("step", [("", "–"), *steps]), ("cause", list(causes))):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        dress(self)

    def clean(self) -> dict[str, Any]:
        """Ask for the person or the unit that is named as answerable, and forget the other."""
        found = super().clean() or {}
        if found.get("who") == PERSON and not found.get("staff_no"):
            self.add_error("staff_no", gettext("Whose staff number?"))
        if found.get("who") == UNIT and not found.get("unit"):
            self.add_error("unit", gettext("Which unit?"))
        return found

    def unit_id(self) -> UUID | None:
        """Return the unit found answerable, if one is."""
        return UUID(self.cleaned_data["unit"]) if self.cleaned_data["who"] == UNIT else None


class SoughtForm(forms.Form):
    """Which violations are shown."""

    article = forms.ChoiceField(label=_("Article"), required=False)
    staff_no = forms.CharField(label=_("Staff number"), required=False, max_length=24)
    first = forms.DateField(label=_("From"), required=False, widget=date_input())
    last = forms.DateField(label=_("To"), required=False, widget=date_input())

    def __init__(self, *args: Any, articles: Iterable[Named | Any], **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [("", gettext("All")), *((one.code, named(one)) for one in articles)]
        self.fields["article"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        dress(self)

    def sought(self) -> Sought:
        """Return what is sought; what cannot be read is not asked."""
        self.is_valid()
        return Sought(**{name: value for name, value in self.cleaned_data.items() if value})


class RatingForm(forms.Form):
    """Points for each item of the rule, and words."""

    def __init__(self, *args: Any, rule: Support, **more: Any) -> None:
        super().__init__(*args, **more)
        scale = [(str(points), str(points)) for points in range(rule.most, 0, -1)]
        for item in rule.items:
            self.fields[f"item-{item.code}"] = forms.ChoiceField(
                label=named(item), choices=scale, widget=forms.RadioSelect
            )
        self.fields["words"] = forms.CharField(label=_("Remark"), widget=LONG, max_length=1000, required=False)
        dress(self)

    def points(self) -> dict[str, int]:
        """Return the points by item."""
        return {
            name.removeprefix("item-"): int(value)
            for name, value in self.cleaned_data.items()
            if name.startswith("item-")
        }
