from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "yingting.foundation.people"
    label = "people"
