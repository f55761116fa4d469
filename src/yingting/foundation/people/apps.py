from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "yingting.foundation.people"
    label = "people"

    def ready(self) -> None:
        """Put the pages of this app into the settings menu."""
        from yingting.foundation.editing.menu import Entry, enter
        from yingting.foundation.people.permissions import Permission as P

        group = _("People and rights")
        enter(
            Entry("settings", "people:people", _("People"), P.PEOPLE_MANAGE, 30, _("Staff numbers, units, passwords, granted roles, skills, API tokens."), group),
            Entry("settings", "people:roles", _("Roles"), P.PEOPLE_MANAGE, 31, _("What a clerk, a duty manager, an administrator may do."), group),
            Entry("person", "people:person", _("Person and rights"), P.PEOPLE_MANAGE, 1),
        )  # fmt: skip
