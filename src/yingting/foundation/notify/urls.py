from django.urls import path

from yingting.foundation.notify import views

app_name = "notify"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("badge/", views.badge, name="badge"),
    path("read/", views.read_everything, name="read-all"),
    path("<uuid:message>/read/", views.read, name="read"),
    path("<uuid:message>/open/", views.open_link, name="open"),
]
