"""The shape of input for the pages of voices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingting.domains.voices.rules import Judgement, Outcome, Stance
from yingting.foundation.editing.forms import RowsOfBoxes, UnitField, date_input, dress
from yingting.foundation.sites.models import Unit

Choices = Iterable[tuple[Any, str]]


def _text(rows: int = 4) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


def _radios() -> forms.RadioSelect:
    return forms.RadioSelect({"class": "voice-radio"})


class Dressed(forms.Form):
    """A form whose widgets have the house's classes; `choices` fills its choice fields by name."""

    def __init__(self, *args: Any, choices: Mapping[str, Choices] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, offered in (choices or {}).items():
            self.fields[name].choices = list(offered)  # type: ignore[attr-defined]
        dress(self)


class IdeaForm(Dressed):
    """A suggestion, in a minute."""

    kind = forms.ChoiceField(label=_("Kind of suggestion"), widget=_radios())
    about = forms.ChoiceField(label=_("What it is about"), required=False)
    title = forms.CharField(label=_("In one sentence"), max_length=80)
    text = forms.CharField(label=_("What you suggest"), max_length=2000, widget=_text())
    effect = forms.CharField(label=_("What it would bring"), max_length=400)
    cost = forms.DecimalField(
        label=_("What it would cost, in yuan"), required=False, min_value=0, max_value=Decimal(10) ** 9, decimal_places=2,
        help_text=_("A guess is enough. Service has a cost, too."),
    )  # fmt: skip
    campaign = forms.ChoiceField(label=_("Campaign"), required=False)
    is_unnamed = forms.BooleanField(
        label=_("Do not show my name to colleagues"), required=False,
        help_text=_("Who has to answer sees it, and you get the answer all the same."),
    )  # fmt: skip


class JudgeForm(Dressed):
    """The answer to a suggestion."""

    judgement = forms.ChoiceField(
        label=_("Evaluation"),
        widget=_radios(),
        choices=lambda: [(one.value, gettext(one.title)) for one in Judgement],
    )
    why = forms.CharField(label=_("Why, in words for everybody"), max_length=1000, widget=_text(3))


class ActForm(Dressed):
    """What is done because of a suggestion."""

    what = forms.CharField(label=_("What is done"), max_length=400)
    owner = forms.ChoiceField(label=_("Who does it"))
    verifier = forms.ChoiceField(label=_("Who checks it"))
    due_on = forms.DateField(label=_("Done by"), widget=date_input())
    look_on = forms.DateField(label=_("Effect looked at on"), widget=date_input(), required=False)
    baseline = forms.ChoiceField(
        label=_("Figures kept before"),
        required=False,
        help_text=_("Take a baseline first; the effect is compared with it."),
    )


class MeasureForm(Dressed):
    """Which indicator tells what an adopted suggestion has brought."""

    indicator = forms.ChoiceField(label=_("Indicator"))


class CampaignForm(Dressed):
    """A campaign."""

    unit = UnitField(label=_("For which unit"), queryset=Unit.objects.none(), empty_label=None)
    title = forms.CharField(label=_("Title"), max_length=80)
    theme = forms.CharField(label=_("Theme"), max_length=1000, widget=_text(3))
    first = forms.DateField(label=_("From"), widget=date_input())
    last = forms.DateField(label=_("To"), widget=date_input())


class ConsultForm(Dressed):
    """What is put before whom."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(label=_("What it is about"), max_length=4000, widget=_text(6))
    roles = forms.MultipleChoiceField(label=_("Who is asked"), widget=RowsOfBoxes, required=False)
    staff = forms.CharField(
        label=_("And these people"),
        required=False,
        max_length=500,
        help_text=_("Staff numbers, with commas between them."),
    )
    closes_on = forms.DateField(label=_("Last day to answer"), widget=date_input())


class AnswerForm(Dressed):
    """What somebody thinks of a draft."""

    stance = forms.ChoiceField(
        label=_("What do you think?"), widget=_radios(),
        choices=lambda: [(one.value, gettext(one.title)) for one in Stance],
    )  # fmt: skip
    words = forms.CharField(
        label=_("In your words"), max_length=2000, required=False, widget=_text(3),
        help_text=_("Needed unless you agree: what should be changed, or why not."),
    )  # fmt: skip


class OutcomeForm(Dressed):
    """What became of a comment."""

    outcome = forms.ChoiceField(
        label=_("What became of it"), choices=lambda: [(one.value, gettext(one.title)) for one in Outcome]
    )
    words = forms.CharField(label=_("The reason"), max_length=400, required=False)


class OrderForm(Dressed):
    """An order in words."""

    unit = UnitField(label=_("For which unit"), queryset=Unit.objects.none(), empty_label=None)
    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(label=_("What it is about"), max_length=4000, widget=_text(6))
    roles = forms.MultipleChoiceField(
        label=_("Roles"), widget=RowsOfBoxes, required=False, help_text=_("None: everybody who works there.")
    )


class CheckForm(Dressed):
    """Whether an order is complied with: seen on the spot, or told by an indicator."""

    unit = forms.ChoiceField(label=_("At which unit"))
    way = forms.ChoiceField(
        label=_("How"), widget=_radios(), initial="yes",
        choices=[
            ("yes", _("On the spot: complied with")), ("no", _("On the spot: not complied with")),
            ("figure", _("By an indicator and its target")),
        ],
    )  # fmt: skip
    words = forms.CharField(label=_("What was seen"), max_length=1000, required=False, widget=_text(2))
    indicator = forms.ChoiceField(label=_("Indicator"), required=False)
    first = forms.DateField(label=_("From"), widget=date_input(), required=False)
    last = forms.DateField(label=_("To"), widget=date_input(), required=False)

    def clean(self) -> dict[str, Any]:
        """An indicator needs its days."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("way") == "figure" and not (found.get("indicator") and found.get("first") and found.get("last")):
            self.add_error("indicator", gettext("Choose an indicator and its first and last day."))
        return found
