from django.urls import path

from yingting.foundation.privacy import views

app_name = "privacy"
urlpatterns = [
    path("records/", views.records, name="records"),
    path("records/export/", views.export_records, name="export"),
    path("retention/", views.retention, name="retention"),
    path("retention/holds/<uuid:hold_id>/release/", views.release_hold, name="release"),
    path("retention/hold/<str:kind>/<uuid:record>/", views.place_hold, name="hold"),
    path("person/", views.person, name="person"),
    path("person/erase/", views.erase_person, name="erase"),
    path("value/<str:kind>/<uuid:record>/<slug:field>/", views.value, name="value"),
]
