"""Triggers: entered figures and baselines are inserted, never changed or deleted."""

from django.db import migrations

from yingting.foundation.journal import triggers

TABLES = ("lake_figureentry", "lake_baseline")


def install(apps, schema_editor):
    for table in TABLES:
        triggers.install(schema_editor.connection, table)


def remove(apps, schema_editor):
    for table in TABLES:
        triggers.remove(schema_editor.connection, table)


class Migration(migrations.Migration):
    dependencies = [("lake", "0001_entries_figures_and_baselines"), ("journal", "0002_only_grows")]
    operations = [migrations.RunPython(install, remove)]
