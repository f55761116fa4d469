from django.urls import URLPattern

from yingting.domains.detection.views import audits, pages

app_name = "detection"
urlpatterns: list[URLPattern] = [*pages.urls, *audits.urls]
