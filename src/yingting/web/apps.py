from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "yingting.web"
    label = "web"
