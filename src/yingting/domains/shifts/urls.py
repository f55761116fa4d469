from django.urls import URLPattern

from yingting.domains.shifts.views import mine

app_name = "shifts"
urlpatterns: list[URLPattern] = [*mine.urls]
