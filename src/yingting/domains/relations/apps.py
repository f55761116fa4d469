from django.apps import AppConfig


class RelationsConfig(AppConfig):
    name = "yingting.domains.relations"
    label = "relations"

    def ready(self) -> None:
        """Declare the rules and figures of this app, and what it holds of people."""
        from yingting.domains.relations.queries import rules_in_force
        from yingting.foundation.customers.beside import COPIES, LINKS
        from yingting.foundation.lake.registry import INDICATOR_SETS, SHELVES, bring
        from yingting.foundation.privacy.holders import HOLDERS

        bring(SHELVES, "yingting.domains.relations.evidence:SHELF")
        bring(
            INDICATOR_SETS,
            "yingting.domains.relations.evidence:ON_FREQUENT",
            "yingting.domains.relations.evidence:ON_CARE",
            "yingting.domains.relations.evidence:ON_GRANTS",
            "yingting.domains.relations.evidence:ON_STEPS",
        )
        LINKS.bring("yingting.domains.relations.queries.personal:LINK")
        COPIES.bring(
            "yingting.domains.relations.queries.personal:COPY_ENTITLEMENTS",
            "yingting.domains.relations.queries.personal:COPY_LEADS",
            "yingting.domains.relations.queries.personal:COPY_CARE",
        )
        HOLDERS.bring(
            "yingting.domains.relations.queries.personal:TEACHINGS",
            "yingting.domains.relations.queries.personal:REGISTRATIONS",
            "yingting.domains.relations.queries.personal:LEADS",
            "yingting.domains.relations.queries.personal:SITE_VISITS",
        )
        rules_in_force.offer_lists()
