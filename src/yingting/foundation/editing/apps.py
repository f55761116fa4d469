from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditingConfig(AppConfig):
    name = "yingting.foundation.editing"
    label = "editing"

    def ready(self) -> None:
        """Put foundation's pages into the settings menu; each domain puts its own."""
        from yingting.foundation.editing.menu import Entry, enter
        from yingting.foundation.people.permissions import Permission as P  # noqa: N817 - a table of them must stay readable

        places, business, people = _("Organisation and halls"), _("Business"), _("People and rights")
        enter(
            Entry(
                "settings", "sites:units", _("Organisation"), P.HALL_CONFIGURE, 10,
                _("Province, city, district, branch: the tree on which roles are granted. New halls are made here."), places,
            ),
            Entry(
                "settings", "sites:halls", _("Halls"), P.HALL_CONFIGURE, 11,
                _("A hall with its zones, hours, counters, queues and devices."), places,
            ),
            Entry(
                "settings", "catalogue:classes", _("Business catalogue"), P.CATALOGUE_CONFIGURE, 20,
                _("What customers come for: classes, single and combined business, time limits, papers to bring."), business,
            ),
            Entry(
                "settings", "rulebook:rules", _("Rules"), P.HALL_CONFIGURE, 22,
                _("Limits, peak levels, ways of calling, checklists: versions with a first day, for a hall or all halls of a unit."), business,
            ),
            Entry(
                "settings", "calendars:year", _("Working time and holidays"), P.CALENDAR_CONFIGURE, 23,
                _("When people work: weeks, holidays, make-up workdays, and when a limit is due."), business,
            ),
            Entry(
                "settings", "people:people", _("People"), P.PEOPLE_MANAGE, 30,
                _("Staff numbers, units, passwords, granted roles, skills, API tokens."), people,
            ),
            Entry(
                "settings", "people:roles", _("Roles"), P.PEOPLE_MANAGE, 31,
                _("What a clerk, a duty manager, an administrator may do."), people,
            ),
            Entry(
                "settings", "channels:channels", _("Message channels"), P.NOTIFY_CONFIGURE, 32,
                _("Robots of WeCom, DingTalk and Feishu, e-mail, SMS gateways: where messages are sent, with a test."), people,
            ),
            Entry("hall", "sites:hall", _("Hall"), P.HALL_CONFIGURE, 1),
            Entry("hall", "sites:hours", _("Opening hours"), P.HALL_CONFIGURE, 2),
            Entry("hall", "sites:zones", _("Zones"), P.HALL_CONFIGURE, 3),
            Entry("hall", "catalogue:equipment", _("Self-service"), P.HALL_CONFIGURE, 8),
            Entry("hall", "sites:devices", _("Devices"), P.DEVICE_MANAGE, 9),
            Entry("person", "people:person", _("Person and rights"), P.PEOPLE_MANAGE, 1),
        )  # fmt: skip
