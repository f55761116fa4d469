"""Addresses of relations."""

from __future__ import annotations

from django.urls import URLPattern

from yingting.domains.relations.views import care, file, frequent, leads, lists, managing

app_name = "relations"
urlpatterns: list[URLPattern] = [
    *managing.urls,
    *file.urls,
    *frequent.urls,
    *care.urls,
    *leads.urls,
    *lists.urls,
]
