"""Shape of input for queues, counters, priority classes and skills."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from yingting.domains.queueing.actions.editing import COUNTERS, PRIORITIES, QUEUES, Assignment
from yingting.domains.queueing.models import PriorityClass, Queue
from yingting.domains.queueing.queries.editing import MatrixRow, classes_offered_to
from yingting.foundation.editing.forms import RecordForm, RowsOfBoxes, UnitField
from yingting.foundation.editing.pages import Editor
from yingting.foundation.people.access import units_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Counter, Hall, Zone

_NAME, _NAME_EN = _("Name"), _("English name")
_NAME_EN_HELP = _("Shown to readers of English. Empty: the name is shown.")


def _zones(form: RecordForm[Any]) -> None:
    """Offer the hall's zones in use, and the one that the row stands in already."""
    assert isinstance(form.within, Hall)
    rows = Zone.objects.filter(Q(is_active=True) | Q(pk=form.instance.zone_id), hall=form.within)
    form.fields["zone"].queryset = rows  # type: ignore[attr-defined]


class CounterForm(RecordForm[Counter]):
    """A counter."""

    class Meta:
        model = Counter
        fields = ("number", "name", "zone")
        labels = {"number": _("Number"), "name": _NAME, "zone": _("Zone")}
        help_texts = {"number": _("The board shows it and the voice says it.")}

    def prepare(self) -> None:
        """Offer this hall's zones."""
        _zones(self)


class QueueForm(RecordForm[Queue]):
    """A queue with the business classes that it takes."""

    class Meta:
        model = Queue
        fields = ("letter", "name", "name_en", "zone", "business_classes", "position")
        labels = {
            "letter": _("Letter of its numbers"), "name": _NAME, "name_en": _NAME_EN, "zone": _("Zone where customers wait"),
            "business_classes": _("Business classes it takes"), "position": _("Place in lists"),
        }  # fmt: skip
        help_texts = {
            "letter": _("One capital letter: A gives A001, A002 …"), "name_en": _NAME_EN_HELP,
            "business_classes": _("A class leads to one queue of a hall only."), "position": _("Small numbers come first."),
        }  # fmt: skip
        widgets = {"business_classes": RowsOfBoxes}

    def prepare(self) -> None:
        """Offer this hall's zones and the classes that hold here."""
        _zones(self)
        assert isinstance(self.within, Hall)
        self.fields["business_classes"].queryset = classes_offered_to(self.within.unit.path)  # type: ignore[attr-defined]
        self.fields["letter"].widget.attrs["maxlength"] = "1"

    def clean_letter(self) -> str:
        """Take small letters for capitals."""
        return str(self.cleaned_data["letter"]).upper()


class PriorityForm(RecordForm[PriorityClass]):
    """A priority class; unit and code are only asked for once."""

    class Meta:
        model = PriorityClass
        fields = ("unit", "code", "name", "name_en", "tier", "head_start_min", "letter", "is_care", "is_default")
        labels = {
            "unit": _("Holds for all halls of"), "code": _("Code"), "name": _NAME, "name_en": _NAME_EN, "tier": _("Tier"),
            "head_start_min": _("Head start in minutes"), "letter": _("Own letter"), "is_care": _("Care lane (elderly and disabled customers)"),
            "is_default": _("What customers get by default"),
        }  # fmt: skip
        help_texts = {
            "code": _("For interfaces. Cannot be changed later."), "name_en": _NAME_EN_HELP,
            "tier": _("A lower tier is always called first. The care lane has tier 0, everybody else 1."),
            "head_start_min": _("Within a tier the wait counts from so many minutes earlier. Everybody ages alike: nobody starves."),
            "letter": _("Numbers begin with it instead of the queue's letter."),
            "is_default": _("It takes the mark from the present default of the same unit."),
        }  # fmt: skip
        field_classes = {"unit": UnitField}

    def prepare(self) -> None:
        """Offer the units in scope; ask for unit and code only when new."""
        self.fields["letter"].widget.attrs["maxlength"] = "1"
        if not self.instance._state.adding:
            del self.fields["unit"], self.fields["code"]
            return
        units = units_for(self.actor, Permission.CATALOGUE_CONFIGURE).filter(is_active=True)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.initial["unit"] = units.first()

    def clean_letter(self) -> str:
        """Take small letters for capitals."""
        return str(self.cleaned_data["letter"]).upper()


COUNTER = Editor(COUNTERS, CounterForm, _("Counter"), _("New counter"))
QUEUE = Editor(QUEUES, QueueForm, _("Queue"), _("New queue"))
PRIORITY = Editor(PRIORITIES, PriorityForm, _("Priority class"), _("New priority class"))


def assignments(
    data: QueryDict | Mapping[str, Any], rows: Iterable[MatrixRow], shown: frozenset[UUID]
) -> list[Assignment]:
    """Return what was ticked in a matrix. What the page did not show stays as it is.

    Raises ValidationError for a row without a tick: that would say "everything", which nobody means by unticking all.
    """
    wanted = []
    for row in rows:
        key = str(row.id)
        if f"read-{key}" not in data:
            continue
        ticked = _ids(data.getlist(key) if isinstance(data, QueryDict) else data.get(key, ()))
        if not ticked:
            raise ValidationError(_("%(label)s: tick at least one.") % {"label": row.label})
        hidden = row.ticked - shown
        wanted.append(Assignment(row.id, frozenset(ticked & shown | hidden), _ids(str(data[f"read-{key}"]).split(","))))
    return wanted


def _ids(texts: Iterable[str]) -> frozenset[UUID]:
    found = set()
    for text in texts:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return frozenset(found)
