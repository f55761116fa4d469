from django.apps import AppConfig


class RelationsConfig(AppConfig):
    name = "yingting.domains.relations"
    label = "relations"
