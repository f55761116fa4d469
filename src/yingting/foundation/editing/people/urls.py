from django.urls import path

from yingting.foundation.editing.people import role_views, views

app_name = "people"
urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/new/", views.person, name="person-new"),
    path("people/<uuid:pk>/", views.person, name="person"),
    path("people/<uuid:pk>/retire/", views.retire_person, name="person-retire"),
    path("people/<uuid:pk>/password/", views.password, name="password"),
    path("people/<uuid:pk>/grants/new/", views.grant, name="grant-new"),
    path("people/<uuid:pk>/grants/<uuid:grant>/remove/", views.remove_grant, name="grant-remove"),
    path("people/<uuid:pk>/tokens/new/", views.new_token, name="token-new"),
    path("people/<uuid:pk>/tokens/<uuid:token>/revoke/", views.revoke_token, name="token-revoke"),
    path("roles/", role_views.roles, name="roles"),
    path("roles/new/", role_views.role, name="role-new"),
    path("roles/<uuid:pk>/", role_views.role, name="role"),
]
