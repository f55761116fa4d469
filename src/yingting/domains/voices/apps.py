from django.apps import AppConfig


class VoicesConfig(AppConfig):
    name = "yingting.domains.voices"
    label = "voices"

    def ready(self) -> None:
        """Declare the rules and figures of this app, and stand before the publishing of rules."""
        from yingting.domains.voices.queries import rules_in_force
        from yingting.foundation.lake.registry import INDICATOR_SETS, SHELVES, bring
        from yingting.foundation.rulebook.guards import GUARDS

        bring(SHELVES, "yingting.domains.voices.evidence:SHELF")
        bring(
            INDICATOR_SETS,
            "yingting.domains.voices.evidence:ON_SUGGESTIONS",
            "yingting.domains.voices.evidence:ON_CONSULTED",
            "yingting.domains.voices.evidence:ON_RECEIPTS",
            "yingting.domains.voices.evidence:ON_CHECKS",
        )
        rules_in_force.offer_lists()
        GUARDS.bring("yingting.domains.voices.reactions:CONSULTATION")
