from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "yingting.planning"
    label = "planning"
