from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "yingting.foundation.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        """Put the pages of this app into the settings menu."""
        from yingting.foundation.editing.menu import Entry, enter
        from yingting.foundation.people.permissions import Permission as P

        purpose = _("What customers come for: classes, single and combined business, time limits, papers to bring.")
        enter(Entry("settings", "catalogue:classes", _("Business catalogue"), P.CATALOGUE_CONFIGURE, 20, purpose, _("Business")))
