"""Addresses of bulletins. The views bring Ibis along, so they are imported when the first of them is asked for."""

from __future__ import annotations

from django.urls import path

from yingting.reporting.urls import late

app_name = "bulletins"
urlpatterns = [
    path("bulletins/", late("bulletins.views", "archive"), name="archive"),
    path("bulletins/new/", late("bulletins.views", "new"), name="new"),
    path("bulletins/of-case/<uuid:case>/", late("bulletins.views", "of_case"), name="of-case"),
    path("bulletins/template/", late("bulletins.views", "template"), name="template"),
    path("bulletins/template/<uuid:unit>/drop/", late("bulletins.views", "drop"), name="drop-template"),
    path("bulletins/template/<uuid:unit>/file/", late("bulletins.views", "template_file"), name="template-file"),
    path("bulletins/duties/<uuid:duty>/done/", late("bulletins.views", "done"), name="done"),
    path("bulletins/duties/<uuid:duty>/check/", late("bulletins.views", "check"), name="check"),
    path("bulletins/<uuid:bulletin>/", late("bulletins.views", "bulletin"), name="bulletin"),
    path("bulletins/<uuid:bulletin>/save/", late("bulletins.views", "save"), name="save"),
    path("bulletins/<uuid:bulletin>/do/<slug:deed>/", late("bulletins.views", "do"), name="do"),
    path("bulletins/<uuid:bulletin>/file.<str:form>", late("bulletins.views", "file"), name="file"),
]
