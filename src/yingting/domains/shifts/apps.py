from django.apps import AppConfig


class ShiftsConfig(AppConfig):
    name = "yingting.domains.shifts"
    label = "shifts"

    def ready(self) -> None:
        """Declare the rules of this app and the lists that they choose from."""
        from yingting.domains.shifts.queries import rules_in_force

        rules_in_force.offer_lists()
