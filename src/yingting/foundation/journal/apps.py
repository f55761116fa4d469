from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "yingting.foundation.journal"
    label = "journal"
