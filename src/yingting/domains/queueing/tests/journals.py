"""Days of a hall as the journal tells them, made of arbitrary steps: valid facts without a database behind them.

A step is (what, pick, seconds): the clock moves on by the seconds, then `pick` chooses among the subjects that `what` fits.
A step that fits nothing is left out.
"""

import datetime as dt
from random import Random
from zoneinfo import ZoneInfo

import hypothesis.strategies as st

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = dt.date(2026, 1, 5)
VERBS = (
    *("issue",) * 6, *("call",) * 7, *("start",) * 7, *("finish",) * 8, *("ask", "rate") * 3,
    "recall", "miss", "return", "leave", "transfer", "send", "entitle", "park", "add", "next", "verify",
    *("open", "unpause") * 2, "pause", "close", "force", "normal", "accept", "accept", "insist",
)  # fmt: skip
# Lengths at and beside the limits, so that ties are frequent.
LENGTHS = (0, 1, 30, 59, 60, 61, 179, 180, 181, 299, 300, 479, 480, 599, 600, 601)
OPENINGS = (dt.time(9), dt.time(23, 50))  # the second day runs over midnight


class Day:
    """A hall's day, walked step by step. `facts()` gives its facts as `facts_of_day` does."""

    def __init__(self, name="", day=MONDAY, opens=OPENINGS[0]):
        self.name, self.day = name, day
        self.now = dt.datetime.combine(day, opens, SHANGHAI).astimezone(dt.UTC)
        self.kept = []
        self.tickets, self.sessions = {}, {}
        self.stretch = None
        for counter in ("c1", "c2"):
            self.open(counter)

    def facts(self):
        return sorted(self.kept, key=lambda fact: (fact["subject"], fact["version"]))

    def tell(self, kind, subject, **data):
        version = 1 + sum(fact["subject"] == subject for fact in self.kept)
        self.kept.append(
            {"kind": kind, "subject": subject, "version": version, "occurred_at": self.now, "business_day": self.day,
             "data": data}
        )  # fmt: skip

    def new(self, letter):
        return f"{letter}{self.name}{len(self.kept):04}"

    def walk(self, steps):
        for what, pick, seconds in steps:
            self.now += dt.timedelta(seconds=seconds)
            self.step(what, pick)
        return self

    def step(self, what, pick):
        if what in _TICKET_STEPS:
            frm, to, act = _TICKET_STEPS[what]
            fitting = [ticket for ticket in self.tickets.values() if ticket["state"] in frm]
            if fitting:
                ticket = fitting[pick % len(fitting)]
                if act(self, ticket, pick) is not False:
                    ticket["state"] = to or ticket["state"]
        else:
            getattr(self, what)(pick)

    # ------------------------------------------------------------------------------------ subjects

    def issue(self, pick):
        ticket = self.new("t")
        low = (None, 0, 5, 8)[pick % 4]
        self.tickets[ticket] = {"id": ticket, "state": "waiting", "for": None}
        self.tell(
            "ticket.issued", ticket, number=f"A{len(self.tickets):03}", queue="q", business=f"b{pick % 2}", priority="p",
            quoted_low_min=low, quoted_high_min=None if low is None else low + 2,
            **({} if pick % 5 == 0 else {"quoted_by": pick % 3}),  # facts from before there were models do not say
        )  # fmt: skip

    def open(self, pick):
        counter = pick if isinstance(pick, str) else f"c{1 + pick % 3}"
        if counter not in {seat["counter"] for seat in self.sessions.values() if seat["state"] != "closed"}:
            session = self.new("s")
            self.sessions[session] = {"id": session, "counter": counter, "state": "open", "ticket": None}
            self.tell("session.opened", session, counter=counter, clerk=f"k{counter}")

    def _seat(self, pick, state, *, free=True):
        fitting = [one for one in self.sessions.values() if one["state"] == state and not (free and one["ticket"])]
        return fitting[pick % len(fitting)] if fitting else None

    def pause(self, pick):
        if seat := self._seat(pick, "open", free=False):
            seat["state"] = "paused"
            self.tell("session.paused", seat["id"], reason="lunch")

    def unpause(self, pick):
        if seat := self._seat(pick, "paused", free=False):
            seat["state"] = "open"
            self.tell("session.resumed", seat["id"])

    def close(self, pick):
        if seat := self._seat(pick, "open"):
            seat["state"] = "closed"
            self.tell("session.closed", seat["id"], why="clerk")

    def force(self, _pick):
        if self.stretch is None:
            self.stretch = self.new("m")
            self.tell("mode.forced", self.stretch, reason="crowd")

    def normal(self, _pick, why="ended"):
        if self.stretch:
            self.tell("mode.normal", self.stretch, why=why, minutes=0.0)
            self.stretch = None

    def accept(self, pick):
        if self.stretch:
            offer = self.new("o")
            about = {"business": f"b{pick % 2}", "channel": "kiosk", "to": "self_service"}
            self.tell("steering.offered", offer, **about)
            if pick % 3:
                self.tell("steering.accepted", offer, **about)

    def insist(self, pick):
        if self.stretch:
            self.tell("steering.insisted", self.new("o"), ticket="t", business=f"b{pick % 2}", channel="guide",
                      to="online", reason="cash")  # fmt: skip

    def end(self):
        """Close the day: what is open lapses."""
        for ticket in self.tickets.values():
            if ticket["state"] not in ("finished", "left"):
                self.tell("ticket.lapsed", ticket["id"], was=ticket["state"])
                ticket["state"] = "lapsed"
        for seat in self.sessions.values():
            if seat["state"] != "closed":
                seat["state"] = "closed"
                self.tell("session.closed", seat["id"], why="day_end")
        self.normal(0, "day_end")
        self.tell("day.closed", f"d{self.name}", lapsed=0, sessions=0)
        return self

    # ------------------------------------------------------------------------------------ tickets

    def _call(self, ticket, pick):
        seat = self._seat(pick, "open")
        if seat is None or ticket["for"] not in (None, seat["counter"]):
            return False
        seat["ticket"], ticket["seat"], ticket["for"] = ticket["id"], seat, None
        self.tell("ticket.called", ticket["id"], counter=seat["counter"], session=seat["id"], clerk=f"k{seat['counter']}",
                  queue="q", waited_s=0.0)  # fmt: skip
        return True

    def _start(self, ticket, pick):
        if ticket["state"] == "parked":
            seat = self._seat(pick, "open")
            if seat is None:
                return False
            seat["ticket"], ticket["seat"] = ticket["id"], seat
        seat = ticket["seat"]
        ticket["handling"] = self.new("h")
        kind = ("single", "single", "combined")[pick % 3]
        self.tell("ticket.started", ticket["id"], handling=ticket["handling"], counter=seat["counter"], session=seat["id"],
                  clerk=f"k{seat['counter']}", businesses=[f"b{pick % 2}"], business_kind=kind)  # fmt: skip
        return True

    def _free(self, ticket):
        ticket.pop("seat", {})["ticket"] = None

    def _moved(self, ticket, pick):
        served = ticket["state"] == "serving"
        if ticket["state"] != "waiting":
            self._free(ticket)
        ticket["for"] = ("c1", "c2", "c3")[pick % 3] if pick % 2 else None
        self.tell("ticket.transferred", ticket["id"], queue="q2", for_counter=ticket["for"], business=f"b{pick % 2}",
                  handling=ticket["handling"] if served else None)  # fmt: skip

    def _next(self, ticket, pick):
        ticket["handling"] = self.new("h")
        self.tell("ticket.business_next", ticket["id"], handling=ticket["handling"], businesses=[f"b{pick % 2}"],
                  business_kind="single")  # fmt: skip


