"""The shape of input for the pages of shifts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yingting.domains.shifts.rules import AbsenceKind, OffPostReason, Wanted
from yingting.foundation.editing.forms import date_input, dress

Choices = Iterable[tuple[str, str]]


class Dressed(forms.Form):
    """A form whose widgets have the house's classes; `choices` fills its choice fields by name.

    Ids begin with the form's name and, where a page has it more than once, with what it is about.
    """

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, choices: Mapping[str, Choices] | None = None, about: object = "",
        initial: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, auto_id=f"{type(self).__name__.lower()}{about}-%s", initial=dict(initial or {}))
        for name, offered in (choices or {}).items():
            self.fields[name].choices = list(offered)  # type: ignore[attr-defined]
        dress(self)


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=date_input(), **more)


class WishForm(Dressed):
    """A wish for one's own day."""

    day = _day(_("Day"))
    wanted = forms.TypedChoiceField(label=_("What I wish"), coerce=Wanted)


class TermsForm(Dressed):
    """A person's own terms; empty: as the rule says."""

    least_hours = forms.FloatField(label=_("Least hours a week"), required=False, min_value=0, max_value=60)
    most_hours = forms.FloatField(label=_("Most hours a week"), required=False, min_value=0, max_value=60)
    most_days = forms.IntegerField(label=_("Most days on duty a week"), required=False, min_value=1, max_value=7)
    rest_hours = forms.FloatField(
        label=_("Hours of rest between two duties"), required=False, min_value=0, max_value=24
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class AbsenceForm(Dressed):
    """An absence."""

    kind = forms.TypedChoiceField(label=_("Kind of absence"), coerce=AbsenceKind)
    first_day = _day(_("First day"))
    last_day = _day(_("Last day"))
    words = forms.CharField(label=_("Note"), max_length=200, required=False)


class OffPostForm(Dressed):
    """Taking somebody off post."""

    reason = forms.TypedChoiceField(label=_("Reason"), coerce=OffPostReason)
    since = _day(_("From"))
    until = _day(
        _("Last day off post"),
        required=False,
        help_text=_("Empty after a failed exam: it ends when the passed resit is entered."),
    )
    words = forms.CharField(label=_("What it rests on"), max_length=200)


class BackForm(Dressed):
    """Putting somebody back on post."""

    back_on = _day(_("Back on post from"))
    words = forms.CharField(label=_("What it rests on"), max_length=200, help_text=_("For an exam: the passed resit."))


class LicenceForm(Dressed):
    """A licence with its last day."""

    code = forms.ChoiceField(label=_("Licence"))
    valid_until = _day(_("Valid until"))


class AnswerForm(Dressed):
    """The answer to a wish, by hand."""

    words = forms.CharField(label=_("Words for the answer"), max_length=200, required=False)
