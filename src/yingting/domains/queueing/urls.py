from django.urls import URLPattern, path

from yingting.domains.queueing.views import counter, floor

app_name = "queueing"
urlpatterns: list[URLPattern] = [
    path("counter/", counter.counter, name="counter"),
    path("counter/open/", counter.counter_open, name="counter-open"),
    path("counter/<uuid:session>/", counter.counter_screen, name="counter-screen"),
    path("counter/<uuid:session>/dialog/<slug:name>/", counter.counter_dialog, name="counter-dialog"),
    path("counter/<uuid:session>/rating/<uuid:ticket>/", counter.counter_rating, name="counter-rating"),
    path("counter/<uuid:session>/<slug:verb>/", counter.counter_step, name="counter-step"),
    path("floor/", floor.floor, name="floor"),
    path("floor/<str:code>/", floor.floor_hall, name="floor-hall"),
    path("floor/<str:code>/close-day/", floor.floor_close_day, name="floor-close-day"),
    path("floor/<str:code>/counters/<uuid:counter>/open/", floor.floor_open, name="floor-open"),
    path("floor/<str:code>/sessions/<uuid:session>/<slug:verb>/", floor.floor_session, name="floor-session"),
    path("floor/<str:code>/tickets/<uuid:ticket>/<slug:verb>/", floor.floor_ticket, name="floor-ticket"),
]
