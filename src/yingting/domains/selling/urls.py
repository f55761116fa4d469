from django.urls import URLPattern

from yingting.domains.selling.views import pages, panels

app_name = "selling"
urlpatterns: list[URLPattern] = [*panels.urls, *pages.urls]
