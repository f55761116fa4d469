from django.db import migrations, models

import yingting.kernel.ids


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("country", models.CharField(max_length=2)),
                ("year", models.PositiveSmallIntegerField()),
                ("number", models.PositiveSmallIntegerField()),
                ("document", models.CharField(max_length=120)),
                ("issued_on", models.DateField()),
                ("days", models.JSONField()),
                ("author_label", models.CharField(max_length=64)),
                ("written_at", models.DateTimeField()),
            ],
            options={"ordering": ("country", "-year", "-number")},
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=("country", "year", "number"), name="calendars_notice_once"),
        ),
    ]
