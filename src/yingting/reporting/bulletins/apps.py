from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    name = "yingting.reporting.bulletins"
    label = "bulletins"

    def ready(self) -> None:
        """Declare the kinds of bulletin."""
        from yingting.reporting.bulletins import kinds  # noqa: F401 - declaring the rule is its import
