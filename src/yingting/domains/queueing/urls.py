from django.urls import URLPattern

from yingting.domains.queueing.views import (
    board,
    calling_rules,
    counter,
    customers,
    devices,
    editing,
    floor,
    kiosk,
    phone,
)

app_name = "queueing"
urlpatterns: list[URLPattern] = [
    *devices.urls,
    *kiosk.urls,
    *board.urls,
    *phone.urls,
    *customers.urls,
    *counter.urls,
    *floor.urls,
    *editing.urls,
    *calling_rules.urls,
]
