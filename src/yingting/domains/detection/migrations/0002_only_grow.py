"""Triggers: samples, judgements and their cases are inserted, never changed or deleted."""

from django.db import migrations

from yingting.foundation.journal import triggers

TABLES = ("detection_audititem", "detection_auditjudgement", "detection_auditcase")


def install(_apps, schema_editor):
    for table in TABLES:
        triggers.install(schema_editor.connection, table)


def remove(_apps, schema_editor):
    for table in TABLES:
        triggers.remove(schema_editor.connection, table)


class Migration(migrations.Migration):
    dependencies = [("detection", "0001_detection"), ("journal", "0002_only_grows")]
    operations = [migrations.RunPython(install, remove)]
