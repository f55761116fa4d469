from django.urls import URLPattern

from yingting.domains.queueing.views import counter, floor

app_name = "queueing"
urlpatterns: list[URLPattern] = [
    *counter.urls,
    *floor.urls,
]
