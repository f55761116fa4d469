from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "yingting.domains.appointments"
    label = "appointments"

    def ready(self) -> None:
        """Declare the rules of this app, and put its ways in onto the screens of the hall."""
        from yingting.domains.appointments.queries import public_rules, rules_in_force  # noqa: F401 - declaring the rules is their import
        from yingting.foundation.live.panels import Panel, Way, enter, enter_ways
        from yingting.foundation.people.permissions import Permission
        from yingting.kernel.words import gettext_noop

        enter(Panel("guide", "appointments:expected", 10, Permission.FLOOR_GUIDE))
        enter_ways(Way("kiosk", "appointments:kiosk", gettext_noop("I have a booking")))
