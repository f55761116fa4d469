"""Addresses of foundation's settings pages, all below /admin/."""

from django.urls import include, path

from yingting.foundation.editing import views

overview_urls = ([path("", views.overview, name="overview")], "editing")
urlpatterns = [
    path("", views.overview, name="admin-start"),
    path("", include(overview_urls)),
    path("", include("yingting.foundation.editing.sites.urls")),
    path("", include("yingting.foundation.editing.people.urls")),
    path("", include("yingting.foundation.editing.catalogue.urls")),
    path("", include("yingting.foundation.editing.rulebook.urls")),
    path("", include("yingting.foundation.editing.calendars.urls")),
    path("", include("yingting.foundation.editing.notify.urls")),
]
