from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "yingting.planning"
    label = "planning"

    def ready(self) -> None:
        """Declare the facts of a demo."""
        from yingting.planning import facts  # noqa: F401 - declares its kinds
