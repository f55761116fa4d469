from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "yingting.domains.appointments"
    label = "appointments"

    def ready(self) -> None:
        """Declare the rules of this app, its personal data, its tables and indicators, and put its ways in onto the hall's screens."""
        # Declaring the rules is their import.
        from yingting.domains.appointments.queries import public_rules, rules_in_force, text_rules  # noqa: F401
        from yingting.foundation.lake.registry import INDICATOR_SETS, SHELVES, bring
        from yingting.foundation.live.panels import Panel, Way, enter, enter_ways
        from yingting.foundation.people.permissions import Permission
        from yingting.foundation.privacy.holders import HOLDERS
        from yingting.foundation.texts.kinds import TEXT_KINDS
        from yingting.kernel.words import gettext_noop

        bring(SHELVES, "yingting.domains.appointments.evidence:SHELF")
        bring(
            INDICATOR_SETS,
            "yingting.domains.appointments.evidence:ON_BOOKINGS",
            "yingting.domains.appointments.evidence:ON_SLOTS",
            "yingting.domains.appointments.evidence:ON_VISITS",
        )
        HOLDERS.bring("yingting.domains.appointments.actions.erasing:BOOKINGS")
        queries = "yingting.domains.appointments.queries.texts"
        TEXT_KINDS.bring(*(f"{queries}:{name}" for name in ("ON_BOOKED", "ON_REMINDER", "ON_TOUCHED", "ON_CANCELLED")))
        enter(Panel("guide", "appointments:expected", 10, Permission.FLOOR_GUIDE))
        enter_ways(Way("kiosk", "appointments:kiosk", gettext_noop("I have a booking")))
