from django.urls import path

from yingting.foundation.evidence import views

app_name = "evidence"
urlpatterns = [
    path("file/<uuid:proof>/", views.content, name="content"),
    path("small/<uuid:proof>/", views.small, name="small"),
    path("<str:kind>/<uuid:record>/", views.proofs, name="proofs"),
]
