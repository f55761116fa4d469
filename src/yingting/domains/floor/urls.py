from django.urls import URLPattern

from yingting.domains.floor.views import at_counter, guide, help_calls, panel, roster, sending, worker

app_name = "floor"
urlpatterns: list[URLPattern] = [
    *worker.urls,
    *panel.urls,
    *sending.urls,
    *roster.urls,
    *guide.urls,
    *at_counter.urls,
    *help_calls.urls,
]
