from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    name = "yingting.reporting.bulletins"
    label = "bulletins"

    def ready(self) -> None:
        """Declare the kinds of bulletin, put notices about a case onto its trace, and tell cases which of them are out."""
        from yingting.domains.cases.facade import WARNINGS
        from yingting.foundation.live.panels import Panel, enter
        from yingting.foundation.people.permissions import Permission
        from yingting.reporting.bulletins import kinds  # noqa: F401 - declaring the rule is its import

        WARNINGS.bring("yingting.reporting.bulletins.quoting:warnings_on")
        enter(Panel("case", "bulletins:of-case", 10, Permission.REPORT_VIEW))
