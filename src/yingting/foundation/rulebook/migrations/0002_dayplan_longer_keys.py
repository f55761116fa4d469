"""Keys hold a class and a business: two codes of 24 characters and a slash."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0001_initial")]
    operations = [
        migrations.AlterField("ruleversion", "key", models.CharField(blank=True, max_length=64)),
    ]
