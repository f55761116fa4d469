"""The table of ways besides the counter, folded from the facts of a hall's day. Pure: plain dicts in, plain rows out.

An answer to an offer is one of

    accepted   the customer went there (at a screen), or it was done there (with a guide)
    insisted   the customer wanted the counter, and got it
    back       the customer tried and came back to the counter
    open       a guide showed the way, and nobody noted yet how it ended

An offer that a screen showed and nobody answered is no row: the customer may have walked on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from yingting.indicators.fact_tables import FactTable

WAYS_FOLD = 1  # another number makes every day be folded anew
PREFIXES = ("steering.", "diversion.", "roving.")
Row = dict[str, Any]

WAYS = FactTable(
    name="ways",
    key="way",
    schema=pa.schema(
        [
            ("hall", pa.string()),
            ("business_day", pa.date32()),
            ("way", pa.string()),  # unique for ever
            ("business", pa.string()),
            ("channel", pa.string()),  # self_service, online, roving
            ("shown_by", pa.string()),  # screen, guide, or null for a visit on the move
            ("answer", pa.string()),  # accepted, insisted, back, open; null for a visit on the move
            ("is_done", pa.bool_()),  # the business was done through the channel, as far as the house knows
        ]
    ),
)

ASSISTS_FOLD = 1
ASSIST_PREFIXES = ("assist.", "ticket.issued")
ASSISTS = FactTable(
    name="assists",
    key="hall_day",
    schema=pa.schema(
        [
            ("hall", pa.string()),
            ("business_day", pa.date32()),
            ("hall_day", pa.string()),
            ("kiosk_tickets", pa.int32()),  # numbers that customers took at the ticket machine
            ("assisted", pa.int32()),  # of these with help by a guard or guide: never more than were taken
        ]
    ),
)

_ENDS = {"done": "accepted", "back": "back", "refused": "insisted"}


def fold_ways(facts: Iterable[Mapping[str, Any]], hall: str, businesses: Mapping[str, str]) -> list[Row]:
    """Fold the facts of one hall and day, ordered by subject and version, into rows.

    >>> made = {"kind": "diversion.made", "subject": "1", "business_day": None, "data": {"business": "b", "target": "online"}}
    >>> ended = {"kind": "diversion.ended", "subject": "1", "business_day": None, "data": {"result": "back"}}
    >>> [(row["channel"], row["answer"], row["is_done"]) for row in fold_ways([made, ended], "H01", {})]
    [('online', 'back', False)]
    """
    rows: dict[str, Row] = {}
    for fact in facts:
        kind, subject, data = fact["kind"], str(fact["subject"]), fact["data"]
        if kind == "diversion.ended":
            if subject in rows:
                rows[subject] |= {"answer": _ENDS[data["result"]], "is_done": data["result"] == "done"}
            continue
        found = _BEGINNINGS.get(kind)
        row = found(data) if found else None
        if row is not None:
            name = businesses.get(str(data["business"]), str(data["business"]))
            rows[subject] = {
                "hall": hall, "business_day": fact["business_day"], "way": subject, "business": name, **row
            }  # fmt: skip
    return list(rows.values())


def fold_assists(facts: Iterable[Mapping[str, Any]], hall: str) -> list[Row]:
    """Return the row of a hall's day: numbers taken at the machine, and those with help (SLF-03).

    >>> taken = {"kind": "ticket.issued", "business_day": None, "data": {"channel": "kiosk"}}
    >>> helped = {"kind": "assist.given", "business_day": None, "data": {"kind": "ticket"}}
    >>> [(row["kiosk_tickets"], row["assisted"]) for row in fold_assists([taken, taken, helped], "H01")]
    [(2, 1)]
    """
    known = list(facts)
    if not known:
        return []
    taken = sum(fact["kind"] == "ticket.issued" and fact["data"]["channel"] == "kiosk" for fact in known)
    helped = sum(fact["kind"] == "assist.given" and fact["data"]["kind"] == "ticket" for fact in known)
    day = known[0]["business_day"]
    return [
        {
            "hall": hall, "business_day": day, "hall_day": f"{hall}/{day}", "kiosk_tickets": taken,
            "assisted": min(helped, taken),
        }
    ]  # fmt: skip


def _accepted(data: Mapping[str, Any]) -> Row | None:
    if data["channel"] == "guide":
        return None  # the guide's diversion, or the visit on the move, says it too and knows how it ended
    # With a colleague in the hall the visit on the move is what is done; going to one is not.
    return {"channel": data["to"], "shown_by": "screen", "answer": "accepted", "is_done": data["to"] != "roving"}


def _insisted(data: Mapping[str, Any]) -> Row:
    by = "screen" if data["channel"] == "kiosk" else "guide"
    return {"channel": data["to"], "shown_by": by, "answer": "insisted", "is_done": False}


def _made(data: Mapping[str, Any]) -> Row:
    return {"channel": data["target"], "shown_by": "guide", "answer": "open", "is_done": False}


def _handled(data: Mapping[str, Any]) -> Row | None:
    if data["result"] != "done":
        return None
    return {"channel": "roving", "shown_by": None, "answer": None, "is_done": True}


_BEGINNINGS = {
    "steering.accepted": _accepted, "steering.insisted": _insisted, "diversion.made": _made, "roving.handled": _handled
}  # fmt: skip
