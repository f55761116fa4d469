from django.apps import AppConfig


class SellingConfig(AppConfig):
    name = "yingting.domains.selling"
    label = "selling"

    def ready(self) -> None:
        """Declare the rules of this app, and put its panels onto the counter screen and the live hall."""
        from yingting.domains.selling.queries import rules_in_force  # noqa: F401 - declaring the rules is their import
        from yingting.foundation.lake.registry import INDICATOR_SETS, SHELVES, bring
        from yingting.foundation.live.panels import Panel, enter
        from yingting.foundation.people.permissions import Permission as P  # noqa: N817 - a table of them must stay readable

        bring(SHELVES, "yingting.domains.selling.evidence:SHELF")
        bring(INDICATOR_SETS, "yingting.domains.selling.evidence:ON_RECOMMENDATIONS")
        enter(
            Panel("counter.ticket", "selling:ticket-panel", 20, P.QUEUE_SERVE),
            Panel("counter.idle", "selling:idle-panel", 10, P.QUEUE_SERVE),
            Panel("counter.once", "selling:once", 10, P.QUEUE_SERVE),
            Panel("floor", "selling:hall-line", 30, P.QUEUE_SUPERVISE),
        )
