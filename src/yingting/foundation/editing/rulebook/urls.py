from django.urls import path

from yingting.foundation.editing.rulebook import views

app_name = "rulebook"
urlpatterns = [
    path("rules/", views.rules, name="rules"),
    path("rules/versions/<uuid:version>/withdraw/", views.withdraw, name="rule-withdraw"),
    path("rules/<str:code>/", views.rule, name="rule"),
    path("rules/<str:code>/new/", views.new_version, name="rule-new"),
    path("rules/<str:code>/ask/", views.ask_first, name="rule-ask"),
    path("rules/<str:code>/preview/<str:place>/", views.preview, name="rule-preview"),
]
