from django.apps import AppConfig


class PeaksConfig(AppConfig):
    name = "yingting.domains.peaks"
    label = "peaks"

    def ready(self) -> None:
        """Declare the rule of peaks, bring its evidence, and put the console onto the live hall."""
        from yingting.domains.peaks.queries import rules_in_force  # noqa: F401 - declares its kind
        from yingting.foundation.lake.registry import INDICATOR_SETS, SHELVES, bring
        from yingting.foundation.live.panels import Panel, enter
        from yingting.foundation.people.permissions import Permission as P  # noqa: N817 - a table of them must stay readable

        bring(SHELVES, "yingting.domains.peaks.evidence:SHELF")
        bring(INDICATOR_SETS, "yingting.domains.peaks.evidence:ON_ALERTS")
        enter(
            Panel("floor.now", "peaks:console", 10, P.QUEUE_VIEW),
            Panel("floor.once", "peaks:once", 10, P.QUEUE_VIEW),
            Panel("floor", "peaks:effect", 20, P.QUEUE_VIEW),
        )
