from django.urls import path, register_converter
from django.urls.converters import StringConverter

from yingting.foundation.editing.sites import device_views, views


class HoursKind(StringConverter):
    regex = "weekly|dates|busy"


register_converter(HoursKind, "hours")
app_name = "sites"
urlpatterns = [
    path("units/", views.units, name="units"),
    path("units/<uuid:unit>/", views.unit, name="unit"),
    path("units/<uuid:unit>/below/", views.below, name="below"),
    path("units/<uuid:unit>/new/", views.new_unit, name="unit-new"),
    path("units/<uuid:unit>/new-hall/", views.new_hall, name="hall-new"),
    path("units/<uuid:unit>/move/", views.move_unit, name="unit-move"),
    path("units/<uuid:unit>/retire/", views.retire_unit, name="unit-retire"),
    path("halls/", views.halls, name="halls"),
    path("halls/<str:hall>/", views.hall, name="hall"),
    path("halls/<str:hall>/zones/", views.zones, name="zones"),
    path("halls/<str:hall>/zones/new/", views.zone, name="zone-new"),
    path("halls/<str:hall>/zones/<uuid:zone>/", views.zone, name="zone"),
    path("halls/<str:hall>/zones/<uuid:zone>/retire/", views.retire_zone, name="zone-retire"),
    path("halls/<str:hall>/hours/", views.hours, name="hours"),
    path("halls/<str:hall>/hours/<hours:kind>/new/", views.span, name="span-new"),
    path("halls/<str:hall>/hours/<hours:kind>/<uuid:span>/", views.span, name="span"),
    path("halls/<str:hall>/hours/<hours:kind>/<uuid:span>/remove/", views.remove_span, name="span-remove"),
    path("halls/<str:hall>/devices/", device_views.devices, name="devices"),
    path("halls/<str:hall>/devices/new/", device_views.device, name="device-new"),
    path("halls/<str:hall>/devices/<uuid:device>/", device_views.device, name="device"),
    path("halls/<str:hall>/devices/<uuid:device>/pair/", device_views.pair, name="device-pair"),
    path("halls/<str:hall>/devices/<uuid:device>/revoke/", device_views.revoke, name="device-revoke"),
]
