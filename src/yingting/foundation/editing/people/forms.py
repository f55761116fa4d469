"""Shape of input for people, roles, grants, passwords and tokens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingting.foundation.editing.forms import RecordForm, RowsOfBoxes, UnitField, dress
from yingting.foundation.editing.naming import LANGUAGES
from yingting.foundation.people.access import units_for
from yingting.foundation.people.models import Person, Role, RoleGrant
from yingting.foundation.people.permissions import TITLES, Permission


class PersonForm(RecordForm[Person]):
    """A person; the staff number is only asked for once."""

    class Meta:
        model = Person
        fields = ("staff_no", "name", "unit", "vendor", "language")
        labels = {"staff_no": _("Staff number"), "name": _("Full name"), "unit": _("Unit"), "vendor": _("Vendor")}
        help_texts = {
            "staff_no": _("For signing in. Cannot be changed later."),
            "vendor": _(
                "Whose staff a vendor's person at our counters is. Empty for own staff; the same checks hold for both."
            ),
        }
        field_classes = {"unit": UnitField}

    def prepare(self) -> None:
        """Offer the units in scope; ask for the staff number only when new."""
        if not self.instance._state.adding:
            del self.fields["staff_no"]
        units = units_for(self.actor, Permission.PEOPLE_MANAGE).filter(is_active=True)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        languages = [("", _("as the browser says")), *LANGUAGES]
        self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=languages, required=False)


class RoleForm(RecordForm[Role]):
    """A role with its permissions as sentences."""

    permissions = forms.MultipleChoiceField(label=_("What it allows"), choices=(), widget=RowsOfBoxes, required=False)

    class Meta:
        model = Role
        fields = ("key", "name", "name_en", "permissions")
        labels = {"key": _("Key"), "name": _("Name"), "name_en": _("English name")}
        help_texts = {"key": _("Small letters, digits and underscore. Cannot be changed later.")}

    def prepare(self) -> None:
        """Show every permission as a sentence; ask for the key only when new."""
        self.fields["permissions"].choices = [  # type: ignore[attr-defined]
            (permission.value, gettext(title)) for permission, title in TITLES.items()
        ]
        if not self.instance._state.adding:
            del self.fields["key"]

    def clean_permissions(self) -> list[str]:
        """Keep the house's order, so that ticking the same boxes changes nothing."""
        chosen = self.cleaned_data["permissions"]
        kept = [item for item in self.instance.permissions if item in chosen]
        return kept + [item.value for item in Permission if item.value in chosen and item.value not in kept]


class GrantForm(RecordForm[RoleGrant]):
    """Which role a person gets, and on which part of the tree."""

    class Meta:
        model = RoleGrant
        fields = ("role", "unit")
        labels = {"role": _("Role"), "unit": _("On this unit and everything below")}
        field_classes = {"unit": UnitField}

    def prepare(self) -> None:
        """Offer the units in scope, the person's own first of all."""
        units = units_for(self.actor, Permission.PEOPLE_MANAGE).filter(is_active=True)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        if isinstance(self.within, Person):
            self.initial["unit"] = self.within.unit_id


class PasswordForm(forms.Form):
    """A new password, or none for a made-up one."""

    password = forms.CharField(
        label=_("New password"), required=False, max_length=128, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters. Leave it empty and a safe one is made up and shown once."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


class TokenForm(forms.Form):
    """What a token is for."""

    name = forms.CharField(
        label=_("What it is for"), max_length=40, help_text=_("For example: ticket printer at the entrance.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)
