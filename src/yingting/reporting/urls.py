"""Addresses of reports. The views bring DuckDB and Ibis along, which take seconds to load on an old PC: the first report
waits for them, not every web process at start.
"""

from __future__ import annotations

from importlib import import_module

from django.http import HttpRequest, HttpResponseBase
from django.urls import path


def hall_report(request: HttpRequest) -> HttpResponseBase:
    """The hall report."""
    answer: HttpResponseBase = import_module("yingting.reporting.views").hall_report(request)
    return answer


def hall_card(request: HttpRequest, hall: str) -> HttpResponseBase:
    """The card of a hall."""
    answer: HttpResponseBase = import_module("yingting.reporting.card_views").hall_card(request, hall)
    return answer


def import_tickets(request: HttpRequest) -> HttpResponseBase:
    """Import the log of a queue machine."""
    answer: HttpResponseBase = import_module("yingting.reporting.views").import_tickets(request)
    return answer


def channels(request: HttpRequest) -> HttpResponseBase:
    """Business by channel, and payments by method."""
    answer: HttpResponseBase = import_module("yingting.reporting.channel_views").channels(request)
    return answer


app_name = "reporting"
urlpatterns = [
    path("report/", hall_report, name="hall-report"),
    path("halls/<str:hall>/card/", hall_card, name="hall-card"),
    path("report/channels/", channels, name="channels"),
    path("report/import/", import_tickets, name="import-tickets"),
]
