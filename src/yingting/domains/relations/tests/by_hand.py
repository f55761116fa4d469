"""The indicators of relations once more, in plain Python: (value, n) by key. And rows of them at random."""

from yingting.indicators.tests.plainly import count, ratio, share


def by_hand(rows, _terms):
    found = rows["frequent_visitors"]
    over = [row for row in found if row["visits_after"] is not None]
    return {
        "relations.frequent_visitors": count(found),
        "relations.frequent_at_peak": share(row["is_peak"] for row in found),
        "relations.frequent_taught": share(row["is_taught"] for row in found),
        "relations.frequent_fewer": share(row["visits_after"] < row["visits_before"] for row in over),
        "relations.remote_before": ratio(
            (row["remote_before"] for row in over), [row["visits_before"] for row in over]
        ),
        "relations.remote_after": ratio((row["remote_after"] for row in over), [row["visits_after"] for row in over]),
        "relations.care_given": share(row["is_given"] for row in rows["tenure_care"] if row["is_given"] is not None),
        "relations.entitlements_used": share(
            row["is_used"] for row in rows["entitlements"] if row["is_used"] is not None
        ),
        "relations.leads_in_time": share(
            row["is_in_time"] for row in rows["lead_steps"] if row["is_in_time"] is not None
        ),
    }


def random_rows(random, hall, day, most):
    """Return rows by table name of a hall's day, up to `most` of each table."""
    place = {"hall": hall, "business_day": day}

    def some(one):
        return [place | one(f"{hall}-{day}-{random.random()}") for _ in range(random.randrange(most + 1))]

    def perhaps():
        return random.choice((None, True, False))

    return {
        "frequent_visitors": some(lambda name: _listing(random, name)),
        "tenure_care": some(
            lambda name: {
                "care": name, "care_action": random.choice(("welcome", "yearly")), "tenure": random.choice(("new", "long")),
                "segment": random.choice(("public", "big")), "is_given": perhaps(),
            }
        ),
        "entitlements": some(
            lambda name: {"entitlement": name, "benefit": random.choice(("virus_check", "tune_up")), "is_used": perhaps()}
        ),
        "lead_steps": some(
            lambda name: {"step": name, "interest": random.choice(("home", "device")), "is_in_time": perhaps()}
        ),
        "known_visits": [],
    }  # fmt: skip


def _listing(random, name):
    is_over = random.random() < 0.6
    before, after = random.randrange(1, 12), random.randrange(12)
    return {
        "listing": name, "visitor_class": random.choice(("payment", "routine", "other")), "is_peak": random.random() < 0.4,
        "visits": before, "is_taught": random.random() < 0.5, "visits_before": before if is_over else None,
        "visits_after": after if is_over else None, "remote_before": random.randint(0, before) if is_over else None,
        "remote_after": random.randint(0, after) if is_over else None,
    }  # fmt: skip
