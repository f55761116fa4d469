"""Forms of the settings pages: one base that knows what a row stands in, and one function that dresses widgets."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from django import forms
from django.db import models
from django.forms import widgets

from yingting.foundation.editing.naming import named
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor

M = TypeVar("M", bound=models.Model)


class RecordForm(forms.ModelForm[M], Generic[M]):
    """A form for one row. `within` is what the row stands in (a hall, a unit, a class); `actor` is who fills it in."""

    def __init__(self, *args: Any, within: models.Model | None = None, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.within, self.actor = within, actor
        # The instance belongs to the action: it checks constraints inside the transaction, with the house's own sentences.
        self.prepare()
        dress(self)

    def prepare(self) -> None:
        """Narrow choices to what may be chosen here."""

    def validate_unique(self) -> None:
        """Leave it to the action."""

    def validate_constraints(self) -> None:
        """Leave it to the action."""


class UnitField(forms.ModelChoiceField[Unit]):
    """A choice of units, indented by their depth in the tree."""

    def label_from_instance(self, obj: Unit) -> str:
        """Return the unit's name and code, behind one wide space per level."""
        return f"{'　' * (obj.path.count('/') - 1)}{named(obj)} {obj.code}"


class RowsOfBoxes(forms.CheckboxSelectMultiple):
    """Several choices as check boxes, one a line."""

    template_name = "editing/_boxes.html"
    option_template_name = "editing/_box.html"


def time_input() -> forms.TimeInput:
    """Return an input for a wall time in whole minutes."""
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


def date_input() -> forms.DateInput:
    """Return an input for a date."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def dress(form: forms.BaseForm) -> None:
    """Give every widget the class that the style sheet knows; labels stand above their fields and need no colon."""
    form.label_suffix = ""
    for field in form.fields.values():
        field.widget.attrs.setdefault("class", _class_of(field.widget))
        if isinstance(field.widget, widgets.Input | widgets.Textarea):
            field.widget.attrs.setdefault("autocomplete", "off")


def _class_of(widget: forms.Widget) -> str:
    if isinstance(widget, widgets.CheckboxInput | widgets.CheckboxSelectMultiple | widgets.RadioSelect):
        return "form-check-input"
    return "form-select" if isinstance(widget, widgets.Select) else "form-control"
