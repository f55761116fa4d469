from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "yingting.reporting"
    label = "reporting"

    def ready(self) -> None:
        """Declare the rules of the reports, and bring what the lake holds of channels."""
        from yingting.foundation.lake.registry import INDICATOR_SETS, SHELVES, bring
        from yingting.reporting.boards import shown_rule  # noqa: F401 - declares its kind
        from yingting.reporting.channels import target  # noqa: F401 - as above
        from yingting.reporting.ranking import rules  # noqa: F401 - as above

        bring(SHELVES, "yingting.reporting.channels.evidence:SHELF")
        bring(INDICATOR_SETS, "yingting.reporting.channels.evidence:ON_CHANNELS")
