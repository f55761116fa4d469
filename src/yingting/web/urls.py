"""Addresses of the house. Every app's urls are listed here by hand, so that grep finds them."""

from __future__ import annotations

from django.urls import include, path

from yingting.web import views
from yingting.web.api import api

handler404 = "yingting.web.views.not_found"
handler500 = "yingting.web.views.failed"
urlpatterns = [
    path("api/v1/", api.urls),  # first, because it is asked most
    path("", views.start, name="start"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("demo-sign-in/", views.demo_sign_in, name="demo-sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("language/", views.set_language, name="language"),
    path("healthz", views.healthz, name="healthz"),
    path("admin/", include("yingting.foundation.editing.urls")),
    path("indicator-alerts/", include("yingting.foundation.alerting.urls")),
    path("personal-data/", include("yingting.foundation.privacy.urls")),
    path("proofs/", include("yingting.foundation.evidence.urls")),
    path("customers/", include("yingting.foundation.customers.urls")),
    path("messages/", include("yingting.foundation.notify.urls")),
    path("", include("yingting.domains.queueing.urls")),
    path("", include("yingting.domains.peaks.urls")),
    path("", include("yingting.domains.floor.urls")),
    path("", include("yingting.domains.takings.urls")),
    path("", include("yingting.domains.selling.urls")),
    path("", include("yingting.domains.appointments.urls")),
    path("", include("yingting.domains.cases.urls")),
    path("", include("yingting.domains.detection.urls")),
    path("voices/", include("yingting.domains.voices.urls")),
    path("", include("yingting.domains.shifts.urls")),
    path("relations/", include("yingting.domains.relations.urls")),
    path("", include("yingting.planning.urls")),
    path("", include("yingting.planning.twins.urls")),
    path("", include("yingting.planning.rosters.urls")),
    path("", include("yingting.reporting.bulletins.urls")),
    path("", include("yingting.reporting.scorecards.urls")),
    path("", include("yingting.reporting.urls")),
]
