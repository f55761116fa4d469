"""Real lists taken in: 2,224 complaints to an operator, and the 21,348 steps of a help desk. They are not part of the project."""

import csv
import datetime as dt
import os
import statistics
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings

from yingting.domains.cases.actions.bringing import ListOrder, bring_list
from yingting.domains.cases.evidence import SHELF
from yingting.domains.cases.models import Case, Handover, StepVisit
from yingting.domains.cases.queries.rules_in_force import LIST, LIST_NAMES, PROCESS, PROCESS_NAMES
from yingting.domains.cases.queries.shipped import NAMES
from yingting.domains.cases.rules.around import ListNames, ProcessNames
from yingting.domains.cases.rules.bringing import CaseList, ListColumn, ListValue
from yingting.domains.cases.rules.bringing import ListField as F
from yingting.domains.cases.rules.processes import CaseKind, Gate, Process, Step, StepRole
from yingting.domains.cases.tests.stories import H01
from yingting.domains.cases.tests.test_bringing import given
from yingting.foundation.lake.asking import ask
from yingting.foundation.lake.question import Question
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Unit
from yingting.kernel.clocks import system_now
from yingting.kernel.shapes import Named

SHARED = Path(os.environ.get("YINGTING_SHARED", Path(__file__).parents[6] / "shared"))
COMPLAINTS, HELPDESK = SHARED / "data/telecom_complaints/complaints_2015.csv", SHARED / "data/helpdesk_log/helpdesk.csv"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not HELPDESK.exists(), reason="the shared real data is not here: set YINGTING_SHARED to its folder"
    ),
]


@pytest.fixture(autouse=True)
def lake(tmp_path, monkeypatch, cast):
    monkeypatch.setattr(settings, "LAKE_DIR", tmp_path / "lake")


def figures(keys, first, last, by=()):
    SHELF.fill(system_now() + dt.timedelta(minutes=1))
    found = ask(Question(keys, ("H01",), first, last, by, minimum_sample=dict.fromkeys(keys, 1)))
    return {one.group: {key: (one[key].value, one[key].n) for key in keys} for one in found}


OPERATOR = CaseList(
    (
        ListColumn(F.NUMBER, "Ticket #"), ListColumn(F.TEXT, "Customer Complaint"), ListColumn(F.CHANNEL, "Received Via"),
        ListColumn(F.RECEIVED, "Time", "Date_month_year", ("%d-%b-%y %I:%M:%S %p",)), ListColumn(F.STATUS, "Status"),
        ListColumn(F.RESULT, "Status"),
    ),
    (
        ListValue(F.CHANNEL, "Customer Care Call", "hotline"), ListValue(F.CHANNEL, "Internet", "page"),
        ListValue(F.STATUS, "Solved", "closed"), ListValue(F.STATUS, "Closed", "closed"), ListValue(F.STATUS, "Open", "open"),
        ListValue(F.STATUS, "Pending", "open"), ListValue(F.RESULT, "Solved", "solved"), ListValue(F.RESULT, "*"),
    ),
)  # fmt: skip


def complaints_compared(most, actor_of, now, tmp_path):
    """Take the first complaints of the file in, and compare what comes out with a plain count of it."""
    given(LIST_NAMES, ListNames((Named("operator", "投诉", "Complaints"),)))
    given(LIST, OPERATOR, "operator")
    path = tmp_path / "complaints.csv"
    path.write_bytes(b"".join(COMPLAINTS.read_bytes().splitlines(keepends=True)[: most + 1]))
    with path.open(encoding="utf-8-sig") as stream:
        told = list(csv.DictReader(stream))
    for row in told:
        row["at"] = dt.datetime.strptime(f"{row['Date_month_year']} {row['Time']}", "%d-%b-%y %I:%M:%S %p")
    waiting = [row for row in told if row["Status"] in ("Open", "Pending")]
    n, still_open = len(told), len(waiting)
    order = ListOrder(path, "operator", H01)
    outcome = bring_list(order=order, actor=actor_of("1301"), now=now)
    assert (outcome.rows, outcome.cases, outcome.elsewhere, outcome.still_open, outcome.bad) == (
        n, n, n - still_open, still_open, (),
    )  # fmt: skip
    assert bring_list(order=order, actor=actor_of("1301"), now=now).repeated == n
    year = (dt.date(2015, 1, 1), dt.date(2015, 12, 31))
    found = figures(("cases.complaints",), *year, ("month",))
    months = Counter(row["at"].date().replace(day=1) for row in told)
    assert {group[0]: one["cases.complaints"][1] for group, one in found.items()} == months
    (whole,) = figures(("cases.complaints", "cases.closed_elsewhere", "cases.open", "cases.open_age"), *year).values()
    ages = [(dt.datetime(2016, 1, 1) - row["at"]).total_seconds() for row in waiting]
    assert whole["cases.closed_elsewhere"] == (n - still_open, n - still_open)
    assert whole["cases.open"] == (still_open, still_open)
    assert whole["cases.open_age"] == (pytest.approx(statistics.fmean(ages)), still_open)
    return n, still_open


@pytest.mark.req("CMP-34")
def test_the_first_complaints_of_an_operator_are_counted_and_age(actor_of, now, tmp_path):
    complaints_compared(150, actor_of, now, tmp_path)


@pytest.mark.skipif("YINGTING_WHOLE_LISTS" not in os.environ, reason="takes minutes: set YINGTING_WHOLE_LISTS=1")
@pytest.mark.timeout(1800)
def test_all_complaints_of_an_operator_are_counted_and_age(actor_of, now, tmp_path):
    assert complaints_compared(10_000, actor_of, now, tmp_path) == (2224, 517)


