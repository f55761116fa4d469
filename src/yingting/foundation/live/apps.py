from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "yingting.foundation.live"
    label = "live"
