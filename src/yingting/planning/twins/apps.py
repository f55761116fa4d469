from django.apps import AppConfig


class TwinsConfig(AppConfig):
    name = "yingting.planning.twins"
    label = "twins"

    def ready(self) -> None:
        """Declare the facts and rules of the twin."""
        from yingting.planning.twins import facts, kinds  # noqa: F401 - declaring them is their import
