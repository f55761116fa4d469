"""Addresses of alerts on indicators. The view brings Ibis along: the first reader waits for it, not the web process at start."""

from __future__ import annotations

from importlib import import_module

from django.http import HttpRequest, HttpResponseBase
from django.urls import path


def alerts(request: HttpRequest) -> HttpResponseBase:
    """Open alerts on indicators."""
    answer: HttpResponseBase = import_module("yingting.foundation.alerting.views").alerts(request)
    return answer


app_name = "alerting"
urlpatterns = [path("", alerts, name="alerts")]
