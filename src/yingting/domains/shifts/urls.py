from django.urls import URLPattern

from yingting.domains.shifts.views import mine, people, today

app_name = "shifts"
urlpatterns: list[URLPattern] = [*mine.urls, *people.urls, *today.urls]
