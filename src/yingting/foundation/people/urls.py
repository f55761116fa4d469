from django.urls import path

from yingting.foundation.people import role_views, views

app_name = "people"
urlpatterns = [
    path("admin/people/", views.people, name="people"),
    path("admin/people/new/", views.person, name="person-new"),
    path("admin/people/<uuid:pk>/", views.person, name="person"),
    path("admin/people/<uuid:pk>/retire/", views.retire_person, name="person-retire"),
    path("admin/people/<uuid:pk>/password/", views.password, name="password"),
    path("admin/people/<uuid:pk>/grants/new/", views.grant, name="grant-new"),
    path("admin/people/<uuid:pk>/grants/<uuid:grant>/remove/", views.remove_grant, name="grant-remove"),
    path("admin/people/<uuid:pk>/tokens/new/", views.new_token, name="token-new"),
    path("admin/people/<uuid:pk>/tokens/<uuid:token>/revoke/", views.revoke_token, name="token-revoke"),
    path("admin/roles/", role_views.roles, name="roles"),
    path("admin/roles/new/", role_views.role, name="role-new"),
    path("admin/roles/<uuid:pk>/", role_views.role, name="role"),
]
