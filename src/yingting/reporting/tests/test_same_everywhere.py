"""The same number everywhere: hall report, board, question box and their files, over halls and days of different limits."""

import datetime as dt
import io
import json
import random

import openpyxl
import pytest
from django.conf import settings
from django.urls import reverse

from yingting.domains.queueing.evidence import SHELF
from yingting.domains.queueing.tables import COUNTER_TIME, STINTS, VISITS
from yingting.domains.selling.evidence import SHELF as SELLING
from yingting.domains.selling.tables import RECOMMENDATIONS
from yingting.foundation.catalogue.calendar import CALENDAR
from yingting.foundation.catalogue.limits import LIMITS
from yingting.foundation.lake.declared import declared
from yingting.foundation.lake.fills import DayState
from yingting.foundation.lake.targets import TARGETS, standards
from yingting.foundation.people.access import actor_for_person
from yingting.foundation.people.models import Person
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sheets import download
from yingting.foundation.sites.models import Hall, Unit
from yingting.indicators.declaring import Unit as Of
from yingting.reporting.boards.places import place_for
from yingting.reporting.boards.shown_rule import BOARDS
from yingting.reporting.hall_report.asking import hall_report
from yingting.reporting.hall_report.computing import SPLIT_INDICATORS
from yingting.reporting.hall_report.contracts import Definition
from yingting.reporting.hall_report.view_model import view_of
from yingting.reporting.periods import Period
from yingting.reporting.question.answering import Asked, answer_of
from yingting.reporting.tests.days import MONDAY, crowd, stint

pytestmark = pytest.mark.django_db
HALLS = ("H01", "H02")
DAYS = tuple(MONDAY + dt.timedelta(days=n) for n in range(8))
SHOWN = {Of.SHARE: 100.0, Of.SECONDS: 1 / 60, Of.MONEY: 1 / 100}  # as the boards' files give values
SEEDS = (2, 11)  # they draw both halls over all days, and H02 over its last two; each costs a good ten seconds
PLACES = {"GD/GZ/TH/": "", "GD/GZ/TH/H01/": "H01", "GD/GZ/TH/H02/": "H02"}


