from __future__ import annotations

from django.urls import path

from yingting.reporting import views

app_name = "reporting"
urlpatterns = [
    path("report/", views.hall_report, name="hall-report"),
    path("report/import/", views.import_tickets, name="import-tickets"),
]
