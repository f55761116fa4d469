"""The papers of each business become versions of the rule `catalogue.papers`, in force since ever."""

import datetime as dt

from django.db import migrations


def to_rulebook(apps, schema_editor):
    version = apps.get_model("rulebook", "RuleVersion")
    papers: dict = {}
    for row in apps.get_model("catalogue", "PaperNeed").objects.order_by("position", "name"):
        papers.setdefault(row.business_type_id, []).append({"name": row.name, "name_en": row.name_en})
    types = list(apps.get_model("catalogue", "BusinessType").objects.select_related("business_class"))
    keys = {item.pk: f"{item.business_class.code}/{item.code}" for item in types}
    named = {keys[pk] for pk in papers}
    for item in types:
        # A business without papers says so where one of the same codes has some: it must not take those from above.
        if keys[item.pk] not in named:
            continue
        version.objects.create(
            kind="catalogue.papers",
            unit_id=item.business_class.unit_id,
            key=keys[item.pk],
            number=1,
            valid_from=dt.date(2000, 1, 1),
            body={"papers": papers.get(item.pk, [])},
            author_label="migration",
            written_at=dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc),
        )


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_hall_card"), ("rulebook", "0002_dayplan_longer_keys")]
    operations = [
        migrations.RunPython(to_rulebook, migrations.RunPython.noop),
        migrations.DeleteModel("PaperNeed"),
    ]
