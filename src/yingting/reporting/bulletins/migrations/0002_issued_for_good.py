"""Triggers: what was issued is written once, never changed or deleted."""

from django.db import migrations

from yingting.foundation.journal import triggers

TABLE = "bulletins_issuedtext"


class Migration(migrations.Migration):
    dependencies = [("bulletins", "0001_bulletins")]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: triggers.install(schema_editor.connection, TABLE),
            lambda apps, schema_editor: triggers.remove(schema_editor.connection, TABLE),
        )
    ]
