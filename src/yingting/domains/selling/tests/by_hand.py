"""The indicators of selling once more, in plain Python: (value, n) by key."""

from yingting.indicators.tests.plainly import ratio, share


def by_hand(rows, t):
    kept = rows["recommendations"]
    due = [row for row in kept if row["stand"] == "required"]
    known = [row for row in kept if row.get("consent", "unknown") not in ("unknown", None)]
    return {
        "selling.acceptance_by_consent": ratio([row["accepted"] for row in known], [row["offered"] for row in known]),
        "selling.four_in_one_rate": share(row["is_full"] and (t.late_counts or not row["is_late"]) for row in due),
        "selling.acceptance": ratio([row["accepted"] for row in kept], [row["offered"] for row in kept]),
    }
