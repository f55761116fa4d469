"""Addresses of rosters."""

from __future__ import annotations

from django.urls import path

from yingting.foundation.late import late

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
