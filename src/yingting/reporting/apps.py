from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "yingting.reporting"
    label = "reporting"

    def ready(self) -> None:
        """Declare the rule of the e-channels' target."""
        from yingting.reporting.channels import target  # noqa: F401 - declares its kind
