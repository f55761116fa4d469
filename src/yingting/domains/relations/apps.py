from django.apps import AppConfig


class RelationsConfig(AppConfig):
    name = "yingting.domains.relations"
    label = "relations"

    def ready(self) -> None:
        """Declare the rules and figures of this app, and what it holds of people."""
        from yingting.domains.relations.queries import rules_in_force
        from yingting.foundation.lake.registry import INDICATOR_SETS, SHELVES, bring

        bring(SHELVES, "yingting.domains.relations.evidence:SHELF")
        bring(
            INDICATOR_SETS,
            "yingting.domains.relations.evidence:ON_FREQUENT",
            "yingting.domains.relations.evidence:ON_CARE",
            "yingting.domains.relations.evidence:ON_GRANTS",
            "yingting.domains.relations.evidence:ON_STEPS",
        )
        rules_in_force.offer_lists()
