from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "yingting.domains.appointments"
    label = "appointments"

    def ready(self) -> None:
        """Declare the rules of this app, its personal data, its fact tables and indicators."""
        from yingting.domains.appointments.queries import rules_in_force  # noqa: F401 - declaring the rules is their import
        from yingting.foundation.lake.registry import INDICATOR_SETS, SHELVES, bring
        from yingting.foundation.privacy.holders import HOLDERS

        bring(SHELVES, "yingting.domains.appointments.evidence:SHELF")
        bring(
            INDICATOR_SETS,
            "yingting.domains.appointments.evidence:ON_BOOKINGS",
            "yingting.domains.appointments.evidence:ON_SLOTS",
            "yingting.domains.appointments.evidence:ON_VISITS",
        )
        HOLDERS.bring("yingting.domains.appointments.actions.erasing:BOOKINGS")
