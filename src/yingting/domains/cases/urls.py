from django.urls import URLPattern, path

from yingting.domains.cases.views import (
    clocks,
    follow,
    meeting,
    page,
    poster,
    processes,
    queue,
    register,
    registering,
    remedies,
    say,
    standing,
    tracing,
    verbs,
)
from yingting.foundation.late import late

app_name = "cases"
urlpatterns: list[URLPattern] = [
    *queue.urls,
    *registering.urls,
    *standing.urls,
    *meeting.urls,
    *tracing.urls,
    *register.urls,
    path("cases/import/", late("yingting.domains.cases.views.importing:import_list"), name="import"),
    *processes.urls,
    *page.urls,
    *verbs.urls,
    *clocks.urls,
    *remedies.urls,
    *say.urls,
    *follow.urls,
    *poster.urls,
]
