"""The question to the twin as a form: every measure is optional, several may be tried together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingting.foundation.editing.forms import RowsOfBoxes, date_input, dress, time_input
from yingting.kernel.clocks import second_of_day
from yingting.planning.twins.questions import Ahead, CountersNeeded, WhatIf
from yingting.twin.engine.arrays import Take
from yingting.twin.hall import Book
from yingting.twin.levers import (
    ByAppointment,
    Calling,
    Closed,
    Divert,
    Faster,
    Lever,
    MoreCounters,
    Open,
    Serves,
    Volume,
)

Choices = Iterable[tuple[str, str]]
_CALLING = {
    "shipped": (),
    "priority": (Book((), otherwise=Take.PRIORITY),),
    "arrival": (Book((), care_first=False, otherwise=Take.ARRIVAL),),
}
_CALLED = (
    ("", _("as the hall calls now")),
    ("shipped", _("longest wait, with the head starts of the classes")),
    ("priority", _("highest class first, however long others wait")),
    ("arrival", _("first come, first served, whatever the class")),
)


def _percent(label: Any, low: int, high: int, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=low, max_value=high, help_text=help_text)


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=time_input())


def _several(label: Any, help_text: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=RowsOfBoxes(), help_text=help_text)


def _check_span(form: forms.Form, data: Mapping[str, Any], name: str, what: str) -> None:
    begins, ends = data.get(f"{name}_from"), data.get(f"{name}_until")
    if not data.get(what):
        if begins or ends:
            form.add_error(what, gettext("Say for what these times are, or leave them empty."))
    elif not begins or not ends:
        form.add_error(f"{name}_from", gettext("Give the time from which and until which."))
    elif begins >= ends:
        form.add_error(f"{name}_until", gettext("The end must be after the beginning."))


class WhatIfForm(forms.Form):
    """A day and the measures to try on it. `choices` fills counters, queues and needs."""

    day = forms.DateField(label=_("On which day"), widget=date_input())
    more_count = forms.IntegerField(label=_("More counters"), required=False, min_value=1, max_value=20)
    more_from, more_until = _time(_("From")), _time(_("Until"))
    more_queues = _several(_("For the queues"), _("None chosen means every queue."))
    closed_counter = forms.ChoiceField(label=_("Counter"), required=False)
    closed_from, closed_until = _time(_("From")), _time(_("Until"))
    open_counter = forms.ChoiceField(label=_("Counter"), required=False)
    open_from, open_until = _time(_("From")), _time(_("Until"))
    combined = _several(_("These counters serve every queue"), "")
    divert = _percent(_("Share of the customers, in percent"), 1, 100)
    divert_needs = _several(_("With these needs"), _("None chosen means every need."))
    faster = _percent(_("Shorter handling, in percent"), 1, 80)
    faster_needs = _several(_("With these needs"), _("None chosen means every need."))
    appointments = _percent(_("Share of the customers, in percent"), 1, 100)
    calling = forms.ChoiceField(label=_("Who is called next"), required=False, choices=_CALLED)
    volume = _percent(_("More or fewer customers, in percent"), -90, 300, _("20: a fifth more; -20: a fifth fewer."))

    def __init__(self, *args: Any, choices: Mapping[str, Choices], **options: Any) -> None:
        """Fill the lists of the hall."""
        super().__init__(*args, **options)
        nothing = [("", "—")]
        for name in ("closed_counter", "open_counter"):
            self.fields[name].choices = [*nothing, *choices["counters"]]  # type: ignore[attr-defined]
        self.fields["combined"].choices = list(choices["counters"])  # type: ignore[attr-defined]
        self.fields["more_queues"].choices = list(choices["queues"])  # type: ignore[attr-defined]
        for name in ("divert_needs", "faster_needs"):
            self.fields[name].choices = list(choices["needs"])  # type: ignore[attr-defined]
        dress(self)

    def clean(self) -> dict[str, Any]:
        """A span needs what it is for, both its ends, and an end after its beginning."""
        data: dict[str, Any] = super().clean() or {}
        for name, what in (("more", "more_count"), ("closed", "closed_counter"), ("open", "open_counter")):
            _check_span(self, data, name, what)
        return data

    def question(self) -> WhatIf:
        """Return the question that the valid form asks."""
        data = self.cleaned_data
        levers: list[Lever] = []
        if data["more_count"]:
            levers.append(
                MoreCounters(
                    second_of_day(data["more_from"]),
                    second_of_day(data["more_until"]),
                    data["more_count"],
                    tuple(data["more_queues"]),
                )
            )
        if data["closed_counter"]:
            levers.append(
                Closed(data["closed_counter"], second_of_day(data["closed_from"]), second_of_day(data["closed_until"]))
            )
        if data["open_counter"]:
            levers.append(
                Open(data["open_counter"], second_of_day(data["open_from"]), second_of_day(data["open_until"]))
            )
        if data["combined"]:
            levers.append(Serves(tuple(data["combined"])))
        if data["divert"]:
            levers.append(Divert(data["divert"] / 100, tuple(data["divert_needs"])))
        if data["faster"]:
            levers.append(Faster(1 - data["faster"] / 100, tuple(data["faster_needs"])))
        if data["appointments"]:
            levers.append(ByAppointment(data["appointments"] / 100))
        if data["calling"]:
            levers.append(Calling(_CALLING[data["calling"]]))
        if data["volume"]:
            levers.append(Volume(1 + data["volume"] / 100))
        return WhatIf(data["day"].isoformat(), tuple(levers))


class ManyForm(forms.Form):
    """A unit, a day and the measures that make sense for every hall alike. `units` fills the list of units."""

    unit = forms.ChoiceField(label=_("The halls of"))
    day = forms.DateField(label=_("On which day"), widget=date_input())
    more_count = forms.IntegerField(label=_("More counters"), required=False, min_value=1, max_value=20)
    more_from, more_until = _time(_("From")), _time(_("Until"))
    faster = _percent(_("Shorter handling, in percent"), 1, 80)
    divert = _percent(_("Share of the customers, in percent"), 1, 100)
    calling = forms.ChoiceField(label=_("Who is called next"), required=False, choices=_CALLED)
    volume = _percent(_("More or fewer customers, in percent"), -90, 300, _("20: a fifth more; -20: a fifth fewer."))

    def __init__(self, *args: Any, units: Choices, **options: Any) -> None:
        """Fill the list of units."""
        super().__init__(*args, **options)
        self.fields["unit"].choices = list(units)  # type: ignore[attr-defined]
        dress(self)

    def clean(self) -> dict[str, Any]:
        """More counters need both times, in their order."""
        data: dict[str, Any] = super().clean() or {}
        _check_span(self, data, "more", "more_count")
        return data

    def question(self) -> WhatIf:
        """Return the question that the valid form asks."""
        data = self.cleaned_data
        levers: list[Lever] = []
        if data["more_count"]:
            opens, closes = second_of_day(data["more_from"]), second_of_day(data["more_until"])
            levers.append(MoreCounters(opens, closes, data["more_count"]))
        if data["faster"]:
            levers.append(Faster(1 - data["faster"] / 100))
        if data["divert"]:
            levers.append(Divert(data["divert"] / 100))
        if data["calling"]:
            levers.append(Calling(_CALLING[data["calling"]]))
        if data["volume"]:
            levers.append(Volume(1 + data["volume"] / 100))
        return WhatIf(data["day"].isoformat(), tuple(levers))


class AheadForm(forms.Form):
    """Which days are forecast."""

    first = forms.DateField(label=_("From which day"), widget=date_input())
    days = forms.IntegerField(label=_("How many days"), min_value=1, max_value=28)

    def __init__(self, *args: Any, **options: Any) -> None:
        """Dress the widgets."""
        super().__init__(*args, **options)
        dress(self)

    def question(self) -> Ahead:
        """Return the question that the valid form asks."""
        return Ahead(self.cleaned_data["first"].isoformat(), self.cleaned_data["days"])


class CountersForm(forms.Form):
    """For which day, and how good it should be."""

    day = forms.DateField(label=_("On which day"), widget=date_input())
    share = forms.IntegerField(
        label=_("Within the limit in every half hour, in percent"), min_value=50, max_value=99,
        help_text=_("90 is usual. 100 cannot be promised: somebody may always need an hour."),
    )  # fmt: skip
    volume = forms.IntegerField(
        label=_("More or fewer customers, in percent"), required=False, min_value=-90, max_value=300,
        help_text=_("For another hall, or a new one, whose customers are like this hall's: -60 is a hall with 40 % of them."),
    )  # fmt: skip
    counters = forms.IntegerField(
        label=_("Counters at most"),
        required=False,
        min_value=1,
        max_value=60,
        help_text=_("Empty: those that the hall has."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        """Dress the widgets."""
        super().__init__(*args, **options)
        dress(self)

    def question(self) -> CountersNeeded:
        """Return the question that the valid form asks."""
        data = self.cleaned_data
        volume = 1 + (data["volume"] or 0) / 100
        return CountersNeeded(data["day"].isoformat(), data["share"] / 100, volume, data["counters"] or 0)
