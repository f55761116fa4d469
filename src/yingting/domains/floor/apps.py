from django.apps import AppConfig


class FloorConfig(AppConfig):
    name = "yingting.domains.floor"
    label = "floor"

    def ready(self) -> None:
        """Declare the rules of this app, and put the floor's panels on the screens of the queue."""
        # Declaring the rules is their import.
        from yingting.domains.floor.queries import lobby_rules, rules_in_force  # noqa: F401
        from yingting.foundation.live.panels import Panel, enter
        from yingting.foundation.people.permissions import Permission

        rules_in_force.offer_lists()
        enter(
            Panel("counter.ticket", "floor:ticket-panel", 10, Permission.QUEUE_SERVE),
            Panel("counter.ticket", "floor:handover", 6, Permission.QUEUE_SERVE),
            Panel("counter", "floor:at-counter", 10, Permission.QUEUE_SERVE),
            Panel("floor.now", "floor:help-calls", 5, Permission.FLOOR_GUIDE),
        )
