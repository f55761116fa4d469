from django.apps import AppConfig


class SitesConfig(AppConfig):
    name = "yingting.foundation.sites"
    label = "sites"
