from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("twins", "0003_many_halls")]

    operations = [
        migrations.AlterField(
            model_name="twinrun",
            name="kind",
            field=models.CharField(
                choices=[
                    ("fit", "Calibration"),
                    ("what_if", "What if"),
                    ("forecast", "Forecast"),
                    ("counters", "Counters needed"),
                    ("roster", "Roster of a week"),
                    ("why_not", "Why not"),
                ],
                max_length=16,
            ),
        ),
    ]
