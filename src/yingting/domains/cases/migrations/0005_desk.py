"""Links between cases, which only grow; what the queue and the search look for."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import yingting.kernel.ids
from yingting.foundation.journal import triggers

TABLE = "cases_link"


def install(_apps, schema_editor):
    triggers.install(schema_editor.connection, TABLE)


def remove(_apps, schema_editor):
    triggers.remove(schema_editor.connection, TABLE)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_witnessed"),
        ("journal", "0002_only_grows"),
        ("sites", "0006_hall_type"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "sort",
                    models.CharField(
                        choices=[("like", "Like"), ("repeat", "Repeat"), ("split", "Split")], max_length=8
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("state__in", ("open", "waits_customer", "waits_others"))),
                fields=["next_due_at", "registered_at", "id"],
                name="cases_queue_all",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("origin_id__isnull", False)), fields=["origin_id"], name="cases_by_origin"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("channel_number", ""), _negated=True),
                fields=["channel_number"],
                name="cases_by_channel_number",
            ),
        ),
        migrations.AddField(
            model_name="link",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="link",
            name="case",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
        ),
        migrations.AddField(
            model_name="link",
            name="other",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(fields=("case", "other", "sort"), name="cases_link_once"),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(
                condition=models.Q(("case", models.F("other")), _negated=True), name="cases_link_other"
            ),
        ),
        migrations.RunPython(install, remove),
    ]
