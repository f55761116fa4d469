from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SitesConfig(AppConfig):
    name = "yingting.foundation.sites"
    label = "sites"

    def ready(self) -> None:
        """Put the pages of this app into the settings menu."""
        from yingting.foundation.editing.menu import Entry, enter
        from yingting.foundation.people.permissions import Permission as P

        places = _("Organisation and halls")
        enter(
            Entry(
                "settings", "sites:units", _("Organisation"), P.HALL_CONFIGURE, 10,
                _("Province, city, district, branch: the tree on which roles are granted. New halls are made here."), places,
            ),
            Entry(
                "settings", "sites:halls", _("Halls"), P.HALL_CONFIGURE, 11,
                _("A hall with its zones, hours, counters, queues and devices."), places,
            ),
            Entry("hall", "sites:hall", _("Hall"), P.HALL_CONFIGURE, 1),
            Entry("hall", "sites:hours", _("Hours"), P.HALL_CONFIGURE, 2),
            Entry("hall", "sites:zones", _("Zones"), P.HALL_CONFIGURE, 3),
            Entry("hall", "sites:devices", _("Devices"), P.DEVICE_MANAGE, 9),
        )  # fmt: skip
