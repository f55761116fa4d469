"""The shape of input for the desk's pages of appointments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yingting.foundation.editing.forms import dress


class Dressed(forms.Form):
    """A form whose widgets have the house's classes; `choices` fills its choice fields by name."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, choices: Mapping[str, Iterable[tuple[str, str]]] | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, auto_id=f"{type(self).__name__.lower()}-%s", initial=dict(initial or {}))
        for name, offered in (choices or {}).items():
            self.fields[name].choices = list(offered)  # type: ignore[attr-defined]
        dress(self)


class BookForm(Dressed):
    """A booking for a customer who stands here or is on the telephone."""

    starts_at = forms.TypedChoiceField(
        label=_("Free times"), coerce=dt.datetime.fromisoformat, widget=forms.RadioSelect,
        error_messages={"required": _("Choose a time."), "invalid_choice": _("This time is not free any more. Choose another one.")},
    )  # fmt: skip
    name = forms.CharField(label=_("Customer's name"), max_length=40)
    phone = forms.CharField(label=_("Phone"), max_length=24, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    need = forms.CharField(
        label=_("What the customer needs"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    papers = forms.MultipleChoiceField(
        label=_("Papers that the customer has"), required=False, widget=forms.CheckboxSelectMultiple
    )
    wants_reminder = forms.BooleanField(
        label=_("The customer wants to be reminded (text message or telephone)"), required=False
    )
    language = forms.ChoiceField(label=_("Language of text messages"), required=False)
    channel = forms.ChoiceField(label=_("Booked by way of"))
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)


class ChangeForm(Dressed):
    """Another time for a booking."""

    starts_at = forms.TypedChoiceField(
        label=_("Free times"), coerce=dt.datetime.fromisoformat, widget=forms.RadioSelect,
        error_messages={"required": _("Choose a time."), "invalid_choice": _("This time is not free any more. Choose another one.")},
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
