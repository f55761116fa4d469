from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "yingting.foundation.customers"
    label = "customers"

    def ready(self) -> None:
        """Declare the rules of the customer file, and what this app holds of people."""
        from yingting.foundation.customers import rules_in_force  # noqa: F401 - declares its kinds
        from yingting.foundation.privacy.holders import HOLDERS

        HOLDERS.bring("yingting.foundation.customers.personal:FILES", "yingting.foundation.customers.personal:REQUESTS")
