"""Addresses of reports. The views bring DuckDB and Ibis along, which take seconds to load on an old PC: the first report
waits for them, not every web process at start.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import path

from yingting.foundation.late import late as late_view


def late(module: str, name: str) -> Callable[..., HttpResponseBase]:
    """Return a view of a module of reporting that is loaded when it is first asked for."""
    return late_view(f"yingting.reporting.{module}:{name}")


app_name = "reporting"
urlpatterns = [
    path("report/", late("views", "hall_report"), name="hall-report"),
    path("halls/<str:hall>/card/", late("card_views", "hall_card"), name="hall-card"),
    path("report/channels/", late("channel_views", "channels"), name="channels"),
    path("report/import/", late("views", "import_tickets"), name="import-tickets"),
    path("boards/", late("boards.views", "board"), name="board"),
    path("boards/mine/", late("boards.views", "own_board"), name="own-board"),
    path("boards/quantile/", late("boards.views", "quantile"), name="quantile"),
    path("boards/rows/", late("boards.views", "rows"), name="rows"),
    path("boards/tickets/<uuid:visit>/", late("boards.views", "ticket"), name="ticket"),
    path("boards/of/<path:path>/", late("boards.views", "board"), name="board-of"),
    path("rankings/", late("ranking.views", "rankings"), name="rankings"),
    path("rankings/sales-quality/", late("ranking.views", "sales_quality"), name="sales-quality"),
    path("rankings/weak-items/", late("ranking.views", "weak"), name="weak-items"),
    path("ask/", late("question.views", "question"), name="question"),
    path("indicators/", late("catalogue.views", "indicators"), name="indicators"),
    path("stars/", late("stars.views", "mine"), name="own-star"),
    path("stars/picture/", late("stars.views", "own_picture"), name="own-star-picture"),
    path("stars/<slug:code>/", late("stars.views", "board"), name="stars"),
    path("stars/<slug:code>/<uuid:person>/", late("stars.views", "picture"), name="star-picture"),
    path("figures/", late("entries.views", "figures"), name="figures"),
    path("figures/entry/", late("entries.views", "entry"), name="figure"),
    path("figures/import/", late("entries.views", "import_file"), name="import-figures"),
    path("figures/export/", late("entries.views", "export"), name="export-figures"),
    path("baselines/", late("baselines.views", "baselines"), name="baselines"),
    path("baselines/new/", late("baselines.views", "take"), name="baseline-new"),
    path("baselines/declare/", late("baselines.views", "declared_values"), name="baseline-declare"),
    path("baselines/<uuid:baseline>/", late("baselines.views", "comparison"), name="baseline"),
]