def activities(rows):
    return sorted({row["concept:name"] for row in rows})


@pytest.fixture(scope="module")
def events():
    with HELPDESK.open(encoding="utf-8-sig") as stream:
        reader = csv.reader(stream)
        head = next(reader)
        head[2] = "activity"
        rows = [dict(zip(head, row, strict=True)) for row in reader]
    for row in rows:
        row["concept:name"] = row["activity"]
    return rows


def prepared(events):
    """A process of the log's activities, its people, and a way of reading it."""
    names = {text: f"s{n}" for n, text in enumerate(activities(events))}
    roles = defaultdict(lambda: StepRole.HANDLE, {"Closed": StepRole.CHECK, "Assign seriousness": StepRole.TAKE_IN})
    steps = tuple(
        Step(code, text, roles[text], next=() if text == "Closed" else tuple(names.values()))
        for text, code in names.items()
    )
    given(PROCESS_NAMES, ProcessNames((*NAMES.processes, Named("helpdesk", "服务台", "Help desk"))))
    given(PROCESS, Process(CaseKind.SUPPORT, steps, gate=Gate(())), "helpdesk")
    people = {text: f"D{n:02d}" for n, text in enumerate(sorted({row["org:resource"] for row in events}))}
    unit = Unit.objects.get(path=H01)
    Person.objects.bulk_create(Person(staff_no=number, name=number, unit=unit) for number in people.values())
    columns = (
        ListColumn(F.NUMBER, "case:concept:name"), ListColumn(F.ACTIVITY, "activity"), ListColumn(F.RESOURCE, "org:resource"),
        ListColumn(F.MOMENT, "time:timestamp"), ListColumn(F.PRODUCT, "product"), ListColumn(F.CHANNEL, constant="staff"),
        ListColumn(F.PROCESS, constant="helpdesk"),
    )  # fmt: skip
    values = [ListValue(F.ACTIVITY, text, code) for text, code in names.items()]
    values += [ListValue(F.RESOURCE, text, number) for text, number in people.items()]
    given(LIST_NAMES, ListNames((Named("log", "日志", "Log"),)))
    given(LIST, CaseList(columns, tuple(values), ends=(names["Closed"],), is_finished=True), "log")
    return names


def written(events, path):
    """The log with a name of its own for each column: two of them are called alike."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(
            stream,
            ("case:concept:name", "activity", "org:resource", "time:timestamp", "product"),
            extrasaction="ignore",
        )
        writer.writeheader()
        writer.writerows(events)


def compared(events, actor_of, now, path):
    names = prepared(events)
    written(events, path)
    outcome = bring_list(order=ListOrder(path, "log", H01), actor=actor_of("1301"), now=now)
    by_case = defaultdict(list)
    for row in events:
        by_case[row["case:concept:name"]].append((dt.datetime.fromisoformat(row["time:timestamp"]), row))
    assert (outcome.rows, outcome.cases, outcome.still_open, outcome.bad) == (len(events), len(by_case), 0, ())
    assert StepVisit.objects.count() == len(events)
    passed = sum(
        one[1]["org:resource"] != other[1]["org:resource"] for some in by_case.values() for one, other in pairwise(some)
    )
    assert Handover.objects.count() == passed
    stays = defaultdict(list)
    for some in by_case.values():
        for one, other in zip(some, [*some[1:], some[-1]], strict=True):
            # Between the close and a reopening nobody has the case: that is no stay in a step.
            has_ended = one[1]["activity"] == "Closed"
            stays[names[one[1]["activity"]]].append(0.0 if has_ended else (other[0] - one[0]).total_seconds())
    lasted = [(some[-1][0] - some[0][0]).total_seconds() for some in by_case.values()]
    period = (dt.date(2010, 1, 1), dt.date(2014, 12, 31))
    keys = ("cases.registered", "cases.handling_natural", "cases.handling_median", "cases.bounce", "cases.reopen_rate")
    (whole,) = figures(keys, *period).values()
    assert whole["cases.registered"] == (len(by_case), len(by_case))
    assert whole["cases.handling_natural"] == (pytest.approx(statistics.fmean(lasted)), len(lasted))
    assert whole["cases.handling_median"] == (pytest.approx(statistics.median(lasted)), len(lasted))
    assert whole["cases.bounce"] == (pytest.approx(passed / len(by_case)), len(by_case))
    steps = figures(("cases.step_natural",), *period, ("step",))
    assert {group[0]: one["cases.step_natural"] for group, one in steps.items()} == {
        code: (pytest.approx(statistics.fmean(some)), len(some)) for code, some in stays.items()
    }
    return whole


@pytest.mark.req("ORG-32")
def test_the_first_cases_of_a_help_desk_come_out_as_a_plain_count_of_the_file_does(events, actor_of, now, tmp_path):
    first = {f"Case {n}" for n in range(1, 41)}
    compared([row for row in events if row["case:concept:name"] in first], actor_of, now, tmp_path / "log.csv")


@pytest.mark.skipif("YINGTING_WHOLE_LISTS" not in os.environ, reason="takes minutes: set YINGTING_WHOLE_LISTS=1")
@pytest.mark.timeout(1800)
@pytest.mark.req("ORG-32")
def test_the_whole_help_desk_comes_out_with_its_known_durations(events, actor_of, now, tmp_path):
    whole = compared(events, actor_of, now, tmp_path / "log.csv")
    days = [round(whole[key][0] / 86_400, 2) for key in ("cases.handling_natural", "cases.handling_median")]
    assert (days, Case.objects.count()) == ([40.86, 39.86], 4580)
