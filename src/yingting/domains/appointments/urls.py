"""Addresses of appointments."""

from __future__ import annotations

from django.urls import URLPattern

from yingting.domains.appointments.views import days, desk

app_name = "appointments"
urlpatterns: list[URLPattern] = [*days.urls, *desk.urls]
