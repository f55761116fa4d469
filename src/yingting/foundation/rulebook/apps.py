from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "yingting.foundation.rulebook"
    label = "rulebook"
