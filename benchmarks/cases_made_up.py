"""Open cases in numbers, for benchmarks: a few are written down by the real actions, the rest are copies of them made in SQL.

A copy has everything that the original has (words, complainant, cycle, holding, step, clocks with their ledgers), its own numbers
and an own owner, and lies some hours earlier or later. What the journal would hold of it is left out.
"""

from __future__ import annotations

import datetime as dt
import random

from django.db import connection, models, transaction

from yingting.domains.cases.actions.registering import Intake, register
from yingting.domains.cases.models import Case, Clock, ClockEntry, Complainant, Cycle, Holding, StepVisit, Words
from yingting.domains.cases.queries.rules_in_force import CATEGORIES
from yingting.foundation.people.access import actor_for_person
from yingting.foundation.people.models import Person

TEMPLATES = 60
CHANNELS = ("counter", "page", "hotline", "visit", "12315", "miit", "staff")
DEPENDENT = (Words, Complainant, Cycle, Holding, StepVisit)
MOVED = {
    "cases_case": ("received_at", "registered_at", "next_due_at", "next_rung_at"), "cases_cycle": ("opened_at",),
    "cases_holding": ("since",), "cases_stepvisit": ("entered_at", "due_at"), "cases_clock": ("due_at",),
    "cases_clockentry": ("at", "recorded_at"),
}  # fmt: skip


def fill(count: int, unit: str, owners: list[Person], now: dt.datetime, seed: int = 1) -> None:
    """Fill a unit with open cases that these people own, due within the days around now."""
    chance = random.Random(seed)
    codes = [one.code for one in CATEGORIES.shipped.categories]
    clerk = actor_for_person(owners[0])
    for n in range(TEMPLATES):
        intake = Intake(
            unit, CHANNELS[n % len(CHANNELS)], f"第 {n} 件：办理后发现多收了费用", category=chance.choice(codes),
            phone=f"138{n:08d}", name="客户", owner=owners[n % len(owners)].pk,
        )  # fmt: skip
        register(intake=intake, actor=clerk, now=now - dt.timedelta(hours=chance.randint(0, 200)))
    _copy(count - TEMPLATES, [str(one.pk) for one in owners])


def _copy(count: int, owners: list[str]) -> None:
    is_sqlite = connection.vendor == "sqlite"
    new_id = "lower(hex(randomblob(16)))" if is_sqlite else "gen_random_uuid()"
    id_type = "text" if is_sqlite else "uuid"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE whose (turn integer PRIMARY KEY, owner {id_type})")
        cursor.executemany(
            "INSERT INTO whose VALUES (%s, %s)",
            [(n, one.replace("-", "") if is_sqlite else one) for n, one in enumerate(owners)],
        )
        cursor.execute(
            f"CREATE TEMPORARY TABLE made (n integer PRIMARY KEY, old {id_type}, new {id_type}, owner {id_type}, shift integer)"
        )
        cursor.execute(
            f"""WITH RECURSIVE counted(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n + 1 < %s),
            kept AS (SELECT row_number() OVER (ORDER BY number) - 1 AS place, id FROM cases_case)
            INSERT INTO made SELECT counted.n, kept.id, {new_id}, whose.owner, ((counted.n * 7919) %% 720000) - 360000
            FROM counted JOIN kept ON kept.place = counted.n %% %s JOIN whose ON whose.turn = (counted.n / %s) %% %s""",
            [count, TEMPLATES, TEMPLATES, len(owners)],
        )
        number = "t.number || '-' || m.n"
        public = "printf('%012d', m.n)" if is_sqlite else "lpad(m.n::text, 12, '0')"
        own = {
            "id": "m.new",
            "number": number,
            "public_number": public,
            "owner_id": "m.owner",
            "first_asker_id": "m.owner",
            "fact_version": "0",
        }
        _insert(cursor, Case, "made m ON t.id = m.old", own)
        for model in DEPENDENT:
            key = {"case_id": "m.new"} if model._meta.pk.name == "case" else {"id": new_id, "case_id": "m.new"}
            own = key | ({"owner_id": "m.owner"} if model in (Holding, StepVisit) else {})
            # Another customer each: what a phone's fingerprint is like, not one that a phone has.
            own |= {"phone_key": "substr(m.n || t.phone_key, 1, 22)"} if model is Complainant else {}
            _insert(cursor, model, "made m ON t.case_id = m.old", own)
        _insert_clocks(cursor, new_id)
        for table in ("whose", "made", "pairs"):
            cursor.execute(f"DROP TABLE {table}")
        cursor.execute("ANALYZE")


def _insert_clocks(cursor: object, new_id: str) -> None:
    """Clocks of the copies, and their ledgers: the same events as many seconds earlier or later."""
    cursor.execute(
        f"CREATE TEMPORARY TABLE pairs AS SELECT t.id AS old, {new_id} AS new, m.new AS case_id, m.shift AS shift "
        "FROM cases_clock t JOIN made m ON t.case_id = m.old"
    )
    _insert(cursor, Clock, "pairs m ON t.id = m.old", {"id": "m.new", "case_id": "m.case_id"})
    _insert(cursor, ClockEntry, "pairs m ON t.clock_id = m.old", {"id": new_id, "clock_id": "m.new"})


def _insert(cursor: object, model: type[models.Model], join: str, own: dict[str, str]) -> None:
    table = model._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields]
    moved = MOVED.get(table, ())
    values = ", ".join(own.get(name) or (_shifted(name) if name in moved else f't."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} t JOIN {join}")


def _shifted(column: str) -> str:
    if connection.vendor == "sqlite":
        return f"strftime('%Y-%m-%d %H:%M:%S', t.{column}, m.shift || ' seconds')"
    return f"t.{column} + m.shift * interval '1 second'"
