"""Shape of input for channels."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingting.foundation.editing.forms import RecordForm, UnitField
from yingting.foundation.editing.naming import named
from yingting.foundation.notify.addresses import address_from, masked, unseal_address
from yingting.foundation.notify.models import Channel
from yingting.foundation.people.access import units_for
from yingting.foundation.people.models import Role
from yingting.foundation.people.permissions import Permission


class RoleField(forms.ModelChoiceField[Role]):
    """A choice of roles by their names in the reader's language."""

    def label_from_instance(self, obj: Role) -> str:
        """Return the role's name."""
        return named(obj)


class ChannelForm(RecordForm[Channel]):
    """A channel. The unit is only asked for once; the address is never shown again, and an empty one leaves the kept one."""

    address = forms.CharField(label=_("Address"), max_length=400, required=False)

    class Meta:
        model = Channel
        fields = ("unit", "name", "role", "least", "language")
        labels = {
            "unit": _("For the people of"), "name": _("Name"), "role": _("Only those with the role"),
            "least": _("Messages from this severity on"), "language": _("Language"),
        }  # fmt: skip
        help_texts = {
            "unit": _("It gets what is told to people of this very unit, not of those below it."),
            "name": _("As people call the group or mailbox."),
        }
        field_classes = {"unit": UnitField, "role": RoleField}

    def prepare(self) -> None:
        """Offer the units where the reader may enter channels; show of the address what may be seen."""
        roles: RoleField = self.fields["role"]  # type: ignore[assignment]  # by `field_classes`
        roles.queryset, roles.empty_label = Role.objects.all(), gettext("everybody")
        help_text = gettext(
            "The web address that WeCom, DingTalk or Feishu shows for the robot, or an apprise address such as mailtos://… or json://…"
            " For texts to customers, an address with {phone} where the number goes."
        )
        if self.instance._state.adding:
            self.fields["unit"].queryset = units_for(self.actor, Permission.NOTIFY_CONFIGURE).filter(is_active=True)  # type: ignore[attr-defined]
            self.fields["address"].required = True
        else:
            del self.fields["unit"]
            kept = unseal_address(self.instance.sealed)
            told = (
                gettext("Kept: %(address)s. Leave empty to keep it.") % {"address": masked(kept)}
                if kept is not None
                else gettext(
                    "The kept address can no longer be read: the server's secret key has changed. Enter it again."
                )
            )
            help_text = f"{told} {help_text}"
        self.fields["address"].help_text = help_text

    def clean_address(self) -> str:
        """Refuse what is no address that the house sends to."""
        address: str = self.cleaned_data["address"]
        if address and address_from(address) is None:
            raise ValidationError(gettext("Messages cannot be sent to this address. Look at its beginning."))
        return address
