"""The indicators of cases once more, in plain Python: (value, n) by key."""

from yingting.indicators.tests.plainly import count, mean, quantile, share

CLOSED = ("closed", "elsewhere")


def by_hand(rows, t):
    return _cases(rows["cases"]) | _parts(rows, t) | _visits(rows)


def _cases(rounds):
    firsts = [row for row in rounds if row["cycle"] == 1]
    complaints = [row for row in firsts if row["is_complaint"]]
    ended = [row for row in rounds if row["outcome"] in CLOSED]
    lasted, worked = ([row[name] for row in rounds if row[name] is not None] for name in ("natural_s", "working_s"))
    passed = sum(row["handovers"] for row in rounds)
    return {
        "cases.registered": count(firsts),
        "cases.complaints": count(complaints),
        "cases.violations": count(row for row in firsts if row["case_kind"] == "violation"),
        "cases.closed_elsewhere": count(row for row in rounds if row["outcome"] == "elsewhere"),
        "cases.first_contact": share(
            row["is_last"] and row["result"] == "solved" and not row["handovers"] for row in complaints if row in ended
        ),
        "cases.repeat_rate": share(row["is_repeat"] for row in complaints),
        "cases.reopen_rate": share(not row["is_last"] for row in ended),
        "cases.escalation_rate": share(row["is_escalated"] for row in rounds if row["is_complaint"]),
        "cases.outside_rate": share(row["is_outside"] for row in complaints),
        "cases.closed_loop_rate": share(
            row["outcome"] == "closed" for row in rounds if row["outcome"] in (*CLOSED, "open")
        ),
        "cases.handling_natural": mean(lasted),
        "cases.handling_median": quantile(lasted, 0.5),
        "cases.handling_working": mean(worked),
        "cases.bounce": (passed / len(firsts) if firsts else None, len(firsts)),
        "cases.grumble_to_complaint": share(row["became_complaint"] for row in firsts if row["case_kind"] == "grumble"),
    }


def _parts(rows, t):
    steps, calls = rows["case_steps"], rows["case_calls"]
    clocks = [row for row in rows["case_clocks"] if row["sort"] == "rule" and row["is_kept"] is not None]
    told = [row["solved"] for row in calls if row["reached"] and row["solved"]]
    return {
        "cases.step_natural": mean(row["natural_s"] for row in steps if row["natural_s"] is not None),
        "cases.step_working": mean(row["working_s"] for row in steps if row["working_s"] is not None),
        "cases.step_timely": share(not row["is_late"] for row in steps if row["is_late"] is not None),
        "cases.timely_answer": share(row["is_kept"] for row in clocks if row["is_answer"]),
        "cases.timely_legal": share(row["is_kept"] for row in clocks if row["is_legal"]),
        "cases.timely_inner": share(row["is_kept"] for row in clocks if not row["is_legal"]),
        "cases.promise_kept": share(row["is_kept"] for row in rows["case_promises"] if row["is_kept"] is not None),
        "cases.satisfied": share(row["satisfied"] >= t.satisfied_from for row in calls if row["satisfied"] is not None),
        "cases.solved": share(one == "yes" for one in told),
        "cases.partly_solved": share(one == "partly" for one in told),
    }


def _visits(rows):
    complaints = sum(row["cycle"] == 1 and row["is_complaint"] for row in rows["cases"])
    served = sum(row["outcome"] == "served" for row in rows["visits"])
    return {"cases.per_ten_thousand_visits": (complaints * 10_000 / served if served else None, served)}
