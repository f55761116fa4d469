from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "yingting.foundation.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        """Declare the rules of the catalogue."""
        from yingting.foundation.catalogue import calendar, hall_types, limits, papers  # noqa: F401 - declaring is its import
