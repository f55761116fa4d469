"""Addresses of rosters."""

from __future__ import annotations

import datetime as dt

from django.urls import path, register_converter

from yingting.foundation.late import late


class IsoDate:
    """A day in an address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        """Return the day; ValueError, and so an unknown address, for one that no calendar has."""
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date) -> str:
        """Return it as it is written in addresses."""
        return value.isoformat()


register_converter(IsoDate, "isodate")

app_name = "rosters"
_WEEKS, _CELLS, _FILES = (f"yingting.planning.rosters.views.{name}" for name in ("weeks", "cells", "files"))
_WEEK = "rosters/<str:hall>/<isodate:first_day>/"
urlpatterns = [
    path("rosters/", late(f"{_WEEKS}:halls"), name="halls"),
    path("rosters/<str:hall>/", late(f"{_WEEKS}:overview"), name="overview"),
    path(_WEEK, late(f"{_WEEKS}:week"), name="week"),
    path(f"{_WEEK}plan/", late(f"{_WEEKS}:plan"), name="plan"),
    path(f"{_WEEK}cancel/", late(f"{_WEEKS}:cancel"), name="cancel"),
    path(f"{_WEEK}publish/", late(f"{_WEEKS}:publish"), name="publish"),
    path(f"{_WEEK}roster.xlsx", late(f"{_FILES}:workbook"), name="workbook"),
    path(f"{_WEEK}roster.ics", late(f"{_FILES}:calendars"), name="calendars"),
    path(f"{_WEEK}<uuid:person>/roster.ics", late(f"{_FILES}:calendar_of"), name="calendar"),
    path(f"{_WEEK}<uuid:person>/<isodate:day>/", late(f"{_CELLS}:cell"), name="cell"),
    path(f"{_WEEK}<uuid:person>/<isodate:day>/why-not/", late(f"{_CELLS}:why_not"), name="why-not"),
]
