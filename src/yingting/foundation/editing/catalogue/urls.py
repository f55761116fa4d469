from django.urls import path

from yingting.foundation.editing.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("catalogue/", views.classes, name="classes"),
    path("catalogue/classes/new/", views.business_class, name="class-new"),
    path("catalogue/classes/<uuid:pk>/", views.business_class, name="class"),
    path("catalogue/classes/<uuid:pk>/retire/", views.retire_class, name="class-retire"),
    path("catalogue/classes/<uuid:pk>/types/new/", views.new_type, name="type-new"),
    path("catalogue/types/<uuid:pk>/", views.business_type, name="type"),
    path("catalogue/types/<uuid:pk>/retire/", views.retire_type, name="type-retire"),
    path("catalogue/types/<uuid:pk>/papers/new/", views.paper, name="paper-new"),
    path("catalogue/types/<uuid:pk>/papers/<uuid:paper>/", views.paper, name="paper"),
    path("catalogue/types/<uuid:pk>/papers/<uuid:paper>/remove/", views.remove_paper, name="paper-remove"),
]
