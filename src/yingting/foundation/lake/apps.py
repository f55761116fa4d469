from django.apps import AppConfig


class LakeConfig(AppConfig):
    name = "yingting.foundation.lake"
    label = "lake"

    def ready(self) -> None:
        """Declare the rules of the lake."""
        from yingting.foundation.lake import targets  # noqa: F401 - declaring is its import
        from yingting.foundation.lake.figures import kinds  # noqa: F401 - as above
