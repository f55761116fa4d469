"""The form of a trial: which channel, received when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yingting.foundation.editing.forms import dress


class TryForm(forms.Form):
    """A channel and a moment, to see what would be due."""

    channel = forms.ChoiceField(label=_("Channel"))
    received = forms.DateTimeField(
        label=_("Received at"), widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, channels: Iterable[tuple[str, str]], usual: dt.datetime
    ) -> None:
        choices = list(channels)
        start = {"channel": choices[0][0] if choices else "", "received": usual.replace(tzinfo=None)}
        super().__init__(data if data and "received" in data else start)
        self.fields["channel"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        dress(self)
