from django.apps import AppConfig


class RostersConfig(AppConfig):
    name = "yingting.planning.rosters"
    label = "rosters"

    def ready(self) -> None:
        """Declare the rules of planning."""
        from yingting.planning.rosters import kinds  # noqa: F401 - declaring them is their import
