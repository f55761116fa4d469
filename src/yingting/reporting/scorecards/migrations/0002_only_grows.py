"""Triggers: frozen cards are written once, never changed or deleted."""

from django.db import migrations

from yingting.foundation.journal import triggers

TABLE = "scorecards_frozenscore"


class Migration(migrations.Migration):
    dependencies = [("scorecards", "0001_scorecards")]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: triggers.install(schema_editor.connection, TABLE),
            lambda apps, schema_editor: triggers.remove(schema_editor.connection, TABLE),
        )
    ]
