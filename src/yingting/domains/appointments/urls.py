"""Addresses of appointments."""

from __future__ import annotations

from django.urls import URLPattern

from yingting.domains.appointments.views import arriving, days, desk, public_booking, public_own

app_name = "appointments"
urlpatterns: list[URLPattern] = [*days.urls, *desk.urls, *arriving.urls, *public_booking.urls, *public_own.urls]
