from django.apps import AppConfig


class TextsConfig(AppConfig):
    name = "yingting.foundation.texts"
    label = "texts"

    def ready(self) -> None:
        """Bring what this app holds of people."""
        from yingting.foundation.privacy.holders import HOLDERS

        HOLDERS.bring("yingting.foundation.texts.personal:TEXTS")