def rule(kind, unit, day, body):
    RuleVersion.objects.update_or_create(
        kind=kind.code, unit=Unit.objects.get(code=unit), valid_from=day, key="",
        defaults={"body": body, "number": 1, "written_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "author_label": "t"},
    )  # fmt: skip


def limits(unit, day, wait, challenge, single, combined):
    minutes = {"wait_min": wait, "challenge_min": challenge, "single_min": single, "combined_min": combined}
    rule(LIMITS, unit, day, minutes)


def rows_of(hall, day, dice):
    """A day with every table: visits with ratings and quotes, counter time, recommendations."""
    visits = [
        row | {
            "rating": dice.choice((None, 3, 4, 5)), "rating_asked": True, "customer": dice.choice("abcdefghij"),
            "quoted_low_min": 5.0, "quoted_high_min": float(dice.randint(6, 20)),
            "issue_minute_local": dice.randint(510, 1020),
        }
        for row in crowd(hall, day, dice.randint(0, 70), dice.randint(0, 999))
    ]  # fmt: skip
    served = [row for row in visits if row["outcome"] == "served"]
    sessions = [
        dict.fromkeys(COUNTER_TIME.schema.names) | {
            "hall": hall, "business_day": day, "session": f"{hall}{day}{counter}", "counter": counter, "clerk": "1001",
            "open_s": 9000.0, "serving_s": 5000.0, "way_s": 500.0, "paused_s": 1500.0, "idle_s": 2000.0,
            "idle_waiting_s": float(dice.randint(0, 2000)),
        }
        for counter in "12"
    ]  # fmt: skip
    recommended = [
        {"hall": hall, "business_day": day, "visit": row["visit"], "clerk": row["clerk"], "stand": "required",
         "is_full": dice.random() < 0.5, "is_late": False, "offered": 4, "accepted": dice.randint(0, 4)}
        for row in served
    ]  # fmt: skip
    return visits, [stint(row) for row in served], sessions, recommended


@pytest.fixture
def lived(request, settings, tmp_path, cast, now):
    """Random days of two halls: H02 has stricter limits and its own calendar from the third day on, H01 other ones always."""
    dice = random.Random(getattr(request, "param", SEEDS[0]))
    first, last = sorted(dice.sample(DAYS, 2))
    path = list(PLACES)[dice.randrange(3)]
    settings.LAKE_DIR = tmp_path / "lake"
    Hall.objects.update(clock_anchor_real=now, clock_anchor_hall=now + dt.timedelta(days=9), clock_speed=0)
    limits("H01", DAYS[0], 12, 9, 4, 6)
    limits("H02", DAYS[2], 5, 4, 2, 3)
    rule(
        TARGETS,
        "H02",
        DAYS[0],
        {"rows": [{"indicator": "queueing.wait_mean", "what": "minimum_sample", "value": 5, "hall_type": ""}]},
    )
    RuleVersion.objects.filter(kind=CALENDAR.code, unit__code="H02").delete()
    rule(
        CALENDAR,
        "H02",
        DAYS[3],
        {"busy_hours": [{"weekdays": ["monday", "friday"], "starts": "09:10", "ends": "11:00"}]},
    )
    rule(BOARDS, "GD", DAYS[0], {"rows": [{"indicator": key} for key in declared()]})
    for hall in HALLS:
        for day in DAYS:
            visits, stints, sessions, recommended = rows_of(hall, day, dice)
            kept = DayState(len(visits), 1, 1)
            with SHELF.lake().fills.writing(hall):
                SHELF.lake().fills.replace(hall, day, kept, {VISITS: visits, STINTS: stints, COUNTER_TIME: sessions})
            with SELLING.lake().fills.writing(hall):
                SELLING.lake().fills.replace(hall, day, kept, {RECOMMENDATIONS: recommended})
    return path, first, last


@pytest.fixture
def get(client, lived, monkeypatch):
    """Return what opens an address about the drawn place and days."""
    monkeypatch.setattr("yingting.reporting.where.FRESH_FOR_S", 10**9)
    client.force_login(Person.objects.get(staff_no="9001"))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    path, first, last = lived

    def call(name, *args, **query):
        return client.get(reverse(f"reporting:{name}", args=args), {"unit": path, "from": first, "to": last, **query})

    return call


def rows_of_file(answer, sheet=0):
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return [[cell.value for cell in row] for row in book[sheet if sheet else book.sheetnames[0]].iter_rows()]


def of_report(get, hall):
    """{key: (value, n)} of the report, and of its sheet with all figures by title, in the files' units."""
    found = json.loads(get("hall-report", hall=hall, format="json").content)
    figures = (found["total"] or found["halls"][0])["figures"]
    rows = rows_of_file(get("hall-report", hall=hall, format="xlsx"), "All figures")
    in_file = {row[2]: (row[4], row[5]) for row in rows if row[0] == (hall or "All halls")}
    return {key: (one["value"], one["n"]) for key, one in figures.items()}, in_file


def of_board(get, path):
    """{key: (value, n)} of the board, and of its file by title, in the files' units."""
    found = {}
    for line in get("board-of", path.rstrip("/")).context["board"].lines:
        told = get("quantile", indicator=line.key).context["line"] if line.pending else line
        found[line.key] = told.now.value, told.now.n
    rows = rows_of_file(get("board-of", path.rstrip("/"), format="xlsx"))
    return found, {row[0]: (row[2], row[3]) for row in rows[1:]}


def of_question(lived, key):
    """(value, n) of the answer, and of its file."""
    path, first, last = lived
    place = place_for(actor_for_person(Person.objects.get(staff_no="9001")), path)
    asked = Asked(declared()[key][0], place, Period(first, last), (), {})
    answer = answer_of(asked, standards(place.halls, last), {}, str)
    rows = rows_of_file(download([answer.sheet], "xlsx", "x"))
    return (answer.total.value, answer.total.n), tuple(rows[1][-2:])


def same(one, other, scale=1.0):
    (value, n), (told, count) = one, other
    return n == count and told == (None if value is None else pytest.approx(value * scale, rel=1e-9, abs=1e-9))


@pytest.mark.parametrize("lived", SEEDS, indirect=True)
@pytest.mark.req("QUE-02")
def test_report_board_question_and_files_say_the_same(lived, get):
    path, _first, _last = lived
    report, report_file = of_report(get, PLACES[path])
    board, board_file = of_board(get, path)
    assert len(report) > 25
    assert {"selling.four_in_one_rate", "queueing.utilisation", "channels.e_share"} <= set(report)
    for key, figure in report.items():
        indicator = declared()[key][0]
        scale = SHOWN.get(indicator.unit, 1.0)
        answer, answer_file = of_question(lived, key)
        assert same(figure, board[key]), key
        assert same(figure, answer), key
        assert same(figure, board_file[str(indicator.title)], scale), key
        assert same(figure, answer_file, 1.0 if indicator.unit is Of.SHARE else scale), key
        if figure[1]:
            assert same(figure, report_file[str(indicator.title)], scale), key


@pytest.mark.req("QUE-03")
def test_busy_and_idle_hours_are_the_same_in_report_and_question(lived, get):
    path, _first, _last = lived
    found = json.loads(get("hall-report", hall=PLACES[path], format="json").content)
    section = found["total"] or found["halls"][0]
    assert min(section[word]["queueing.tickets"]["n"] for word in ("busy", "idle")) > 0
    for one in SPLIT_INDICATORS:
        rows = get("question", indicator=one.key, by="is_busy").context["answer"].rows
        told = {row.labels[0]: (row.reading.value, row.reading.n) for row in rows}
        for word in ("busy", "idle"):
            reading = section[word][one.key]
            assert told.get(word, (reading["value"], 0)) == (reading["value"], reading["n"]), (one.key, word)
    assert (
        sum(section[word]["queueing.tickets"]["n"] for word in ("busy", "idle"))
        == section["figures"]["queueing.tickets"]["n"]
    )


def test_the_report_says_which_limits_were_used(lived, get):
    _path, first, last = lived
    found = json.loads(get("hall-report", format="json").content)["definition"]
    strict_from = max(first, DAYS[2])
    own = {(one["wait_limit_s"], *one["halls"]): (one["first_day"], one["last_day"]) for one in found["judged"]}
    assert found["wait_limit_s"] is None
    assert own[720, "H01"][0] == first.isoformat()
    if last >= DAYS[2]:
        assert own[300, "H02"] == (strict_from.isoformat(), last.isoformat())
    if first < DAYS[2]:
        assert (600, "H02") in own
    page = get("hall-report").content.decode()
    assert "each day of a hall is judged by its own" in page
    assert "wait 12 min (challenge 9 min), service single 4 min, combined 6 min" in page
    assert "Waits within the limit (≤" not in page
    alone = get("hall-report", hall="H01").content.decode()
    assert "Waits within the limit (≤12 min)" in alone


def test_a_hall_that_nobody_knows_is_judged_as_shipped_and_given_switches_are_labelled(lived):
    (_path, first, last) = lived
    plain = hall_report(SHELF.lake(), None, first, last)
    assert [one.terms.wait_limit_s for one in plain.judged] == [600]
    given = hall_report(None, None, first, last, Definition({"wait_limit_s": 60}))
    assert {(one.terms.wait_limit_s, one.terms.single_limit_s) for one in given.judged} >= {(60, 240)}
    assert "given by hand" in view_of(given).rules[0]
    assert "given by hand" not in view_of(plain).rules[0]
    key = "queueing.wait_within_limit"
    assert given.total.figures[key].value < plain.total.figures[key].value