def _told(kind, *, frees=False, **data):
    """Return the step that tells this fact with what these functions of ticket and pick give."""

    def act(day, ticket, pick):
        if frees:
            day._free(ticket)
        day.tell(kind, ticket["id"], **{name: value(ticket, pick) for name, value in data.items()})

    return act


def _of_handling(ticket, _pick):
    return ticket["handling"]


_AT_COUNTER = ("called", "serving")
_TICKET_STEPS = {
    "call": (("waiting",), "called", Day._call),
    "recall": (("called",), None, _told("ticket.recalled")),
    "miss": (("called",), "missed", _told("ticket.missed", frees=True)),
    "return": (("missed",), "waiting", _told("ticket.returned")),
    "start": (("called", "parked"), "serving", Day._start),
    "finish": (("serving",), "finished", _told("ticket.finished", frees=True, handling=_of_handling)),
    "park": (("serving",), "parked", _told("ticket.parked", frees=True, handling=_of_handling)),
    "add": (("serving",), None, _told("ticket.business_added", business=lambda _t, n: f"b{n % 2}",
                                          business_kind=lambda _t, _n: "combined")),
    "next": (("serving",), None, Day._next),
    "verify": (("serving",), None, _told("ticket.verified", handling=_of_handling)),
    "transfer": (_AT_COUNTER, "waiting", Day._moved),
    "send": (("waiting",), "waiting", Day._moved),
    "leave": (("waiting", "missed"), "left", _told("ticket.left", by=lambda _t, _n: "customer")),
    "entitle": (("waiting",), None, _told("ticket.reclassed", priority=lambda _t, _n: "care")),
    "ask": (("serving", "finished"), None, _told("ticket.rating_asked")),
    "rate": (("finished",), None, _told("ticket.rated", score=lambda _t, n: 1 + n % 5)),
}  # fmt: skip


def random_steps(seed, length):
    random = Random(seed)
    return [
        (random.choice(VERBS), random.randrange(12), random.choice((*LENGTHS[:8], random.randrange(200))))
        for _ in range(length)
    ]


# Short ones that shrink, and long ones in which customers are really served.
steps = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, 11), st.sampled_from(LENGTHS) | st.integers(0, 900)), max_size=30
) | st.builds(random_steps, st.integers(0, 2**32), st.integers(60, 250))


@st.composite
def days(draw, name="", day=MONDAY):
    """A day: empty, short or long, open or closed, within a day or over midnight."""
    walked = Day(name, day, draw(st.sampled_from(OPENINGS))).walk(draw(steps))
    return walked.end() if draw(st.booleans()) else walked


def to_the_minute(rows, every=2):
    """Move every second wait and handling onto a full minute, where limits and promises are: ties become frequent."""
    for table, column in (("visits", "wait_s"), ("visits", "wait_last_s"), ("stints", "handling_s")):
        for row in rows[table][::every]:
            if row[column] is not None:
                row[column] = 60.0 * round(row[column] / 60)
