"""Frequent visitors and their later visits over millions of visits, in DuckDB. Rules: `rules/frequent.py`, which says the same plainly.

Each statement reads `visits`, a relation with the columns of `tables.KNOWN_VISITS`, and `merged (gone, kept)`.
"""

# ruff: noqa: S608 - the texts put in are identifiers of this module and codes quoted by _listed()

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

import pyarrow as pa

from yingting.domains.relations.rules.frequent import Frequent, window

# A visit of last week may still get its customer: so far back the nightly count looks for what is new.
LATE_DAYS = 7


def _listed(codes: Collection[str]) -> str:
    """`business` is one of these, by class or by class and type; nothing is in an empty list."""
    quoted = ", ".join("'" + code.replace("'", "''") + "'" for code in sorted(codes)) or "NULL"
    return f"coalesce(business IN ({quoted}) OR split_part(business, '/', 1) IN ({quoted}), false)"


def _own(merged: int) -> str:
    """Visits under the file that they stand for now."""
    if not merged:
        return "visits"
    return "(SELECT v.* REPLACE (coalesce(m.kept, v.customer) AS customer) FROM visits v LEFT JOIN merged m ON m.gone = v.customer)"


def touched(con: Any, rule: Frequent, day: dt.date, before: dt.date, merged: int) -> pa.Table:
    """Return the customers whose count may differ from that of the day `before`: who came since, or whose visits left the window."""
    old_first, _old_last = window(rule, before)
    first, last = window(rule, day)
    return con.sql(
        f"SELECT DISTINCT customer FROM {_own(merged)} WHERE customer IS NOT NULL "
        "AND (business_day > $since AND business_day <= $last OR business_day >= $old_first AND business_day < $first)",
        params={"since": before - dt.timedelta(days=LATE_DAYS), "last": last, "old_first": old_first, "first": first},
    ).to_arrow_table()


def counts(con: Any, rule: Frequent, day: dt.date, merged: int, *, only_touched: bool) -> pa.Table:
    """Return customer, visits, peak, payment, routine of the frequent visitors on a day; `only_touched`: of those in `touched`."""
    first, last = window(rule, day)
    payment, routine = _listed(rule.payment), _listed(rule.routine)
    among = "AND customer IN (SELECT customer FROM touched)" if only_touched else ""
    return con.sql(
        f"SELECT customer, count(*) AS visits, count(*) FILTER (is_peak) AS peak, count(*) FILTER ({payment}) AS payment, "
        f"count(*) FILTER ({routine} AND NOT {payment}) AS routine FROM {_own(merged)} "
        f"WHERE customer IS NOT NULL AND business_day BETWEEN $first AND $last {among} "
        "GROUP BY customer HAVING count(*) > $more_than",
        params={"first": first, "last": last, "more_than": rule.more_than},
    ).to_arrow_table()


def usual_halls(con: Any, rule: Frequent, day: dt.date, merged: int) -> pa.Table:
    """Return for each customer of `found` the hall where it came most in the window."""
    first, last = window(rule, day)
    return con.sql(
        f"WITH by_hall AS (SELECT customer, hall, count(*) AS n FROM {_own(merged)} "
        "WHERE business_day BETWEEN $first AND $last AND customer IN (SELECT customer FROM found) GROUP BY ALL) "
        "SELECT customer, arg_max(hall, (n, hall)) AS hall FROM by_hall GROUP BY customer",
        params={"first": first, "last": last},
    ).to_arrow_table()


def around(con: Any, merged: int) -> pa.Table:
    """Return visits and remote visits before and after a day of each row of `asked (listing, customer, first, day, last)`; the day
    itself is on neither side.
    """
    return con.sql(
        "SELECT a.listing, "
        "count(v.visit) FILTER (v.business_day < a.day) AS before, "
        "count(v.visit) FILTER (v.business_day < a.day AND v.is_remote) AS before_remote, "
        "count(v.visit) FILTER (v.business_day > a.day) AS after, "
        "count(v.visit) FILTER (v.business_day > a.day AND v.is_remote) AS after_remote "
        f"FROM asked a LEFT JOIN {_own(merged)} v ON v.customer = a.customer "
        "AND v.business_day BETWEEN a.first AND a.last GROUP BY a.listing"
    ).to_arrow_table()
