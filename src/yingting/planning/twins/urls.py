"""Addresses of the twin."""

from __future__ import annotations

from django.urls import path

from yingting.foundation.late import late

app_name = "twins"
_VIEWS = "yingting.planning.twins.views"
_MANY = "yingting.planning.twins.many.views"
_SNAPSHOTS = "yingting.planning.twins.snapshots.views"
urlpatterns = [
    path("twin/", late(f"{_VIEWS}:halls"), name="halls"),
    path("twin/many/", late(f"{_MANY}:many"), name="many"),
    path("twin/many/<uuid:run>/", late(f"{_MANY}:many_run"), name="many-run"),
    path("twin/many/<uuid:run>/cancel/", late(f"{_MANY}:cancel_many_run"), name="many-cancel"),
    path("twin/<str:hall>/", late(f"{_VIEWS}:overview"), name="overview"),
    path("twin/<str:hall>/calibrate/", late(f"{_VIEWS}:calibrate"), name="calibrate"),
    path("twin/<str:hall>/ask/", late(f"{_VIEWS}:ask"), name="ask"),
    path("twin/<str:hall>/forecast/", late(f"{_VIEWS}:forecast"), name="forecast"),
    path("twin/<str:hall>/counters/", late(f"{_VIEWS}:counters"), name="counters"),
    path("twin/<str:hall>/snapshots/", late(f"{_SNAPSHOTS}:snapshots"), name="snapshots"),
    path("twin/<str:hall>/snapshots/forget/", late(f"{_SNAPSHOTS}:forget"), name="snapshots-forget"),
    path("twin/<str:hall>/<uuid:run>/", late(f"{_VIEWS}:run"), name="run"),
    path("twin/<str:hall>/<uuid:run>/cancel/", late(f"{_VIEWS}:cancel"), name="cancel"),
]
