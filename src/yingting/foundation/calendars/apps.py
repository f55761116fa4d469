from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "yingting.foundation.calendars"
    label = "calendars"

    def ready(self) -> None:
        """Declare the rules of working time."""
        from yingting.foundation.calendars import rules_of_time  # noqa: F401 - declaring is its import
