"""The indicators of the queue once more, in plain Python: (value, n) by key, from the rows of the tables."""

import datetime as dt
import math

from yingting.indicators.tests.plainly import count, mean, quantile, ratio, share


def by_hand(rows, t):
    return {
        **_waiting(rows["visits"], t), **_promises(rows["visits"], t), **_handling(rows["stints"], t),
        **_repeats(rows["visits"], t), **_segments(rows["visits"]), **_counters(rows["counter_time"]),
        **_forced(rows["modes"], rows["steerings"]),
    }  # fmt: skip


def _keeps(value, limit, t):
    return value <= limit if t.limit_itself_keeps else value < limit


def _waiting(visits, t):
    served = [row for row in visits if row["outcome"] == "served"]
    ended = [row for row in visits if row["outcome"] != "open"]
    known = [row for row in ended if row["abandonment_recorded"]]
    column = "wait_last_s" if t.transfer_restarts_wait else "wait_s"
    waits = [row[column] for row in served if row[column] is not None]
    left = [row for row in visits if row["outcome"] == "abandoned" and t.abandoned_in_denominator]

    def within(limit):
        return share([*(_keeps(wait, limit, t) for wait in waits), *(False for _ in left)])

    return {
        "queueing.tickets": count(visits),
        "queueing.served": count(served),
        "queueing.abandonment": share(row["outcome"] == "abandoned" for row in known),
        "queueing.no_show": share(row["outcome"] == "no_show" for row in ended),
        "queueing.wait_mean": mean(waits),
        "queueing.wait_median": quantile(waits, 0.5),
        "queueing.wait_p90": quantile(waits, 0.9),
        "queueing.wait_longest": (max(waits, default=None), len(waits)),
        "queueing.wait_within_limit": within(t.wait_limit_s),
        "queueing.wait_within_challenge": within(t.wait_challenge_s),
    }


def _promises(visits, t):
    served = [row for row in visits if row["outcome"] == "served"]
    ways = [row["way_s"] for row in served if row["way_s"] is not None]
    told = [
        (row["wait_s"] / 60, row["quoted_low_min"], row["quoted_high_min"]) for row in served
        if None not in (row["wait_s"], row["quoted_low_min"], row["quoted_high_min"])
    ]  # fmt: skip
    scores = [row["rating"] for row in visits if row["rating"] is not None]
    asked = [row for row in visits if row["rating_asked"] is True]
    error_min, n = mean(wait - (low + high) / 2 for wait, low, high in told)
    by = [row["quoted_by"] for row in visits if None not in (row["quoted_high_min"], row["quoted_by"])]
    by_model = [
        row["quoted_low_min"] <= row["wait_s"] / 60 <= row["quoted_high_min"] for row in served
        if None not in (row["wait_s"], row["quoted_low_min"], row["quoted_high_min"]) and (row["quoted_by"] or 0) > 0
    ]  # fmt: skip
    off_min, _n = mean(abs(wait - (low + high) / 2) for wait, low, high in told)
    wide = [
        (row["quoted_high_min"] - row["quoted_low_min"]) * 60 for row in served
        if None not in (row["quoted_low_min"], row["quoted_high_min"])
    ]  # fmt: skip
    return {
        "queueing.quote_off": (None if off_min is None else off_min * 60, n),
        "queueing.quote_width": mean(wide),
        "queueing.quote_by_model": share(one > 0 for one in by),
        "queueing.quote_kept_by_model": share(by_model),
        "queueing.way_mean": mean(ways),
        "queueing.way_p90": quantile(ways, 0.9),
        "queueing.quote_error": (None if error_min is None else error_min * 60, n),
        "queueing.quote_kept": share(low <= wait <= high for wait, low, high in told),
        "queueing.rating_mean": mean(scores),
        "queueing.rating_good": share(score >= t.good_from for score in scores),
        "queueing.rating_response": share(row["rating"] is not None for row in asked),
    }


def _handling(stints, t):
    done = [row for row in stints if row["outcome"] == "served" and row["handling_s"] is not None]
    times = [row["handling_s"] for row in done]
    kinds = {kind: [row["handling_s"] for row in done if row["kind"] == kind] for kind in ("single", "combined")}
    kept = [_keeps(time, t.single_limit_s, t) for time in kinds["single"]]
    kept += [_keeps(time, t.combined_limit_s, t) for time in kinds["combined"]]
    return {
        "queueing.handlings": count(stints),
        "queueing.handling_mean": mean(times),
        "queueing.handling_median": quantile(times, 0.5),
        "queueing.handling_p90": quantile(times, 0.9),
        "queueing.handling_within_limit": share(kept),
        "queueing.single_mean": mean(kinds["single"]),
        "queueing.combined_mean": mean(kinds["combined"]),
    }


def _repeats(visits, t):
    span = dt.timedelta(days=t.repeat_days)
    last = {row["hall"]: max(one["issued_at"] for one in visits if one["hall"] == row["hall"]) for row in visits}
    judged = []
    for row in visits:
        if row["customer"] is None or row["business"] is None or row["outcome"] != "served":
            continue
        if row["issued_at"] + span > last[row["hall"]]:
            continue
        same = [
            one for one in visits
            if all(one[name] == row[name] for name in ("hall", "customer", "business"))
            and (one["issued_at"], one["visit"]) > (row["issued_at"], row["visit"])
        ]  # fmt: skip
        judged.append(any(one["issued_at"] <= row["issued_at"] + span for one in same))
    return {"queueing.repeat_7d": share(judged)}


def _segments(visits):
    return {
        "queueing.known_share": share(row["segment"] is not None for row in visits),
        "queueing.segment_share": share(True for _row in visits),
    }


def segment_shares(visits):
    """Share of each segment, by hand: {segment: (value, n)}."""
    named = ["unknown" if row["segment"] is None else row["segment"] or "without" for row in visits]
    return {name: share(one == name for one in named) for name in set(named)}


def _counters(sessions):
    staffed = [row["serving_s"] + row["way_s"] + row["idle_s"] for row in sessions]
    idle = [row["idle_waiting_s"] for row in sessions]
    return {
        "queueing.utilisation": ratio([row["serving_s"] for row in sessions], staffed),
        "queueing.idle_waiting": (math.fsum(idle), len(idle)),
        "queueing.idle_waiting_share": ratio(idle, staffed),
    }


def _forced(stretches, answers):
    return {
        "queueing.forced_mode": (math.fsum(row["forced_s"] for row in stretches), len(stretches)),
        "queueing.override": share(row["answer"] == "insisted" for row in answers),
    }
