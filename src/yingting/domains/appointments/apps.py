from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "yingting.domains.appointments"
    label = "appointments"

    def ready(self) -> None:
        """Declare the rules of this app, and its personal data."""
        from yingting.domains.appointments.queries import rules_in_force  # noqa: F401 - declaring the rules is their import
        from yingting.foundation.privacy.holders import HOLDERS

        HOLDERS.bring("yingting.domains.appointments.queries.personal:BOOKINGS")
