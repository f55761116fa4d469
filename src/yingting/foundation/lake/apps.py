from django.apps import AppConfig


class LakeConfig(AppConfig):
    name = "yingting.foundation.lake"
    label = "lake"
