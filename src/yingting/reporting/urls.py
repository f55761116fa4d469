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


def rankings(request: HttpRequest) -> HttpResponseBase:
    """Halls or clerks compared with their peers."""
    answer: HttpResponseBase = import_module("yingting.reporting.ranking.views").rankings(request)
    return answer


def sales_quality(request: HttpRequest) -> HttpResponseBase:
    """Sales against quality."""
    answer: HttpResponseBase = import_module("yingting.reporting.ranking.views").sales_quality(request)
    return answer


def weak_items(request: HttpRequest) -> HttpResponseBase:
    """Weak items of the quarter."""
    answer: HttpResponseBase = import_module("yingting.reporting.ranking.views").weak(request)
    return answer


app_name = "reporting"
urlpatterns = [
    path("report/", hall_report, name="hall-report"),
    path("halls/<str:hall>/card/", hall_card, name="hall-card"),
    path("report/channels/", channels, name="channels"),
    path("rankings/", rankings, name="rankings"),
    path("rankings/sales-quality/", sales_quality, name="sales-quality"),
    path("rankings/weak-items/", weak_items, name="weak-items"),
    path("report/import/", import_tickets, name="import-tickets"),
]
