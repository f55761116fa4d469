from django.urls import URLPattern

from yingting.domains.queueing.views import editing

app_name = "queueing"
urlpatterns: list[URLPattern] = [
    *editing.urls,
]
