from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "yingting.foundation.notify"
    label = "notify"

    def ready(self) -> None:
        """Declare the rule of delivery."""
        from yingting.foundation.notify import rules_in_force  # noqa: F401 - declares its kind
