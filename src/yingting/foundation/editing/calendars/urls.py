from django.urls import path

from yingting.foundation.editing.calendars import views

app_name = "calendars"
urlpatterns = [
    path("calendars/", views.year, name="year"),
    path("calendars/notices/", views.notice_list, name="notices"),
    path("calendars/notices/<str:country>/<int:year>/", views.notice, name="notice"),
]
