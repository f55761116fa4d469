"""Roles remember which shipped permissions they were given; those of before are told by their history."""

from django.db import migrations, models

SHIPPED = ("clerk", "guide", "guard", "duty_manager", "hall_manager", "service_manager", "administrator")


def remember(apps, schema_editor):
    facts = apps.get_model("journal", "Fact").objects.filter(kind="reference.changed").order_by("version")
    for role in apps.get_model("people", "Role").objects.filter(key__in=SHIPPED):
        edits = (fact.data["before"] for fact in facts.filter(subject=role.pk))
        # What it had before somebody edited its permissions for the first time; unedited, what it has.
        role.shipped_permissions = next((was["permissions"] for was in edits if "permissions" in was), role.permissions)
        role.save(update_fields=["shipped_permissions"])


class Migration(migrations.Migration):
    dependencies = [("people", "0002_hall_card"), ("journal", "0002_only_grows")]
    operations = [
        migrations.AddField("role", "shipped_permissions", models.JSONField(default=list, editable=False)),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
