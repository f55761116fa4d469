from django.apps import AppConfig


class TakingsConfig(AppConfig):
    name = "yingting.domains.takings"
    label = "takings"

    def ready(self) -> None:
        """Declare the rule of payment methods."""
        from yingting.domains.takings.queries import rules_in_force  # noqa: F401 - declares its kind
