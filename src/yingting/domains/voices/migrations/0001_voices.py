import django.db.models.deletion
import yingting.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0001_cases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("rulebook", "0002_dayplan_longer_keys"),
        ("sites", "0006_hall_type"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=80)),
                ("theme", models.TextField()),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("at", models.DateTimeField()),
                ("thanks", models.TextField(blank=True)),
                (
                    "by",
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
                "ordering": ("-first", "-at"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first__lte", models.F("last"))), name="voices_campaign_forward"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField()),
                ("rule_kind", models.CharField(blank=True, max_length=48)),
                ("rule_key", models.CharField(blank=True, max_length=64)),
                ("body", models.JSONField(null=True)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("opened_at", models.DateTimeField()),
                ("closes_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("finished", "Finished"), ("given_up", "Given Up")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("summary", models.TextField(blank=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
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
                "ordering": ("-opened_at",),
                "indexes": [models.Index(fields=["rule_kind", "rule_key", "unit"], name="voices_consulted_rule")],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("is_front", models.BooleanField()),
                ("stance", models.CharField(blank=True, max_length=8)),
                ("words", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=8)),
                ("outcome_words", models.CharField(blank=True, max_length=400)),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="voices.consultation"
                    ),
                ),
                (
                    "outcome_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("person__staff_no",),
                "constraints": [models.UniqueConstraint(fields=("consultation", "person"), name="voices_asked_once")],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=120)),
                ("text", models.TextField(blank=True)),
                ("roles", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("confirm_by", models.DateTimeField()),
                ("check_on", models.DateField()),
                ("told_at", models.DateTimeField(null=True)),
                ("check_told", models.BooleanField(default=False)),
                ("ran_over_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_why", models.CharField(blank=True, max_length=200)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sites.unit"),
                ),
                (
                    "version",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rulebook.ruleversion",
                    ),
                ),
            ],
            options={
                "ordering": ("-at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("version__isnull", False),
                            models.Q(models.Q(("title", ""), _negated=True), models.Q(("text", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="voices_order_says_something",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ComplianceCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("complied", models.BooleanField()),
                ("words", models.TextField(blank=True)),
                ("indicator", models.CharField(blank=True, max_length=80)),
                ("first", models.DateField(null=True)),
                ("last", models.DateField(null=True)),
                ("value", models.FloatField(null=True)),
                ("target", models.FloatField(null=True)),
                ("n", models.PositiveIntegerField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sites.unit"),
                ),
                (
                    "order",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="voices.order"),
                ),
            ],
            options={
                "ordering": ("-at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("complied", True), ("case__isnull", False), _connector="OR"),
                        name="voices_not_complied_has_case",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("reminded_at", models.DateTimeField(null=True)),
                ("reminders", models.PositiveSmallIntegerField(default=0)),
                (
                    "order",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="voices.order"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("confirmed_at__isnull", True)), fields=["person"], name="voices_to_confirm"
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("order", "person"), name="voices_received_once")],
            },
        ),
        migrations.CreateModel(
            name="RuleGround",
            fields=[
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="rulebook.ruleversion",
                    ),
                ),
                ("is_as_drafted", models.BooleanField()),
                ("urgent", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="voices.consultation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("consultation__isnull", False), ("urgent", "")),
                            models.Q(("consultation__isnull", True), models.Q(("urgent", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="voices_consulted_or_urgent",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("shared_path", models.CharField(max_length=160)),
                ("is_named", models.BooleanField()),
                ("kind", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=80)),
                ("text", models.TextField()),
                ("effect", models.CharField(max_length=400)),
                ("cost_fen", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("votes", models.PositiveIntegerField(default=0)),
                ("judgement", models.CharField(blank=True, max_length=8)),
                ("why", models.TextField(blank=True)),
                ("judged_at", models.DateTimeField(null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="voices.campaign"
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "joined_into",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="voices.suggestion"
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sites.unit"),
                ),
            ],
            options={
                "ordering": ("-at", "-id"),
                "indexes": [
                    models.Index(fields=["shared_path", "-at"], name="voices_shared"),
                    models.Index(fields=["author", "-at"], name="voices_own"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("judged_at__isnull", True), ("judgement", "")),
                            models.Q(
                                models.Q(("judgement", ""), _negated=True),
                                ("judged_at__isnull", False),
                                models.Q(("why", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="voices_judged_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("judged_by__isnull", True),
                            models.Q(("judged_by", models.F("author")), _negated=True),
                            _connector="OR",
                        ),
                        name="voices_judged_by_other",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Effect",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("indicator", models.CharField(max_length=80)),
                ("units", models.JSONField()),
                ("before_first", models.DateField()),
                ("before_last", models.DateField()),
                ("before_value", models.FloatField(null=True)),
                ("before_n", models.PositiveIntegerField()),
                ("after_first", models.DateField()),
                ("after_last", models.DateField()),
                ("after_value", models.FloatField(null=True)),
                ("after_n", models.PositiveIntegerField()),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
                ("verdict", models.CharField(max_length=16)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "suggestion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="voices.suggestion"
                    ),
                ),
            ],
            options={
                "ordering": ("at",),
                "constraints": [
                    models.UniqueConstraint(fields=("suggestion", "indicator"), name="voices_measured_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Vote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "came_with",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="voices.suggestion"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "suggestion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="voices.suggestion"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("suggestion", "person"), name="voices_one_vote")],
            },
        ),
    ]
