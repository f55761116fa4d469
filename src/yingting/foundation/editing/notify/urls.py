from django.urls import path

from yingting.foundation.editing.notify import views

app_name = "channels"
urlpatterns = [
    path("channels/", views.channels, name="channels"),
    path("channels/new/", views.channel, name="channel-new"),
    path("channels/<uuid:pk>/", views.channel, name="channel"),
    path("channels/<uuid:pk>/retire/", views.retire, name="channel-retire"),
    path("channels/<uuid:pk>/send-test/", views.send_test, name="channel-test"),
    path("channels/<uuid:pk>/results/", views.results, name="channel-results"),
]
