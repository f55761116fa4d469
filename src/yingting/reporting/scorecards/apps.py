from django.apps import AppConfig


class ScorecardsConfig(AppConfig):
    name = "yingting.reporting.scorecards"
    label = "scorecards"

    def ready(self) -> None:
        """Declare the rules of scorecards."""
        from yingting.reporting.scorecards import kinds  # noqa: F401 - declaring the rules is their import
