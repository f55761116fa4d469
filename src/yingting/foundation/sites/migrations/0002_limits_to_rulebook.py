"""The halls' wait limits become versions of the rule `service.limits`, in force since ever."""

import datetime as dt

from django.db import migrations


def to_rulebook(apps, schema_editor):
    hall_model = apps.get_model("sites", "Hall")
    version = apps.get_model("rulebook", "RuleVersion")
    for hall in hall_model.objects.exclude(wait_limit_min=10, wait_challenge_min=8):
        version.objects.create(
            kind="service.limits",
            unit_id=hall.unit_id,
            number=1,
            valid_from=dt.date(2000, 1, 1),
            body={"wait_min": hall.wait_limit_min, "challenge_min": hall.wait_challenge_min},
            reason="",
            author_label="migration",
            written_at=dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc),
        )


class Migration(migrations.Migration):
    dependencies = [("sites", "0001_initial"), ("rulebook", "0001_initial")]
    operations = [
        migrations.RunPython(to_rulebook, migrations.RunPython.noop),
        migrations.RemoveField("hall", "wait_limit_min"),
        migrations.RemoveField("hall", "wait_challenge_min"),
    ]
