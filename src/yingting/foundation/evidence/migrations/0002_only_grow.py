"""Triggers: these rows are inserted, never changed or deleted."""

from django.db import migrations

from yingting.foundation.journal import triggers

TABLES = ("evidence_proof", "evidence_prooferased")


def install(apps, schema_editor):
    for table in TABLES:
        triggers.install(schema_editor.connection, table)


def remove(apps, schema_editor):
    for table in TABLES:
        triggers.remove(schema_editor.connection, table)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_proofs"), ("journal", "0002_only_grows")]
    operations = [migrations.RunPython(install, remove)]
