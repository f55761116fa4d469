"""Rows of the tables of cases, drawn at random: as different as cases are."""

OUTCOMES = ("open", "closed", "closed", "elsewhere", "withdrawn", "merged")


def random_rows(random, hall, day, most):
    """Return rows by table for up to `most` cases of a hall and day."""
    rows = {name: [] for name in ("cases", "case_steps", "case_clocks", "case_calls", "case_promises")}
    for n in range(random.randrange(most + 1)):
        kind = random.choice(("complaint", "complaint", "appeal", "grumble", "violation"))
        of_case = {
            "hall": hall, "business_day": day, "case": f"{hall}-{day}-{n}", "case_kind": kind, "process": "counter",
            "case_channel": random.choice(("counter", "12315")), "category": "fees", "severity": "light",
        }  # fmt: skip
        rounds = random.choice((1, 1, 1, 2))
        for cycle in range(1, rounds + 1):
            outcome = random.choice(OUTCOMES) if cycle == rounds else "closed"
            part = of_case | {"cycle": cycle}
            rows["cases"].append(part | _round(random, outcome, cycle == rounds, kind))
            rows["case_steps"] += [part | _stay(random) for _ in range(random.randrange(4))]
            rows["case_clocks"] += [part | _clock(random) for _ in range(random.randrange(4))]
            rows["case_calls"] += [part | _call(random) for _ in range(random.randrange(3))]
            if random.random() < 0.5:
                rows["case_promises"].append(
                    part | {"promise": _key(random), "is_kept": _maybe(random), "clerk": "1001"}
                )
    return rows


def _key(random):
    return f"{random.random()}"


def _maybe(random):
    return random.choice((True, False, None))


def _round(random, outcome, is_last, kind):
    lasted = random.randint(60, 900_000) * 1.0 if is_last and outcome in ("closed", "elsewhere") else None
    return {
        "round": _key(random), "clerk": "1001", "owner": "1201", "outcome": outcome, "is_last": is_last, "verification": "",
        "is_outside": random.random() < 0.3, "is_complaint": kind in ("complaint", "appeal"),
        "result": random.choice(("solved", "solved", "partly", "")), "natural_s": lasted,
        "working_s": lasted and lasted // 3, "handovers": random.choice((0, 0, 1, 3)),
        "is_escalated": random.random() < 0.3, "is_repeat": random.random() < 0.3,
        "became_complaint": random.random() < 0.4,
    }  # fmt: skip


def _stay(random):
    lasted = random.choice((None, random.randint(1, 90_000) * 1.0))
    return {
        "stay": _key(random), "n": 1, "step": random.choice(("take_in", "verify")), "role": "verify", "clerk": "1201",
        "natural_s": lasted, "working_s": lasted and lasted // 2, "is_late": lasted and _maybe(random),
    }  # fmt: skip


def _clock(random):
    return {
        "clock": _key(random), "code": "answer", "sort": random.choice(("rule", "rule", "step")),
        "is_legal": random.random() < 0.5, "is_answer": random.random() < 0.5, "is_kept": _maybe(random), "clerk": "1201",
    }  # fmt: skip


def _call(random):
    reached = random.random() < 0.7
    return {
        "call": _key(random), "band": "noon", "call_outcome": "reached" if reached else "no_answer", "reached": reached,
        "solved": random.choice(("yes", "partly", "no", "")) if reached else "",
        "satisfied": random.choice((None, 1, 3, 4, 5)) if reached else None, "clerk": "1301",
    }  # fmt: skip
