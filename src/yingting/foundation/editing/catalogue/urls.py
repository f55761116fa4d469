from django.urls import path

from yingting.foundation.editing.catalogue import equipment_views, views

app_name = "catalogue"
urlpatterns = [
    path("halls/<str:hall>/equipment/", equipment_views.equipment, name="equipment"),
    path("halls/<str:hall>/equipment/new/", equipment_views.item, name="equipment-new"),
    path("halls/<str:hall>/equipment/<uuid:item>/", equipment_views.item, name="equipment-item"),
    path("halls/<str:hall>/equipment/<uuid:item>/retire/", equipment_views.retire, name="equipment-retire"),
    path("catalogue/", views.classes, name="classes"),
    path("catalogue/classes/new/", views.business_class, name="class-new"),
    path("catalogue/classes/<uuid:pk>/", views.business_class, name="class"),
    path("catalogue/classes/<uuid:pk>/retire/", views.retire_class, name="class-retire"),
    path("catalogue/classes/<uuid:pk>/types/new/", views.new_type, name="type-new"),
    path("catalogue/types/<uuid:pk>/", views.business_type, name="type"),
    path("catalogue/types/<uuid:pk>/retire/", views.retire_type, name="type-retire"),
]
