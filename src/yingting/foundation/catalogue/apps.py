from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "yingting.foundation.catalogue"
    label = "catalogue"
