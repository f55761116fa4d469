from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "yingting.reporting"
    label = "reporting"
