from django.apps import AppConfig

from yingting.kernel.words import gettext_noop


class CasesConfig(AppConfig):
    name = "yingting.domains.cases"
    label = "cases"

    def ready(self) -> None:
        """Declare the rules of this app, its personal data and its proof, and put its panel on the counter screen."""
        # Declaring the rules is their import.
        from django.utils.translation import gettext_lazy as _

        from yingting.domains.cases.queries import public_rules, rules_in_force  # noqa: F401
        from yingting.foundation.editing.menu import Entry, enter
        from yingting.foundation.evidence.subjects import SUBJECTS
        from yingting.foundation.lake.registry import INDICATOR_SETS, SHELVES, bring
        from yingting.foundation.live.panels import Panel, Way, enter_ways
        from yingting.foundation.live.panels import enter as enter_panel
        from yingting.foundation.people.permissions import Permission
        from yingting.foundation.privacy.holders import HOLDERS

        bring(SHELVES, "yingting.domains.cases.evidence:SHELF")
        bring(
            INDICATOR_SETS,
            "yingting.domains.cases.evidence:ON_CASES",
            "yingting.domains.cases.evidence:ON_STEPS",
            "yingting.domains.cases.evidence:ON_CLOCKS",
            "yingting.domains.cases.evidence:ON_PROMISES",
            "yingting.domains.cases.evidence:ON_CALLS",
            "yingting.domains.cases.evidence:ON_VISITS",
            "yingting.domains.cases.evidence:ON_OPEN",
            "yingting.domains.cases.evidence:ON_USERS",
        )
        HOLDERS.bring("yingting.domains.cases.queries.personal:COMPLAINANT")
        SUBJECTS.bring("yingting.domains.cases.queries.personal:PROOF")
        SUBJECTS.bring("yingting.domains.cases.queries.remedies:PROOF")

        rules_in_force.offer_lists()
        enter_panel(Panel("counter", "cases:at-counter", 50, Permission.CASE_REGISTER))
        enter(
            Entry(
                "settings", "cases:processes", _("Processes of cases"), Permission.CASE_CONFIGURE, 25,
                _("Steps, owners and limits of complaints and other cases: the picture, the editions, what a change did."), _("Business"),
            ),
            Entry(
                "settings", "cases:documents", _("Laws and policies"), Permission.CASE_CONFIGURE, 26,
                _("What limits rest on: which clocks and processes cite which law."), _("Business"),
            ),
        )  # fmt: skip
        enter_ways(Way("phone", "cases:say-of-ticket", gettext_noop("Tell us: grumble, complaint, suggestion")))
