import django.db.models.deletion
import yingting.foundation.privacy.fields
import yingting.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0001_cases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("privacy", "0002_only_grow"),
        ("sites", "0006_hall_type"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditItem",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("marks", models.JSONField(default=list)),
                (
                    "disclosure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.disclosure"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("disclosure__at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("size", models.PositiveIntegerField()),
            ],
            options={
                "ordering": ("place",),
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("last", models.DateField()),
                ("at", models.DateTimeField()),
                ("by_label", models.CharField(max_length=64)),
                ("cells", models.PositiveIntegerField()),
                ("scatter", models.JSONField()),
                ("rule", models.JSONField()),
                ("texts", models.PositiveIntegerField()),
            ],
            options={
                "ordering": ("-at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="AuditNote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("is_reason", models.BooleanField()),
                ("at", models.DateTimeField()),
                (
                    "text",
                    yingting.foundation.privacy.fields.SealedText(
                        "detection.audit_note", "text", blank=True, default=""
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="detection.audititem"
                    ),
                ),
            ],
            options={
                "ordering": ("at", "id"),
            },
        ),
        migrations.CreateModel(
            name="AuditRound",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("seed", models.CharField(max_length=32)),
                ("apart", models.JSONField(default=list)),
                ("rule", models.JSONField()),
                ("acts", models.PositiveIntegerField()),
                ("drawn_at", models.DateTimeField()),
                ("drawn_label", models.CharField(max_length=64)),
                ("due_on", models.DateField()),
                ("overdue_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_label", models.CharField(blank=True, max_length=64)),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sites.unit"),
                ),
            ],
            options={
                "ordering": ("-first", "unit__path"),
                "constraints": [models.UniqueConstraint(fields=("unit", "first"), name="detection_round_once")],
            },
        ),
        migrations.AddField(
            model_name="audititem",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="detection.auditround"
            ),
        ),
        migrations.CreateModel(
            name="BatchMember",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("percent", models.PositiveSmallIntegerField()),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="detection.batch"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("batch", "case"), name="detection_member_once")],
            },
        ),
        migrations.CreateModel(
            name="HotIssue",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("category", models.CharField(blank=True, max_length=64)),
                ("window", models.PositiveSmallIntegerField()),
                ("seen", models.PositiveIntegerField()),
                ("expected", models.FloatField()),
                ("by_chance", models.FloatField()),
                ("share_false", models.FloatField()),
                ("since", models.DateField()),
                ("daily", models.JSONField()),
                (
                    "part_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="detection.hotissue",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sites.unit"),
                ),
                (
                    "look",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="detection.look"
                    ),
                ),
            ],
            options={
                "ordering": ("place",),
                "constraints": [models.UniqueConstraint(fields=("look", "place"), name="detection_issue_place")],
            },
        ),
        migrations.AddField(
            model_name="batch",
            name="look",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="detection.look"),
        ),
        migrations.CreateModel(
            name="SuggestionModel",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("learnt_at", models.DateTimeField()),
                ("by_label", models.CharField(max_length=64)),
                ("first_day", models.DateField(null=True)),
                ("last_day", models.DateField(null=True)),
                ("verdict", models.CharField(max_length=16)),
                ("categories", models.JSONField(default=list)),
                ("warmth", models.FloatField(default=1.0)),
                ("numbers", models.BinaryField(default=bytes)),
                ("key_mark", models.CharField(blank=True, max_length=22)),
                ("figures", models.JSONField()),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sites.unit"),
                ),
            ],
            options={
                "ordering": ("-number",),
                "constraints": [models.UniqueConstraint(fields=("unit", "number"), name="detection_model_number")],
            },
        ),
        migrations.CreateModel(
            name="UnawareAlarm",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "sort",
                    models.CharField(choices=[("month", "In one month"), ("run", "Months in a row")], max_length=8),
                ),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("raised_at", models.DateTimeField()),
                ("is_reached", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "case",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sites.unit"),
                ),
            ],
            options={
                "ordering": ("-raised_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(fields=("person", "sort", "first"), name="detection_alarm_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="AlarmComplaint",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=12)),
                ("since", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "alarm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="detection.unawarealarm"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("alarm", "case"), name="detection_complaint_once")],
            },
        ),
        migrations.CreateModel(
            name="AuditCase",
            fields=[
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="detection.audititem",
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AuditJudgement",
            fields=[
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="detection.audititem",
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("in_order", "In order"),
                            ("not_in_order", "Not in order"),
                            ("unclear", "Cannot be told"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="audititem",
            constraint=models.UniqueConstraint(fields=("round", "disclosure"), name="detection_item_once"),
        ),
    ]
