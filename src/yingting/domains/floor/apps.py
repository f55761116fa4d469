from django.apps import AppConfig


class FloorConfig(AppConfig):
    name = "yingting.domains.floor"
    label = "floor"

    def ready(self) -> None:
        """Declare the rules of this app, and put what the floor knows of a ticket on the clerk's screen."""
        from yingting.domains.floor.queries import rules_in_force
        from yingting.foundation.live.panels import Panel, enter
        from yingting.foundation.people.permissions import Permission

        rules_in_force.offer_lists()
        enter(Panel("counter.ticket", "floor:ticket-panel", 10, Permission.QUEUE_SERVE))
