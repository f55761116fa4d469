"""Visits by segment: from the link of a ticket through the fold to shares and waits (CUS-02, CUS-17, CUS-18, CUS-19)."""

import datetime as dt
from random import Random

import ibis
import pyarrow as pa
import pytest

from yingting.domains.queueing.actions import knowing
from yingting.domains.queueing.evidence import ON_SEGMENTS, ON_VISITS
from yingting.domains.queueing.indicators import HallTerms
from yingting.domains.queueing.models import TicketCustomer
from yingting.domains.queueing.queries.labels import labels_for
from yingting.domains.queueing.tables import VISITS, fold_day
from yingting.domains.queueing.tests.by_hand import segment_shares
from yingting.domains.queueing.tests.screens import person
from yingting.foundation.journal.models import Fact
from yingting.indicators.measuring import measure

DAY = dt.date(2026, 1, 5)


def measured(rows, found, by):
    def open_table(table):
        return ibis.memtable(pa.Table.from_pylist(rows, schema=table.schema))

    readings = measure(found.indicators, found.open(open_table), HallTerms(), by, minimum_sample=1)
    return {one.group: one for one in readings}


def visit(n, segment, *, hall="H01", day=DAY, wait=60.0):
    plain = dict.fromkeys(VISITS.schema.names)
    issued = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC) + dt.timedelta(minutes=n)
    return plain | {
        "hall": hall, "business_day": day, "visit": str(n), "outcome": "served", "wait_s": wait, "segment": segment,
        "issued_at": issued, "issue_minute_local": 600 + n, "abandonment_recorded": True,
    }  # fmt: skip


@pytest.mark.req("CUS-17", "CUS-18", "CUS-19")
def test_the_share_of_each_segment_unknown_customers_included_agrees_with_a_count_by_hand():
    random = Random(7)
    rows = [
        visit(
            n,
            random.choice((None, "", "big", "public", "public")),
            hall=random.choice(("H01", "H02")),
            day=DAY + dt.timedelta(n % 3),
        )
        for n in range(200)
    ]
    found = measured(rows, ON_SEGMENTS, ("segment",))
    wanted = segment_shares(rows)
    assert {group[0] for group in found} == {"unknown", "without", "big", "public"} == set(wanted)
    for (segment,), one in found.items():
        reading = one["queueing.segment_share"]
        assert (reading.value, reading.n) == (pytest.approx(wanted[segment][0]), wanted[segment][1])
    assert sum(one["queueing.segment_share"].value for one in found.values()) == pytest.approx(1)
    of_a_hall = measured(rows, ON_SEGMENTS, ("hall", "segment"))
    own = segment_shares([row for row in rows if row["hall"] == "H02"])
    assert of_a_hall["H02", "big"]["queueing.segment_share"].value == pytest.approx(own["big"][0])


def test_a_day_without_one_visit_of_a_segment_counts_for_its_share():
    rows = [visit(1, "big"), visit(2, "public"), visit(3, "public", day=DAY + dt.timedelta(1))]
    assert measured(rows, ON_SEGMENTS, ("segment",))["big",]["queueing.segment_share"].value == pytest.approx(1 / 3)


@pytest.mark.req("CUS-02")
def test_waits_are_told_by_segment_and_by_class():
    rows = [visit(1, "big", wait=60.0), visit(2, "big", wait=120.0), visit(3, None, wait=600.0)]
    found = measured(rows, ON_VISITS, ("segment",))
    assert {group[0]: one["queueing.wait_mean"].value for group, one in found.items()} == {"big": 90, "unknown": 600}
    assert {"segment", "priority_class"} <= set(ON_VISITS.can_split)


@pytest.mark.req("CUS-19", "CUS-25")
def test_the_day_of_a_hall_has_the_customers_of_its_visits(hands, known):
    big = known(segment="big", level="gold")
    hands.issue(customer=big.pk, known_by="phone")
    corrected = hands.issue(customer=known(phone="13900000002").pk, known_by="phone")
    hands.issue()
    knowing.know_customer(ticket=corrected.id, customer=big.pk, how="counter", actor=person("1001"), now=hands.now)
    declined = hands.issue(known_by="declined")
    facts = list(
        Fact.objects.order_by("subject", "version").values(
            "kind", "subject", "version", "occurred_at", "business_day", "data"
        )
    )
    rows = {row["ticket"]: row for row in fold_day(facts, labels_for(hands.cast.hall, facts)).visits}
    assert len(rows) == 4
    told = {number: (row["customer"], row["segment"], row["known_by"]) for number, row in rows.items()}
    nobody = (None, None, None)
    assert sorted(told.values(), key=str) == sorted(
        [(str(big.pk), "big", "phone"), (str(big.pk), "big", "counter"), nobody, nobody], key=str
    )
    assert told[declined.number] == nobody
    assert TicketCustomer.objects.count() == 3
