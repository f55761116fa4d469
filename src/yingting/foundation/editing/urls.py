from django.urls import path

from yingting.foundation.editing import views

app_name = "editing"
urlpatterns = [path("admin/", views.overview, name="overview")]
