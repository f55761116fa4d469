from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "yingting.foundation.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Declare the rules of personal data, and what this app itself holds."""
        from yingting.foundation.privacy import rules_in_force  # noqa: F401 - declares its kinds
        from yingting.foundation.privacy.holders import HOLDERS

        HOLDERS.bring("yingting.foundation.privacy.notes:NOTES")
