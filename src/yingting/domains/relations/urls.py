"""Addresses of relations."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "relations"
urlpatterns: list[URLPattern] = []
