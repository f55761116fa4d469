"""The indicators of voices once more, in plain Python: (value, n) by key. And rows of them at random."""

import datetime as dt

from yingting.indicators.tests.plainly import count, share

AT = dt.datetime(2026, 1, 5, 4, tzinfo=dt.UTC)
ADOPTED = ("adopted", "partly")


def by_hand(rows, _terms):
    suggestions, consulted = rows["suggestions"], rows["consulted"]
    own = [row for row in suggestions if not row["is_joined"]]
    adopted = [row for row in own if row["judgement"] in ADOPTED]
    return {
        "voices.suggestions": count(suggestions),
        "voices.answered_in_time": share(row["is_in_time"] for row in own if row["is_in_time"] is not None),
        "voices.adopted": share(row["judgement"] in ADOPTED for row in own if row["judgement"]),
        "voices.adopted_measured": share(row["is_measured"] for row in adopted),
        "voices.consulted_answered": share(row["stance"] != "" for row in consulted if row["is_finished"]),
        "voices.confirmed_in_time": share(
            row["is_in_time"] for row in rows["order_receipts"] if row["is_in_time"] is not None
        ),
        "voices.complied": share(row["complied"] for row in rows["compliance_checks"] if row["complied"] is not None),
    }


def random_rows(random, hall, day, most):
    """Return rows by table name of a hall's day, up to `most` of each table."""
    place = {"hall": hall, "business_day": day}

    def some(one):
        return [place | one(f"{hall}-{day}-{random.random()}") for _ in range(random.randrange(most + 1))]

    return {
        "suggestions": some(lambda name: _suggestion(random, name)),
        "consulted": some(
            lambda name: {
                "invitation": name, "rule_kind": random.choice(("", "queueing.calling")), "is_front": _coin(random),
                "is_finished": _coin(random), "stance": random.choice(("", "agree", "change", "against")),
            }
        ),
        "order_receipts": some(
            lambda name: {
                "receipt": name, "is_rule": _coin(random), "clerk": random.choice(("1001", "1002")), "confirmed_at": AT,
                "is_in_time": random.choice((None, True, False)),
            }
        ),
        "compliance_checks": some(
            lambda name: {
                "check": name, "is_rule": _coin(random), "by_indicator": _coin(random),
                "complied": random.choice((None, True, False)),
            }
        ),
    }  # fmt: skip


def _coin(random):
    return random.random() < 0.5


def _suggestion(random, name):
    judgement = random.choice(("", "adopted", "partly", "not"))
    return {
        "suggestion": name, "idea": random.choice(("idea", "skill")), "clerk": random.choice((None, "1001")),
        "is_joined": random.random() < 0.2, "votes": random.randrange(9), "judgement": judgement,
        "judged_at": AT if judgement else None, "is_in_time": random.choice((None, True, False)), "is_acted": _coin(random),
        "is_measured": _coin(random),
    }  # fmt: skip
