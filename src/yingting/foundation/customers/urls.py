"""Addresses of customers, below /customers/."""

from __future__ import annotations

from django.urls import path

from yingting.foundation.customers.views import desk, file, pairs, public, requests
from yingting.foundation.late import late

app_name = "customers"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("new/", desk.new, name="new"),
    path("import/", late("yingting.foundation.customers.views.importing:import_page"), name="import"),
    path("duplicates/", pairs.pairs, name="pairs"),
    path("duplicates/<uuid:pair_id>/", pairs.pair, name="pair"),
    path("requests/", requests.requests, name="requests"),
    path("requests/new/", requests.new_request, name="new-request"),
    path("requests/<uuid:request_id>/", requests.one_request, name="request"),
    path("requests/<uuid:request_id>/find/", requests.find, name="request-find"),
    path("requests/<uuid:request_id>/verify/", requests.verify, name="request-verify"),
    path("requests/<uuid:request_id>/answer/", requests.answer, name="request-answer"),
    path("requests/<uuid:request_id>/copy/", requests.copy, name="request-copy"),
    path("requests/<uuid:request_id>/erase/", requests.erase, name="request-erase"),
    path("rights/follow/<str:secret>/", public.rights_follow, name="rights-follow"),
    path("rights/<str:hall>/", public.rights, name="rights"),
    path("own/<str:secret>/", public.own, name="own"),
    path("own/<str:secret>/step/", public.own_step, name="own-step"),
    path("<uuid:customer>/", file.file, name="file"),
    path("<uuid:customer>/correct/", file.correct, name="correct"),
    path("<uuid:customer>/details/", file.details, name="details"),
    path("<uuid:customer>/own-link/", file.own_link, name="own-link"),
    path("<uuid:customer>/class/", file.classed, name="class"),
    path("<uuid:customer>/tag/", file.tagged, name="tag"),
    path("<uuid:customer>/untag/", file.untagged, name="untag"),
    path("<uuid:customer>/manager/", file.managed, name="manager"),
    path("<uuid:customer>/consent/", file.consented, name="consent"),
    path("<uuid:customer>/left-alone/", file.left_alone, name="left-alone"),
    path("<uuid:customer>/contact/", file.contacted, name="contact"),
]
