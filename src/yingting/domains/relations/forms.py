"""The shape of input for the pages of relations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingting.domains.relations.rules.managing import LeadState, Purpose
from yingting.foundation.editing.forms import RowsOfBoxes, UnitField, date_input, dress
from yingting.foundation.sites.models import Unit

Choices = Iterable[tuple[Any, str]]


def _text(rows: int = 3) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class Dressed(forms.Form):
    """A form whose widgets have the house's classes; `choices` fills its choice fields by name."""

    def __init__(self, *args: Any, choices: Mapping[str, Choices] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, offered in (choices or {}).items():
            self.fields[name].choices = list(offered)  # type: ignore[attr-defined]  # a choice field
        dress(self)


class TeachForm(Dressed):
    """A teaching plan."""

    owner = forms.ChoiceField(label=_("Who does it"))
    due_on = forms.DateField(label=_("Contact by"), widget=date_input())


class ContactForm(Dressed):
    """A contact with a customer."""

    channel = forms.ChoiceField(label=_("How"))
    outcome = forms.ChoiceField(label=_("Outcome"))
    words = forms.CharField(label=_("What was said"), max_length=1000, required=False, widget=_text())


class GrantForm(Dressed):
    """An entitlement for having registered."""

    benefit = forms.ChoiceField(label=_("Benefit"))


class OfferingForm(Dressed):
    """A service campaign."""

    unit = UnitField(label=_("For which unit"), queryset=Unit.objects.none(), empty_label=None)
    title = forms.CharField(label=_("Title"), max_length=80)
    first = forms.DateField(label=_("From"), widget=date_input())
    last = forms.DateField(label=_("To"), widget=date_input())
    benefit = forms.ChoiceField(
        label=_("What it brings"), required=False, help_text=_("Who registers gets it once, valid from that day.")
    )


class RegisterForm(Dressed):
    """A customer takes part in a campaign: learnt, told, offered."""

    offering = forms.ChoiceField(label=_("Campaign"))
    learnt = forms.CharField(
        label=_("Learnt about the customer"), max_length=1000, required=False, widget=_text(2),
        help_text=_("What the customer uses and needs; no names or numbers of others."),
    )  # fmt: skip
    is_told = forms.BooleanField(label=_("The campaign was explained"), required=False)
    is_offered = forms.BooleanField(label=_("Something was offered"), required=False)
    result = forms.ChoiceField(
        label=_("Answer to the offer"), required=False,
        choices=[("", "–"), ("taken", _("Takes it")), ("thinking", _("Thinks about it")), ("declined", _("Declined"))],
    )  # fmt: skip


class LeadForm(Dressed):
    """A customer who is interested in something."""

    interest = forms.ChoiceField(label=_("Interest"))
    owner = forms.ChoiceField(label=_("Who follows it"))
    next_on = forms.DateField(label=_("Next contact on"), widget=date_input())
    note = forms.CharField(label=_("Note"), max_length=1000, required=False, widget=_text(2))
    has_card = forms.BooleanField(label=_("A business card was handed over"), required=False)


class FollowForm(ContactForm):
    """A contact of a lead, and what comes next."""

    end = forms.ChoiceField(label=_("And then"), choices=lambda: [(one.value, gettext(one.title)) for one in LeadState])
    next_on = forms.DateField(label=_("Next contact on"), widget=date_input(), required=False)
    has_card = forms.BooleanField(label=_("A business card was handed over"), required=False)


class VisitForm(Dressed):
    """A visit at the customer's place."""

    purpose = forms.ChoiceField(
        label=_("Purpose of the visit"), choices=lambda: [(one.value, gettext(one.title)) for one in Purpose]
    )
    person = forms.ChoiceField(label=_("Who goes"))
    planned_on = forms.DateField(label=_("On"), widget=date_input())


class LogForm(Dressed):
    """What came of a visit."""

    result = forms.CharField(label=_("What it led to"), max_length=1000, widget=_text())


class NoticeForm(Dressed):
    """A notice for the customers of segments."""

    unit = UnitField(label=_("For which unit"), queryset=Unit.objects.none(), empty_label=None)
    segments = forms.MultipleChoiceField(label=_("For the segments"), widget=RowsOfBoxes)
    title = forms.CharField(label=_("Title"), max_length=80)
    text = forms.CharField(label=_("What customers are told"), max_length=2000, widget=_text(4))


class SpecialForm(Dressed):
    """What was done for a customer who is owed special care."""

    hall = forms.ChoiceField(label=_("Hall"))
    done = forms.MultipleChoiceField(label=_("Done"), widget=RowsOfBoxes, required=False)
    why = forms.CharField(
        label=_("Why it was left out"), max_length=120, required=False,
        help_text=_("Only needed when something above is not ticked; it then becomes a case of the hall."),
    )  # fmt: skip
