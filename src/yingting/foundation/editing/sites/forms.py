"""Shape of input for units, halls and what stands in a hall."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yingting.foundation.catalogue.hall_types import type_choices
from yingting.foundation.editing.forms import RecordForm, RowsOfBoxes, UnitField, date_input, time_input
from yingting.foundation.people.access import units_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import (
    Device,
    Hall,
    OpeningException,
    OpeningSpan,
    Unit,
    UnitLevel,
    Zone,
)

NAME = _("Name")
NAME_EN = _("English name")
NAME_EN_HELP = _("Shown to readers of English. Empty: the name is shown.")
WEEKDAYS = OpeningSpan._meta.get_field("weekday").choices
# The time zones that a hall of the operator may lie in; the action takes every zone of the tz database.
TIMEZONES = [
    ("Asia/Shanghai", _("Beijing time")),
    ("Asia/Urumqi", _("Xinjiang time")),
    ("Asia/Hong_Kong", _("Hong Kong time")),
    ("Asia/Macau", _("Macao time")),
    ("Asia/Taipei", _("Taipei time")),
]


class UnitForm(RecordForm[Unit]):
    """A unit that is no hall; code and level are only asked for once."""

    class Meta:
        model = Unit
        fields = ("code", "level", "name", "name_en")
        labels = {"code": _("Code"), "level": _("Level"), "name": NAME, "name_en": NAME_EN}
        help_texts = {"code": _("Cannot be changed later."), "name_en": NAME_EN_HELP}

    def prepare(self) -> None:
        """Offer only the levels below the unit above; ask for code and level only when the unit is new."""
        if not self.instance._state.adding:
            del self.fields["code"], self.fields["level"]
            return
        assert isinstance(self.within, Unit)
        levels = list(UnitLevel)
        below = [level for level in levels[levels.index(UnitLevel(self.within.level)) + 1 :] if level != UnitLevel.HALL]
        self.fields["level"].choices = [(level.value, level.label) for level in below]  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """Where a unit goes."""

    parent = UnitField(queryset=Unit.objects.none(), label=_("Put it under"))


class HallForm(RecordForm[Hall]):
    """A hall together with the names of the unit that carries it."""

    code = forms.CharField(label=_("Code"), max_length=24, help_text=_("Letters and digits. Cannot be changed later."))
    name = forms.CharField(label=NAME, max_length=80)
    name_en = forms.CharField(label=NAME_EN, max_length=80, required=False, help_text=NAME_EN_HELP)

    class Meta:
        model = Hall
        fields = ("hall_type", "ownership", "address", "phone", "latitude", "longitude", "seats", "timezone")
        labels = {
            "ownership": _("Who built it and who runs it"), "address": _("Address"), "phone": _("Telephone"),
            "latitude": _("Latitude in degrees"), "longitude": _("Longitude in degrees"), "timezone": _("Time zone"),
            "seats": _("Seats for waiting customers"), "hall_type": _("Type of hall"),
        }  # fmt: skip
        help_texts = {"latitude": _("For the way to the nearest hall, for example 23.1367. May stay empty.")}

    field_order = ("code", "name", "name_en")

    def prepare(self) -> None:
        """Show the unit's names of a hall that is there; offer the time zones by name, and the one it has."""
        zones: list[tuple[str, Any]] = [*TIMEZONES]
        if not self.instance._state.adding:
            del self.fields["code"]
            self.fields["name"].initial = self.instance.unit.name
            self.fields["name_en"].initial = self.instance.unit.name_en
            if self.instance.timezone not in dict(zones):
                zones.append((self.instance.timezone, self.instance.timezone))
        self.fields["timezone"] = forms.ChoiceField(label=_("Time zone"), choices=zones)
        types = [("", "—"), *type_choices(self._path())]
        if self.instance.hall_type not in dict(types):
            types.append((self.instance.hall_type, self.instance.hall_type))
        self.fields["hall_type"] = forms.ChoiceField(label=_("Type of hall"), choices=types, required=False)
        order = ("hall_type", "ownership", "address", "phone", "latitude", "longitude", "seats", "timezone")
        self.order_fields([*self.field_order, *order])

    def _path(self) -> str:
        return "" if self.instance._state.adding else self.instance.unit.path


