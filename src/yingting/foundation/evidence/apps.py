from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "yingting.foundation.evidence"
    label = "evidence"

    def ready(self) -> None:
        """Declare the rule of proof, and what this app holds of people."""
        from yingting.foundation.evidence import rules_in_force  # noqa: F401 - declares its kind
        from yingting.foundation.privacy.holders import HOLDERS

        HOLDERS.bring("yingting.foundation.evidence.keeping:PROOF_HOLDER")
