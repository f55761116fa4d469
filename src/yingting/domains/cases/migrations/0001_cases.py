import django.db.models.deletion
import yingting.foundation.privacy.fields
import yingting.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("lake", "0002_entries_only_grow"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("sites", "0006_hall_type"),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=32, unique=True)),
                ("public_number", models.CharField(max_length=12, unique=True)),
                ("client_id", models.UUIDField(null=True, unique=True)),
                ("kind", models.CharField(max_length=16)),
                ("process", models.CharField(max_length=64)),
                ("business_day", models.DateField()),
                ("channel", models.CharField(max_length=24)),
                ("channel_number", models.CharField(blank=True, max_length=64)),
                ("received_at", models.DateTimeField()),
                ("registered_at", models.DateTimeField()),
                ("severity", models.CharField(max_length=24)),
                ("category", models.CharField(blank=True, max_length=64)),
                ("cause", models.CharField(blank=True, max_length=64)),
                ("verification", models.CharField(blank=True, max_length=8)),
                ("result", models.CharField(blank=True, max_length=8)),
                ("effect", models.CharField(blank=True, max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("waits_customer", "Waits Customer"),
                            ("waits_others", "Waits Others"),
                            ("closed", "Closed"),
                            ("elsewhere", "Elsewhere"),
                            ("withdrawn", "Withdrawn"),
                            ("out_of_scope", "Out Of Scope"),
                            ("merged", "Merged"),
                        ],
                        default="open",
                        max_length=16,
                    ),
                ),
                ("step", models.CharField(max_length=64)),
                ("cycle", models.PositiveSmallIntegerField(default=1)),
                ("bounces", models.PositiveSmallIntegerField(default=0)),
                ("next_due_at", models.DateTimeField(null=True)),
                ("is_due_provisional", models.BooleanField(default=False)),
                ("next_rung_at", models.DateTimeField(null=True)),
                ("told_level", models.CharField(blank=True, max_length=10)),
                ("origin_kind", models.CharField(blank=True, max_length=32)),
                ("origin_id", models.UUIDField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("fact_version", models.PositiveIntegerField(default=0)),
                (
                    "about_person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "first_asker",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hall",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sites.hall"
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "owner",
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["owner", "next_due_at", "registered_at", "id", "unit"],
                        name="cases_queue_owner",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["unit", "next_due_at", "registered_at", "id"],
                        name="cases_queue_unit",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["first_asker", "next_due_at", "registered_at", "id", "unit"],
                        name="cases_queue_first_asker",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["next_rung_at"],
                        name="cases_rungs_to_climb",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["next_due_at", "registered_at", "id", "unit"],
                        name="cases_queue_all",
                    ),
                    models.Index(
                        condition=models.Q(("origin_id__isnull", False)), fields=["origin_id"], name="cases_by_origin"
                    ),
                    models.Index(fields=["channel_number"], name="cases_by_channel_number"),
                    models.Index(fields=["unit", "registered_at"], name="cases_by_unit_and_time"),
                    models.Index(fields=["process", "category", "registered_at"], name="cases_by_category"),
                    models.Index(fields=["about_person", "registered_at"], name="cases_by_person"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", True),
                                ("owner__isnull", False),
                                ("state__in", ("open", "waits_customer", "waits_others")),
                            ),
                            models.Q(
                                models.Q(("state__in", ("open", "waits_customer", "waits_others")), _negated=True),
                                ("closed_at__isnull", False),
                                ("owner__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="cases_open_has_owner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("received_at__lte", models.F("registered_at"))), name="cases_received_first"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("channel_number", ""), _negated=True),
                        fields=("channel", "channel_number"),
                        name="cases_channel_number",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Clock",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=64)),
                ("sort", models.CharField(max_length=12)),
                ("limit", models.JSONField()),
                ("calendar", models.CharField(max_length=24)),
                ("calendar_version", models.CharField(max_length=64)),
                ("is_running", models.BooleanField(default=False)),
                ("due_at", models.DateTimeField(null=True)),
                ("is_provisional", models.BooleanField(default=False)),
                ("next_rung_at", models.DateTimeField(null=True)),
                ("breached_at", models.DateTimeField(null=True)),
                ("breach_s", models.BigIntegerField(null=True)),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("breached_at__isnull", True), ("is_running", True)),
                        fields=["due_at"],
                        name="cases_clock_due",
                    ),
                    models.Index(
                        condition=models.Q(("is_running", True)),
                        fields=["calendar_version"],
                        name="cases_clock_calendar",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("case", "cycle", "code"), name="cases_clock_once")],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "sort",
                    models.CharField(
                        choices=[("like", "Like"), ("repeat", "Repeat"), ("split", "Split")], max_length=8
                    ),
                ),
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
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "other",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["case", "other", "sort"], name="cases_link_pair")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("case", models.F("other")), _negated=True), name="cases_link_other"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Complainant",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                (
                    "name",
                    yingting.foundation.privacy.fields.SealedText(
                        "cases.complainant_name", "name", blank=True, default=""
                    ),
                ),
                (
                    "phone",
                    yingting.foundation.privacy.fields.SealedText(
                        "cases.complainant_phone", "phone", blank=True, default=""
                    ),
                ),
                (
                    "phone_key",
                    yingting.foundation.privacy.fields.SearchKey(
                        "phone", blank=True, db_index=True, default="", editable=False, max_length=22
                    ),
                ),
                (
                    "number",
                    yingting.foundation.privacy.fields.SealedText(
                        "cases.complainant_number", "phone", blank=True, default=""
                    ),
                ),
                (
                    "number_key",
                    yingting.foundation.privacy.fields.SearchKey(
                        "number", blank=True, db_index=True, default="", editable=False, max_length=22
                    ),
                ),
                ("prefers", models.CharField(blank=True, max_length=24)),
            ],
        ),
        migrations.CreateModel(
            name="Words",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("text", yingting.foundation.privacy.fields.SealedText("cases.text", "text", blank=True, default="")),
                (
                    "demand",
                    yingting.foundation.privacy.fields.SealedText("cases.demand", "text", blank=True, default=""),
                ),
                (
                    "reason",
                    yingting.foundation.privacy.fields.SealedText("cases.reason", "text", blank=True, default=""),
                ),
                (
                    "result",
                    yingting.foundation.privacy.fields.SealedText("cases.result", "text", blank=True, default=""),
                ),
                ("product", models.CharField(blank=True, max_length=120)),
                ("model", models.CharField(blank=True, max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField()),
                ("step", models.CharField(blank=True, max_length=64)),
                ("is_main", models.BooleanField(default=True)),
                ("cause", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("dropped", "Dropped"),
                            ("confirmed", "Confirmed"),
                            ("appealed", "Appealed"),
                            ("upheld", "Upheld"),
                            ("reversed", "Reversed"),
                        ],
                        default="proposed",
                        max_length=12,
                    ),
                ),
                (
                    "words",
                    yingting.foundation.privacy.fields.SealedText("cases.finding", "text", blank=True, default=""),
                ),
                ("at", models.DateTimeField()),
                ("judged_at", models.DateTimeField(null=True)),
                (
                    "judged_words",
                    yingting.foundation.privacy.fields.SealedText(
                        "cases.finding_judged", "text", blank=True, default=""
                    ),
                ),
                ("appeal_until", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sites.unit"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
            ],
            options={
                "ordering": ("at", "id"),
                "indexes": [models.Index(fields=["state", "at"], name="cases_finding_waits")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("judged_by__isnull", True),
                            models.Q(
                                models.Q(("judged_by", models.F("by")), _negated=True),
                                models.Q(
                                    ("person__isnull", True),
                                    models.Q(("judged_by", models.F("person")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="cases_finding_judged_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person__isnull", True), ("unit__isnull", True), _connector="OR"),
                        name="cases_finding_person_or_unit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Addition",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField()),
                (
                    "sort",
                    models.CharField(
                        choices=[("more", "More"), ("withdraw", "Withdraw"), ("not_solved", "Not Solved")],
                        max_length=12,
                    ),
                ),
                (
                    "text",
                    yingting.foundation.privacy.fields.SealedText("cases.addition", "text", blank=True, default=""),
                ),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "page",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
            ],
            options={
                "ordering": ("at", "id"),
                "indexes": [models.Index(fields=["case", "at"], name="cases_addition_case")],
            },
        ),
        migrations.CreateModel(
            name="CallBack",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                ("band", models.CharField(max_length=24)),
                ("outcome", models.CharField(max_length=24)),
                ("reached", models.BooleanField()),
                ("solved", models.CharField(blank=True, max_length=8)),
                ("satisfied", models.PositiveSmallIntegerField(null=True)),
                (
                    "words",
                    yingting.foundation.privacy.fields.SealedText("cases.call_back", "text", blank=True, default=""),
                ),
                ("manners", models.JSONField(default=dict)),
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
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
            ],
            options={
                "ordering": ("at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField()),
                ("percent", models.PositiveSmallIntegerField()),
                ("level", models.CharField(max_length=10)),
                ("post", models.CharField(max_length=40)),
                ("deed", models.CharField(max_length=10)),
                ("reached_at", models.DateTimeField()),
                ("done_at", models.DateTimeField()),
                ("skipped", models.JSONField(default=list)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "clock",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.clock"),
                ),
            ],
            options={
                "ordering": ("reached_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("clock", "percent", "level", "post", "deed"), name="cases_rung_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClockEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("n", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("by_label", models.CharField(max_length=64)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("limit", models.JSONField(null=True)),
                ("annuls", models.UUIDField(null=True)),
                (
                    "clock",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.clock"),
                ),
            ],
            options={
                "ordering": ("n",),
                "constraints": [models.UniqueConstraint(fields=("clock", "n"), name="cases_entry_once")],
            },
        ),
        migrations.CreateModel(
            name="ClockCorrection",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(null=True)),
                ("reason", models.CharField(max_length=200)),
                ("proposed_at", models.DateTimeField()),
                ("approved", models.BooleanField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("words", models.CharField(blank=True, max_length=200)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "clock",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.clock"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.clockentry"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True)), fields=("clock",), name="cases_one_correction"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("by", models.F("decided_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="cases_correction_by_other",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consult",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "question",
                    yingting.foundation.privacy.fields.SealedText(
                        "cases.consult_question", "text", blank=True, default=""
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "answer",
                    yingting.foundation.privacy.fields.SealedText(
                        "cases.consult_answer", "text", blank=True, default=""
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "asked",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
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
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=["asked"],
                        name="cases_consult_to_answer",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Cycle",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("n", models.PositiveSmallIntegerField()),
                ("opened_at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=64)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=16)),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case", "n"), name="cases_cycle_once")],
            },
        ),
        migrations.CreateModel(
            name="Guidance",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "text",
                    yingting.foundation.privacy.fields.SealedText("cases.guidance", "text", blank=True, default=""),
                ),
                ("at", models.DateTimeField()),
                (
                    "done",
                    yingting.foundation.privacy.fields.SealedText(
                        "cases.guidance_done", "text", blank=True, default=""
                    ),
                ),
                ("done_at", models.DateTimeField(null=True)),
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
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reason", models.CharField(max_length=200)),
                ("offered_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, max_length=12)),
                ("words", models.CharField(blank=True, max_length=200)),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=["receiver"],
                        name="cases_handover_to_answer",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)), fields=("case",), name="cases_one_handover"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Holding",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("why", models.CharField(max_length=16)),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("since", "id"),
                "indexes": [models.Index(fields=["owner", "since"], name="cases_holding_owner")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)), fields=("case",), name="cases_one_owner"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="cases_holding_forward",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("file", models.CharField(max_length=120)),
                ("digest", models.CharField(max_length=64)),
                ("mapping", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("rows", models.PositiveIntegerField()),
                ("taken", models.PositiveIntegerField(default=0)),
                ("repeated", models.PositiveIntegerField(default=0)),
                ("bad", models.PositiveIntegerField(default=0)),
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
            ],
            options={
                "ordering": ("-at",),
            },
        ),
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("asker", models.UUIDField()),
                ("key", models.CharField(max_length=64)),
                ("what", models.CharField(max_length=64)),
                ("body", models.JSONField()),
                ("at", models.DateTimeField(db_index=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("asker", "key"), name="cases_answer_once")],
            },
        ),
        migrations.CreateModel(
            name="Unlink",
            fields=[
                (
                    "link",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="cases.link",
                    ),
                ),
                ("reason", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="MeetingItem",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("raised_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decision",
                    yingting.foundation.privacy.fields.SealedText("cases.decision", "text", blank=True, default=""),
                ),
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
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sites.unit"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True)),
                        fields=("case", "unit"),
                        name="cases_item_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField()),
                ("is_answer", models.BooleanField()),
                ("is_consent", models.BooleanField(default=False)),
                ("channel", models.CharField(max_length=16)),
                (
                    "text",
                    yingting.foundation.privacy.fields.SealedText("cases.message", "text", blank=True, default=""),
                ),
                ("sent_at", models.DateTimeField()),
                ("reached_at", models.DateTimeField(null=True)),
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
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
            ],
            options={
                "ordering": ("sent_at", "id"),
                "indexes": [models.Index(fields=["case", "sent_at"], name="cases_message_case")],
            },
        ),
        migrations.CreateModel(
            name="Numbering",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("last", models.PositiveIntegerField()),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sites.unit"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("unit", "day"), name="cases_numbering_once")],
            },
        ),
        migrations.CreateModel(
            name="ProcessEdition",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("body", models.JSONField()),
                ("path", models.CharField(blank=True, max_length=160)),
                ("number", models.PositiveIntegerField()),
                ("first_used_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("code", "digest", "path", "number"), name="cases_edition_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="case",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.processedition"
            ),
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField()),
                ("made_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("kept", models.BooleanField(null=True)),
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
            options={
                "ordering": ("made_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Remedy",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField()),
                ("sort", models.CharField(max_length=12)),
                ("what", models.CharField(max_length=400)),
                ("set_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("first_due_on", models.DateField()),
                ("asked_due_on", models.DateField(null=True)),
                ("asked_why", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("submitted", "Submitted"),
                            ("verified", "Verified"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("done_note", models.CharField(blank=True, max_length=400)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("returns", models.PositiveSmallIntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_note", models.CharField(blank=True, max_length=400)),
                ("look_on", models.DateField(null=True)),
                ("effect", models.CharField(blank=True, max_length=8)),
                ("effect_note", models.CharField(blank=True, max_length=400)),
                ("effect_at", models.DateTimeField(null=True)),
                ("told_on", models.DateField(null=True)),
                (
                    "baseline",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="lake.baseline"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "effect_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sites.unit"),
                ),
                (
                    "verifier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("due_on", "id"),
                "indexes": [
                    models.Index(fields=["owner", "state", "due_on"], name="cases_remedy_owner"),
                    models.Index(fields=["verifier", "state"], name="cases_remedy_verifier"),
                    models.Index(fields=["case"], name="cases_remedy_case"),
                    models.Index(fields=["state", "effect", "look_on"], name="cases_remedy_effect"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("owner", models.F("verifier")), _negated=True),
                        name="cases_remedy_verified_by_other",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state__in", ("open", "submitted"))),
                            models.Q(("ended_at__isnull", False), ("state", "verified")),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("state", "cancelled"),
                                models.Q(("end_note", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="cases_remedy_ended_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StepVisit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField()),
                ("n", models.PositiveSmallIntegerField()),
                ("step", models.CharField(max_length=64)),
                ("entered_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=400)),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "left_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("n",),
                "constraints": [
                    models.UniqueConstraint(fields=("case", "n"), name="cases_step_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("left_at__isnull", True)), fields=("case",), name="cases_one_step"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupportRating",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yingting.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField()),
                ("points", models.JSONField()),
                (
                    "words",
                    yingting.foundation.privacy.fields.SealedText(
                        "cases.support_rating", "text", blank=True, default=""
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
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sites.unit"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["unit", "at"], name="cases_rating_unit")],
                "constraints": [models.UniqueConstraint(fields=("case", "cycle"), name="cases_rated_once")],
            },
        ),
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                (
                    "escalation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="cases.escalation",
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
        migrations.CreateModel(
            name="Appeal",
            fields=[
                (
                    "finding",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="cases.finding",
                    ),
                ),
                (
                    "words",
                    yingting.foundation.privacy.fields.SealedText("cases.appeal", "text", blank=True, default=""),
                ),
                ("at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decision",
                    yingting.foundation.privacy.fields.SealedText(
                        "cases.appeal_decision", "text", blank=True, default=""
                    ),
                ),
                ("due_at", models.DateTimeField(null=True)),
                ("breached_at", models.DateTimeField(null=True)),
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
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("breached_at__isnull", True), ("decided_at__isnull", True)),
                        fields=["due_at"],
                        name="cases_appeal_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("by")), _negated=True),
                            _connector="OR",
                        ),
                        name="cases_appeal_decided_by_another",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Penalty",
            fields=[
                (
                    "finding",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="cases.finding",
                    ),
                ),
                ("measures", models.JSONField(default=list)),
                ("in_force_on", models.DateField(null=True)),
                (
                    "words",
                    yingting.foundation.privacy.fields.SealedText("cases.penalty", "text", blank=True, default=""),
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
            name="Brought",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("line", models.PositiveIntegerField()),
                ("key", models.CharField(max_length=64, unique=True)),
                ("has_steps", models.BooleanField()),
                ("is_end_known", models.BooleanField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.importrun"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="unlink",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
    ]
