"""Triggers: these rows are inserted, never changed or deleted."""

from django.db import migrations

from yingting.foundation.journal import triggers

TABLES = ("privacy_disclosure",)


def install(apps, schema_editor):
    for table in TABLES:
        triggers.install(schema_editor.connection, table)


def remove(apps, schema_editor):
    for table in TABLES:
        triggers.remove(schema_editor.connection, table)


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_personal_data"), ("journal", "0002_only_grows")]
    operations = [migrations.RunPython(install, remove)]
