"""The indicators of appointments once more, in plain Python: (value, n) by key. And rows of them at random."""

import datetime as dt

from yingting.indicators.tests.plainly import mean, ratio, share

CAME = ("arrived", "served", "left")
AT = dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC)


def by_hand(rows, _terms):
    due = [row for row in rows["bookings"] if row["state"] in (*CAME, "missed")]
    came = [row for row in due if row["state"] in CAME]
    booked = {row["booked_visit"]: row for row in rows["bookings"] if row["booked_visit"]}
    visits = [row for row in rows["visits"] if row["source"] == "journal"]
    served = [row for row in visits if row["outcome"] == "served"]
    return {
        "appointments.kept": share(row in came for row in due),
        "appointments.no_show": share(row["cause"] in ("not_come", "too_late") for row in due),
        "appointments.late": share(row["arrival"] == "late" for row in came),
        "appointments.use": ratio(
            [row["taken"] for row in rows["booking_slots"]], [row["offered"] for row in rows["booking_slots"]]
        ),
        "appointments.share": share(row["visit"] in booked for row in visits),
        "appointments.wait_booked": mean(
            max(0.0, (row["called_at"] - max(row["issued_at"], booked[row["visit"]]["starts_at"])).total_seconds())
            for row in served
            if row["visit"] in booked
        ),
        "appointments.wait_walk_in": mean(
            row["wait_s"] for row in served if row["visit"] not in booked and row["wait_s"] is not None
        ),
    }


def random_rows(random, hall, day, most, visits):
    """Return rows by table name of a hall's day; some of the bookings became one of the visits."""
    place = {"hall": hall, "business_day": day}
    bookings = []
    for n in range(random.randrange(most + 1)):
        visit = visits.pop(random.randrange(len(visits))) if visits and random.random() < 0.6 else None
        state = random.choice(CAME) if visit else random.choice(("booked", "missed", "cancelled"))
        at = visit["issued_at"] if visit else AT + dt.timedelta(days=(day - AT.date()).days)
        bookings.append(
            place | {
                "booking": f"{hall}-{day}-{n}", "booked_visit": visit["visit"] if visit else None,
                "channel": random.choice(("phone_page", "counter")), "state": state,
                "cause": random.choice(("not_come", "too_late", "hall_closed", "excused")) if state == "missed" else "",
                "arrival": random.choice(("on_time", "early", "late")) if visit else "", "made_at": AT,
                "starts_at": at + dt.timedelta(minutes=random.randint(-20, 20)), "arrived_at": at if visit else None,
            }
        )  # fmt: skip
    slots = [
        place | {
            "slot": f"{hall}-{day}-{n}", "place_group": random.choice(("all", "new")), "starts_at": AT,
            "offered": (offered := random.randint(1, 5)), "taken": random.randint(0, offered),
        }
        for n in range(random.randrange(most + 1))
    ]  # fmt: skip
    return {"bookings": bookings, "booking_slots": slots}
