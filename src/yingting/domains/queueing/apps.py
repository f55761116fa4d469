from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class QueueingConfig(AppConfig):
    name = "yingting.domains.queueing"
    label = "queueing"

    def ready(self) -> None:
        """Put the pages of this app into the settings menu, and tell lower parts which days are open and where a hall is shown."""
        # Declaring the rules is their import.
        from yingting.domains.queueing.queries import announcing, calling_rules, customer_classes, green_channel, sheets  # noqa: F401
        from yingting.domains.queueing.queries.days import open_days
        from yingting.foundation.alerting.links import show_halls_by, tell_open_days_by
        from yingting.foundation.editing.menu import Entry, enter
        from yingting.foundation.lake.registry import INDICATOR_SETS, SHELVES, bring
        from yingting.foundation.live.panels import Panel
        from yingting.foundation.live.panels import enter as enter_panels
        from yingting.foundation.people.permissions import Permission as P  # noqa: N817 - a table of them must stay readable

        tell_open_days_by(open_days)
        show_halls_by(lambda code: reverse("queueing:floor-hall", args=[code]))
        bring(SHELVES, "yingting.domains.queueing.evidence:SHELF")
        bring(
            INDICATOR_SETS,
            "yingting.domains.queueing.evidence:ON_VISITS",
            "yingting.domains.queueing.evidence:ON_STINTS",
            "yingting.domains.queueing.evidence:ON_RETURNS",
            "yingting.domains.queueing.evidence:ON_COUNTER_TIME",
            "yingting.domains.queueing.evidence:ON_MODES",
            "yingting.domains.queueing.evidence:ON_STEERINGS",
            "yingting.domains.queueing.evidence:ON_SEGMENTS",
        )
        enter_panels(
            Panel("counter.ticket", "queueing:ticket-customer", 5, P.CUSTOMERS_VIEW),
            Panel("counter.idle", "queueing:known-ahead", 5, P.CUSTOMERS_VIEW),
        )
        purpose = _("The care lane, head starts, and what customers get by default.")
        enter(
            Entry(
                "settings",
                "queueing:setup-priorities",
                _("Priority classes"),
                P.CATALOGUE_CONFIGURE,
                21,
                purpose,
                _("Business"),
            ),
            Entry(
                "settings",
                "queueing:setup-divertible",
                _("Restricted business"),
                P.CATALOGUE_CONFIGURE,
                23,
                _("Which items of the list the catalogue covers, and which are missing."),
                _("Business"),
            ),
            Entry("hall", "queueing:setup-counters", _("Counters"), P.HALL_CONFIGURE, 4),
            Entry("hall", "queueing:setup-queues", _("Queues"), P.HALL_CONFIGURE, 5),
            Entry("hall", "queueing:setup-skills", _("Skills"), P.HALL_CONFIGURE, 6),
            Entry("person", "queueing:person-skills", _("Skills"), P.PEOPLE_MANAGE, 2),
        )
