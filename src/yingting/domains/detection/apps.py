from django.apps import AppConfig


class DetectionConfig(AppConfig):
    name = "yingting.domains.detection"
    label = "detection"

    def ready(self) -> None:
        """Declare the rules of detection and what it holds, and put its suggestions where a case is registered and classified."""
        from yingting.domains.detection.queries import rules_in_force  # noqa: F401 - declares its kinds
        from yingting.foundation.live.panels import Panel, enter
        from yingting.foundation.people.permissions import Permission
        from yingting.foundation.privacy.holders import HOLDERS

        HOLDERS.bring("yingting.domains.detection.queries.audit_notes:NOTES")
        script = "detection/suggest.js"
        enter(
            Panel("case.new", "detection:suggest", 10, Permission.CASE_REGISTER, script),
            Panel("case.classify", "detection:suggest", 10, Permission.CASE_HANDLE, script),
        )
