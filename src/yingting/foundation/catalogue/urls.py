from django.urls import path

from yingting.foundation.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("admin/catalogue/", views.classes, name="classes"),
    path("admin/catalogue/classes/new/", views.business_class, name="class-new"),
    path("admin/catalogue/classes/<uuid:pk>/", views.business_class, name="class"),
    path("admin/catalogue/classes/<uuid:pk>/retire/", views.retire_class, name="class-retire"),
    path("admin/catalogue/classes/<uuid:pk>/types/new/", views.new_type, name="type-new"),
    path("admin/catalogue/types/<uuid:pk>/", views.business_type, name="type"),
    path("admin/catalogue/types/<uuid:pk>/retire/", views.retire_type, name="type-retire"),
    path("admin/catalogue/types/<uuid:pk>/papers/new/", views.paper, name="paper-new"),
    path("admin/catalogue/types/<uuid:pk>/papers/<uuid:paper>/", views.paper, name="paper"),
    path("admin/catalogue/types/<uuid:pk>/papers/<uuid:paper>/remove/", views.remove_paper, name="paper-remove"),
]
