from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "yingting.domains.appointments"
    label = "appointments"

    def ready(self) -> None:
        """Declare the rules of this app."""
        from yingting.domains.appointments.queries import rules_in_force  # noqa: F401 - declaring the rules is their import
