from django.urls import URLPattern

from yingting.domains.floor.views import (
    at_counter,
    customers,
    guide,
    handing_over,
    help_calls,
    panel,
    roster,
    sending,
    worker,
)

app_name = "floor"
urlpatterns: list[URLPattern] = [
    *worker.urls,
    *panel.urls,
    *sending.urls,
    *roster.urls,
    *customers.urls,
    *guide.urls,
    *at_counter.urls,
    *help_calls.urls,
    *handing_over.urls,
]
