"""The figures of facilities once more, in plain Python: (value, n) by key."""

from yingting.indicators.tests.plainly import mean, ratio


def by_hand(rows, _terms):
    devices, days = rows["device_time"], rows["crowds"]
    counted = [(day["seats"], day["most_waiting"]) for day in days if day["seats"] is not None and day["most_waiting"]]
    return {
        "facilities.uptime": ratio([row["worked_s"] for row in devices], [row["due_s"] for row in devices]),
        "facilities.repair_time": mean(row["repair_s"] for row in rows["repairs"]),
        "facilities.most_waiting": (max((day["most_waiting"] for day in days), default=None), len(days)),
        "facilities.seated": mean(1.0 if seats >= most else seats / most for seats, most in counted),
    }
