"""The indicators of peaks once more, in plain Python: (value, n) by key."""

from yingting.indicators.tests.plainly import count, share


def by_hand(rows, t):
    kept = [row for row in rows["alerts"] if row["kind"] in t.kinds]
    bad = [row for row in kept if row["lapses"]]
    undecided = [row for row in kept if not row["lapses"] and row["acted_after_s"] is None and row["ended_at"] is None]
    return {
        "peaks.alerts": count(kept),
        "peaks.without_action": count(bad),
        "peaks.without_action_share": share(bool(row["lapses"]) for row in kept if row not in undecided),
    }
