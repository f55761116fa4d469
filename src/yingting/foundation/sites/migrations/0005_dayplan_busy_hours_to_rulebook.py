"""The halls' busy hours become versions of the rule `service.calendar`, in force since ever."""

import datetime as dt

from django.db import migrations

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def to_rulebook(apps, schema_editor):
    version = apps.get_model("rulebook", "RuleVersion")
    units: dict = {}
    for span in (
        apps.get_model("sites", "BusySpan").objects.select_related("hall").order_by("starts", "ends", "weekday")
    ):
        days = units.setdefault(span.hall.unit_id, {}).setdefault((span.starts, span.ends), [])
        days.append(WEEKDAYS[span.weekday])
    for unit, spans in units.items():
        rows = [
            {"weekdays": days, "starts": starts.isoformat(), "ends": ends.isoformat()}
            for (starts, ends), days in spans.items()
        ]
        version.objects.create(
            kind="service.calendar",
            unit_id=unit,
            number=1,
            valid_from=dt.date(2000, 1, 1),
            body={"busy_hours": rows},
            author_label="migration",
            written_at=dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc),
        )


class Migration(migrations.Migration):
    dependencies = [("sites", "0004_hall_coordinates"), ("rulebook", "0001_initial")]
    operations = [
        migrations.RunPython(to_rulebook, migrations.RunPython.noop),
        migrations.DeleteModel("BusySpan"),
    ]
