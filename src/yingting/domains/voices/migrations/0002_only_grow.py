"""Trigger: upon what a rule was published is written once."""

from django.db import migrations

from yingting.foundation.journal import triggers


def install(_apps, schema_editor):
    triggers.install(schema_editor.connection, "voices_ruleground")


def remove(_apps, schema_editor):
    triggers.remove(schema_editor.connection, "voices_ruleground")


class Migration(migrations.Migration):
    dependencies = [("voices", "0001_voices"), ("journal", "0002_only_grows")]
    operations = [migrations.RunPython(install, remove)]
