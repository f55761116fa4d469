"""Shape of input for the business catalogue."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yingting.foundation.catalogue.models import BusinessClass, BusinessType, Equipment
from yingting.foundation.editing.forms import RecordForm, RowsOfBoxes, UnitField
from yingting.foundation.people.access import units_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import prefixes
from yingting.foundation.sites.models import Hall, Zone

_LABELS = {
    "code": _("Code"), "name": _("Name"), "name_en": _("English name"), "position": _("Place in lists"),
}  # fmt: skip
_HELP = {
    "code": _("For interfaces. Cannot be changed later."),
    "name_en": _("Shown to readers of English. Empty: the name is shown."),
    "position": _("Small numbers come first."),
}


class ClassForm(RecordForm[BusinessClass]):
    """A business class; unit and code are only asked for once."""

    class Meta:
        model = BusinessClass
        fields = ("unit", "code", "name", "name_en", "position")
        labels = {**_LABELS, "unit": _("Holds for all halls of")}
        help_texts = _HELP
        field_classes = {"unit": UnitField}

    def prepare(self) -> None:
        """Offer the units whose catalogue the reader may edit."""
        if not self.instance._state.adding:
            del self.fields["unit"], self.fields["code"]
            return
        units = units_for(self.actor, Permission.CATALOGUE_CONFIGURE).filter(is_active=True)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.initial["unit"] = units.first()


class TypeForm(RecordForm[BusinessType]):
    """A business type; its code is only asked for once."""

    class Meta:
        model = BusinessType
        fields = ("code", "name", "name_en", "kind", "limit_min", "expected_s", "position")
        labels = {
            **_LABELS, "kind": _("Kind"), "limit_min": _("Handling limit in minutes"), "expected_s": _("Usual time in seconds"),
        }  # fmt: skip
        help_texts = {
            **_HELP,
            "kind": _("Single business is promised in 3 minutes, combined in 5."),
            "expected_s": _("The range of minutes on a ticket is made of it."),
        }

    def prepare(self) -> None:
        """Ask for the code only when new."""
        if not self.instance._state.adding:
            del self.fields["code"]


class EquipmentForm(RecordForm[Equipment]):
    """A self-service terminal or a smart client."""

    class Meta:
        model = Equipment
        fields = ("name", "name_en", "kind", "zone", "business_types", "state", "state_reason")
        labels = {
            "name": _("Name"), "name_en": _("English name"), "kind": _("Kind"), "zone": _("Zone"),
            "business_types": _("Businesses it takes"), "state": _("State"),
            "state_reason": _("What is wrong"),
        }  # fmt: skip
        help_texts = {"name_en": _HELP["name_en"], "state": _("Every change stays in the history below.")}
        widgets = {"business_types": RowsOfBoxes}

    def prepare(self) -> None:
        """Offer this hall's zones and the businesses that hold here."""
        assert isinstance(self.within, Hall)
        zones = Zone.objects.filter(Q(is_active=True) | Q(pk=self.instance.zone_id), hall=self.within)
        self.fields["zone"].queryset = zones  # type: ignore[attr-defined]
        above = prefixes(self.within.unit.path)
        types = BusinessType.objects.filter(business_class__unit__path__in=above, is_active=True)
        self.fields["business_types"].queryset = types  # type: ignore[attr-defined]
