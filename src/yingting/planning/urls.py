"""Addresses of planning."""

from __future__ import annotations

from django.urls import path

from yingting.planning import views

app_name = "planning"
urlpatterns = [
    path("demo/clock/", views.demo_clock, name="demo-clock"),
    path("demo/crowd/", views.demo_crowd, name="demo-crowd"),
]
