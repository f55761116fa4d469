from django.urls import URLPattern

from yingting.domains.peaks.views import alerts, console

app_name = "peaks"
urlpatterns: list[URLPattern] = [*console.urls, *alerts.urls]
