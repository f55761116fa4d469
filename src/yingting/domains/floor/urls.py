from django.urls import URLPattern

from yingting.domains.floor.views import guide, panel, roster, sending, worker

app_name = "floor"
urlpatterns: list[URLPattern] = [*worker.urls, *panel.urls, *sending.urls, *roster.urls, *guide.urls]
