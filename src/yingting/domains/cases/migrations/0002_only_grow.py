"""Triggers: editions and entries of clocks are inserted, never changed or deleted."""

from django.db import migrations

from yingting.foundation.journal import triggers

TABLES = ("cases_processedition", "cases_clockentry")


def install(_apps, schema_editor):
    for table in TABLES:
        triggers.install(schema_editor.connection, table)


def remove(_apps, schema_editor):
    for table in TABLES:
        triggers.remove(schema_editor.connection, table)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_cases"), ("journal", "0002_only_grows")]
    operations = [migrations.RunPython(install, remove)]
