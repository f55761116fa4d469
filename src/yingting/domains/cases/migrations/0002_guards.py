"""Triggers: editions, entries of clocks, links and what was brought are inserted, never changed or deleted; where a case stands
changes only with a fact; what was is not rewritten; a breach goes only by an approved correction.
"""

from django.db import migrations

from yingting.foundation.journal import triggers

GROWING = ("cases_processedition", "cases_clockentry", "cases_link", "cases_unlink", "cases_brought")
WITNESSED = (
    "state", "step", "cycle", "owner_id", "severity", "category", "cause", "verification", "result", "effect", "bounces",
    "merged_into_id", "closed_at", "about_person_id",
)  # fmt: skip
NEVER = ("number", "public_number", "edition_id", "unit_id", "first_asker_id", "registered_at", "channel", "origin_id")


def guards(vendor):
    other = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    never = " OR ".join(f"NEW.{column} {other} OLD.{column}" for column in NEVER)
    named = "replace(json_extract(data, '$.clock'), '-', '')" if vendor == "sqlite" else "(data->>'clock')::uuid"
    corrected = (
        "EXISTS (SELECT 1 FROM journal_fact WHERE subject = NEW.case_id AND kind = 'clock.breach_corrected' "
        f"AND {named} = NEW.id)"
    )
    recoloured = f"OLD.breached_at IS NOT NULL AND NEW.breached_at {other} OLD.breached_at"
    return (
        ("cases_case", "never", never, "keeps who and what it began with"),
        ("cases_clock", "breach", f"{recoloured} AND NOT {corrected}", "keeps its breach"),
        (
            "cases_holding",
            "past",
            "OLD.until IS NOT NULL OR NEW.owner_id <> OLD.owner_id OR NEW.since <> OLD.since",
            "keeps who held it",
        ),
    )


def install(_apps, schema_editor):
    connection = schema_editor.connection
    for table in GROWING:
        triggers.install(connection, table)
    triggers.install_witness(connection, "cases_case", WITNESSED)
    for table, name, condition, sentence in guards(connection.vendor):
        triggers.install_guard(connection, table, name, condition, sentence)


def remove(_apps, schema_editor):
    connection = schema_editor.connection
    for table in GROWING:
        triggers.remove(connection, table)
    triggers.remove_guard(connection, "cases_case", "witness")
    for table, name, _condition, _sentence in guards(connection.vendor):
        triggers.remove_guard(connection, table, name)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_cases"), ("journal", "0002_only_grows")]
    operations = [migrations.RunPython(install, remove)]
