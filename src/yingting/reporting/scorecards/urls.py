"""Addresses of scorecards. The views bring Ibis along, so they are imported when the first of them is asked for."""

from __future__ import annotations

from django.urls import path

from yingting.reporting.urls import late

app_name = "scorecards"
urlpatterns = [
    path("scorecards/", late("scorecards.views", "cards"), name="cards"),
    path("scorecards/freeze/", late("scorecards.views", "freeze"), name="freeze"),
    path("scorecards/<str:hall>/", late("scorecards.views", "card"), name="card"),
    path("scorecards/<str:hall>/again/", late("scorecards.views", "again"), name="again"),
    path("scorecards/<str:hall>/corrections/", late("scorecards.views", "propose"), name="propose"),
    path("scorecards/<str:hall>/corrections/<uuid:correction>/", late("scorecards.views", "decide"), name="decide"),
]
