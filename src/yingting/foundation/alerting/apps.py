from django.apps import AppConfig


class AlertingConfig(AppConfig):
    name = "yingting.foundation.alerting"
    label = "alerting"

    def ready(self) -> None:
        """Declare the rule of alerts on indicators."""
        from yingting.foundation.alerting import rules_in_force

        rules_in_force.offer_lists()
