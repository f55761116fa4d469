"""Triggers: a notice is inserted, never changed or deleted."""

from django.db import migrations

from yingting.foundation.journal import triggers

TABLE = "calendars_notice"


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_worktime"), ("journal", "0002_only_grows")]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: triggers.install(schema_editor.connection, TABLE),
            lambda apps, schema_editor: triggers.remove(schema_editor.connection, TABLE),
        )
    ]
