import datetime as dt
from urllib.parse import urlencode

from django.apps import AppConfig
from django.urls import reverse


class ReportingConfig(AppConfig):
    name = "yingting.reporting"
    label = "reporting"

    def ready(self) -> None:
        """Declare the rules of the reports, bring what the lake holds of channels and facilities, and show the rows of alerts."""
        from yingting.foundation.alerting.links import show_rows_by
        from yingting.foundation.evidence.subjects import SUBJECTS
        from yingting.foundation.lake.registry import INDICATOR_SETS, SHELVES, bring
        from yingting.reporting.boards import shown_rule  # noqa: F401 - declares its kind
        from yingting.reporting.channels import target  # noqa: F401 - as above
        from yingting.reporting.ranking import rules  # noqa: F401 - as above
        from yingting.reporting.stars import shown  # noqa: F401 - as above

        bring(
            SHELVES, "yingting.reporting.channels.evidence:SHELF", "yingting.reporting.channels.evidence:ASSIST_SHELF",
            "yingting.reporting.facilities.evidence:SHELF"
        )  # fmt: skip
        bring(
            INDICATOR_SETS,
            "yingting.reporting.channels.evidence:ON_CHANNELS",
            "yingting.reporting.channels.evidence:ON_ASSISTS",
            "yingting.reporting.facilities.evidence:ON_DEVICES",
            "yingting.reporting.facilities.evidence:ON_REPAIRS",
            "yingting.reporting.facilities.evidence:ON_CROWDS",
            "yingting.reporting.entries.indicators:ON_COSTS",
        )
        SUBJECTS.bring("yingting.reporting.stars.photos:STAFF_PHOTO")
        show_rows_by(_rows)


def _rows(path: str, indicator: str, first: dt.date, last: dt.date) -> str:
    """The rows behind a number, on the boards."""
    query = urlencode({"unit": path, "indicator": indicator, "from": first, "to": last})
    return f"{reverse('reporting:rows')}?{query}"