def split_hall(values: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what belongs to the unit and what belongs to the hall."""
    of_unit = {name: values[name] for name in ("code", "name", "name_en") if name in values}
    return of_unit, {name: value for name, value in values.items() if name not in of_unit}


class ZoneForm(RecordForm[Zone]):
    """A zone."""

    class Meta:
        model = Zone
        fields = ("name", "name_en", "function", "area_m2", "position")
        labels = {
            "name": NAME, "name_en": NAME_EN, "function": _("Function"), "area_m2": _("Area in m²"), "position": _("Place in lists"),
        }  # fmt: skip
        help_texts = {"name_en": NAME_EN_HELP, "position": _("Small numbers come first.")}


class _WeeklyForm(RecordForm[Any]):
    """A span that a new row may have on several weekdays at once."""

    def prepare(self) -> None:
        """Ask for all weekdays when new, for one when changing."""
        if self.instance._state.adding:
            self.fields["weekdays"] = forms.TypedMultipleChoiceField(
                label=_("Weekdays"), choices=WEEKDAYS or (), coerce=int, widget=RowsOfBoxes
            )
            self.fields.pop("weekday")
        else:
            self.fields["weekday"] = forms.TypedChoiceField(label=_("Weekday"), choices=WEEKDAYS or (), coerce=int)
        self.order_fields(["weekdays", "weekday"])


class OpeningForm(_WeeklyForm):
    """Opening hours of a weekday."""

    class Meta:
        model = OpeningSpan
        fields = ("weekday", "opens", "closes")
        labels = {"opens": _("Opens"), "closes": _("Closes")}
        widgets = {"opens": time_input(), "closes": time_input()}


class ExceptionForm(RecordForm[OpeningException]):
    """A date with hours of its own, or closed."""

    class Meta:
        model = OpeningException
        fields = ("on", "opens", "closes", "reason")
        labels = {"on": _("Date"), "opens": _("Opens"), "closes": _("Closes"), "reason": _("Reason")}
        help_texts = {"opens": _("Empty: closed all day."), "reason": _("For example: Spring Festival.")}
        widgets = {"on": date_input(), "opens": time_input(), "closes": time_input()}


class DeviceForm(RecordForm[Device]):
    """A kiosk or board; its kind is only asked for once."""

    class Meta:
        model = Device
        fields = ("kind", "name", "printer")
        labels = {"kind": _("Kind"), "name": NAME, "printer": _("Slip printer")}
        help_texts = {
            "name": _("For example: kiosk at the entrance."),
            "printer": _(
                "tcp://10.0.0.7:9100 for a network printer, usb://04b8:0202 for USB. Empty: the browser prints."
            ),
        }

    def prepare(self) -> None:
        """Ask for the kind only when new; a board prints nothing."""
        if not self.instance._state.adding:
            kind = self.instance.kind
            del self.fields["kind"]
            if kind == "board":
                del self.fields["printer"]


def targets_for(form: MoveForm, unit: Unit, actor: Any) -> MoveForm:
    """Offer the units in scope that can take this one: higher levels outside its own part of the tree."""
    levels = list(UnitLevel)
    higher = [level.value for level in levels[: levels.index(UnitLevel(unit.level))]]
    rows = units_for(actor, Permission.HALL_CONFIGURE).filter(level__in=higher, is_active=True)
    field = form.fields["parent"]
    assert isinstance(field, UnitField)
    field.queryset = rows.exclude(path__startswith=unit.path)
    field.initial = unit.parent_id
    field.widget.attrs["class"] = "form-select"
    return form
