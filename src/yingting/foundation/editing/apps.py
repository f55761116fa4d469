from django.apps import AppConfig


class EditingConfig(AppConfig):
    name = "yingting.foundation.editing"
    label = "editing"
