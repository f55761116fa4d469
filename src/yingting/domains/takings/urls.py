from django.urls import URLPattern

from yingting.domains.takings.views import entering

app_name = "takings"
urlpatterns: list[URLPattern] = [*entering.urls]
