from django.apps import AppConfig


class QueueingConfig(AppConfig):
    name = "yingting.domains.queueing"
    label = "queueing"
