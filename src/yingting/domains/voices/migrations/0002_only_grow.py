"""Triggers: what a rule rests on and what came of a suggestion are inserted, never changed or deleted."""

from django.db import migrations

from yingting.foundation.journal import triggers

TABLES = ("voices_ruleground", "voices_effect")


def install(_apps, schema_editor):
    for table in TABLES:
        triggers.install(schema_editor.connection, table)


def remove(_apps, schema_editor):
    for table in TABLES:
        triggers.remove(schema_editor.connection, table)


class Migration(migrations.Migration):
    dependencies = [("voices", "0001_voices"), ("journal", "0002_only_grows")]
    operations = [migrations.RunPython(install, remove)]
