"""The check values of the shared real data, exactly."""

import csv
import gzip

import pytest

from yingting.domains.queueing.tables import TICKET_LOG
from yingting.foundation.lake.importing import Status
from yingting.foundation.lake.mapping import parse
from yingting.reporting.hall_report.asking import hall_report
from yingting.reporting.hall_report.contracts import Definition
from yingting.reporting.tests.logs import contents, shared, take, write

pytestmark = [pytest.mark.slow]


@pytest.mark.req("QUE-02", "QUE-03")
def test_the_warsaw_halls_give_their_check_values(lake):
    log = shared("service_halls_2020", "tickets_rebuilt.csv.gz")
    outcome = take(lake, log, "warsaw-rebuilt")
    assert (outcome.status, outcome.rows, outcome.taken, outcome.bad, outcome.repeated) == ("taken", 31686, 31686, 0, 0)
    report = hall_report(lake)
    bemowo = next(one for one in report.sections if one.hall == "UD_Bemowo")
    assert bemowo.days == 10
    assert bemowo.figures["queueing.tickets"].n == 7772
    assert round(bemowo.figures["queueing.wait_mean"].value / 60, 4) == 24.1359
    assert round(bemowo.figures["queueing.wait_within_limit"].value, 4) == 0.4422
    assert bemowo.figures["queueing.abandonment"].value is None
    assert {"no_abandonment", "coarse_times", "no_counters"} <= {one.code for one in bemowo.notices}
    assert report.total.figures["queueing.tickets"].n == 31686

    before = contents(lake)
    assert take(lake, log, "warsaw-rebuilt").status is Status.ALREADY
    assert contents(lake) == before


@pytest.mark.parametrize(
    ("month", "rows", "served", "left", "dropped", "wait", "within", "p90", "handling"),
    [
        ("january", 31359, 27060, 4299, 240, 35.0280, 0.606135, 111, 183.4517),
        ("february", 33066, 27162, 5904, 278, 40.7743, 0.596753, 131, 176.3530),
    ],
)
@pytest.mark.req("QUE-02", "QUE-04")
def test_the_bank_calls_give_their_check_values(lake, month, rows, served, left, dropped, wait, within, p90, handling):
    outcome = take(lake, shared("queue_1999", f"{month}.txt"), "bank-calls-1999")
    assert (outcome.rows, outcome.taken, outcome.bad, outcome.dropped) == (rows, rows, 0, dropped)
    (section,) = hall_report(lake, definition=Definition({"wait_limit_s": 20})).sections
    found = section.figures
    assert found["queueing.served"].n == served
    assert found["queueing.abandonment"].value == left / rows
    assert round(found["queueing.wait_mean"].value, 4) == wait
    assert round(found["queueing.wait_within_limit"].value, 6) == within
    assert found["queueing.wait_p90"].value == p90
    assert round(section.figures["queueing.handling_mean"].value, 4) == handling
    assert section.figures["queueing.handling_mean"].n == served


def test_a_clock_stuck_in_2012_is_refused_row_by_row_with_a_reason_that_helps(lake, tmp_path):
    """Snapshots are no tickets, but their dates are real: one hall's clock says 2012 among halls of 2020."""
    with gzip.open(shared("service_halls_2020", "snapshots.csv.gz"), "rt", encoding="utf-8") as stream:
        rows = [row for place, row in enumerate(csv.DictReader(stream)) if place % 500 == 0]
    stuck = sum(row["office"] == "UD_Srodmiescie_2" for row in rows)
    assert 0 < stuck < len(rows) / 2
    lines = ["office,when,ticket"] + [f"{row['office']},{row['date']} {row['time']},{n}" for n, row in enumerate(rows)]
    log = write(tmp_path / "snapshots.csv", "\n".join(lines))
    text = 'time_zone = "Europe/Warsaw"\n[columns]\nhall = "office"\nticket = "ticket"\nissued_at = "when"\n'

    by_file = take(lake, log, parse(text + "[checks]\nearliest = 2010-01-01\n", TICKET_LOG), hall=None)
    assert (by_file.status, by_file.bad, by_file.taken) == ("refused", stuck, 0)
    assert {bad.reason for bad in by_file.bad_rows} == {"cut_off"}
    assert "2012" in by_file.bad_rows[0].value
    assert contents(lake) == {}

    by_age = take(lake, log, parse(text, TICKET_LOG), hall=None, take_good=True)
    assert {bad.reason for bad in by_age.bad_rows} == {"too_old"}
    assert by_age.taken == len(rows) - stuck
    assert "UD_Srodmiescie_2" not in lake.halls()
