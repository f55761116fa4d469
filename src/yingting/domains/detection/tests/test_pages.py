"""Who may open the pages of detection, and what they show."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
from django_tasks_db.models import DBTaskResult

from yingting.domains.detection import jobs
from yingting.domains.detection.actions import asking
from yingting.domains.detection.actions.alarming import look_at_staff_numbers
from yingting.domains.detection.actions.looking import look_over
from yingting.domains.detection.models import Batch, HotIssue, Look, SuggestionModel
from yingting.domains.detection.queries.standouts import is_looked_over
from yingting.domains.detection.tests.conftest import H01
from yingting.domains.detection.tests.test_looking import SAME
from yingting.domains.detection.views import pages
from yingting.foundation.people.models import Person
from yingting.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db
LISTS = ("/detection/alarms/", "/detection/hot/", "/detection/batches/", "/detection/model/")


def sign_in(client, staff_no):
    client.force_login(Person.objects.get(staff_no=staff_no))


@pytest.fixture
def found(complaints, now):
    """An alarm about 1001, a surge and a batch, all in one hall."""
    for _n in range(3):
        complaints.about("1001", now)
    for text in SAME * 3:
        complaints.about(None, now, text=text, category="network.broadband")
    look_at_staff_numbers(actor=SYSTEM, now=now)
    look_over(last=now.date(), actor=SYSTEM, now=now)
    return SimpleNamespace(
        issue=HotIssue.objects.filter(unit__path=H01).first().pk, above=HotIssue.objects.filter(unit__path="GD/").first().pk,
        batch=Batch.objects.get(size=9).pk,
    )  # fmt: skip


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize(("who", "status"), [(None, 302), ("1001", 403), ("2001", 403), ("1301", 200), ("9001", 200)])
def test_lists_are_for_those_who_supervise_cases(client, cast, address, who, status):
    if who:
        sign_in(client, who)
    assert client.get(address).status_code == status


@pytest.mark.parametrize(
    ("who", "own", "above"),
    [(None, 302, 302), ("1001", 403, 403), ("2001", 403, 403), ("1301", 200, 404), ("9001", 200, 200)],
)
def test_an_issue_and_a_batch_are_for_those_whose_cases_they_are(client, found, who, own, above):
    if who:
        sign_in(client, who)
    addresses = (
        f"/detection/hot/{found.issue}/",
        f"/detection/batches/{found.batch}/",
        f"/detection/hot/{found.above}/",
    )
    assert [client.get(address).status_code for address in addresses] == [own, own, above]


def test_what_was_found_is_on_the_pages_and_no_text_is(client, found):
    sign_in(client, "9001")
    shown = {address: client.get(address).content.decode() for address in LISTS[:3]}
    assert "1001" in shown[LISTS[0]]
    assert "TH-20260105-001" in shown[LISTS[0]]
    assert "宽带故障" in shown[LISTS[1]]
    assert "9 条" in shown[LISTS[2]]
    assert not any("断网" in page for page in shown.values())


@pytest.mark.parametrize(
    ("who", "status", "asked"), [(None, 302, 0), ("1001", 403, 0), ("2001", 403, 0), ("1301", 302, 1)]
)
def test_a_look_on_demand_is_the_workers_work(client, cast, who, status, asked):
    if who:
        sign_in(client, who)
    assert client.post("/detection/look/").status_code == status
    assert DBTaskResult.objects.count() == asked


@pytest.mark.parametrize(
    ("who", "unit", "status", "asked"),
    [
        (None, "GD/", 302, 0),
        ("1301", H01, 403, 0),
        ("9001", "GD/", 403, 0),
        ("9901", "GD/", 302, 1),
        ("9901", "XX/", 404, 0),
    ],
)
def test_learning_on_demand_asks_for_the_right_to_configure(client, cast, who, unit, status, asked):
    if who:
        sign_in(client, who)
    assert client.post("/detection/model/teach/", {"unit": unit}).status_code == status
    assert DBTaskResult.objects.count() == asked


@pytest.mark.parametrize(("who", "status"), [(None, 302), ("2001", 404), ("1001", 200), ("1301", 200)])
def test_suggestions_are_for_those_who_register_or_handle_there(client, cast, monkeypatch, who, status):
    monkeypatch.setattr(pages, "suggest", lambda _text, _unit, _day: [("network.broadband", 0.81), ("fees.bill", 0.1)])
    if who:
        sign_in(client, who)
    answer = client.post("/cases/suggest/", {"unit": H01, "text": "宽带断网"})
    assert answer.status_code == status
    if status == 200:
        page = answer.content.decode()
        assert 'name="suggested" value="network.broadband"' in page
        assert 'data-take-category="fees.bill"' in page
        assert "81.0%" in page
        assert "断网" not in page


@pytest.mark.parametrize(("who", "status"), [("2001", 404), ("1001", 200)])
def test_a_suggestion_for_a_case_is_made_from_its_own_words_for_who_sees_it(
    client, complaints, monkeypatch, now, who, status
):
    case, asked = complaints.about(None, now, text="宽带断网"), []
    monkeypatch.setattr(pages, "suggest", lambda text, unit, _day: asked.append((text, unit)) or [("fees.bill", 0.7)])
    sign_in(client, who)
    answer = client.post("/cases/suggest/", {"case": str(case), "text": "别的", "unit": "GD/"})
    assert (answer.status_code, asked) == (status, [("宽带断网", H01)] if status == 200 else [])
    assert "宽带" not in answer.content.decode()


def test_both_screens_of_cases_ask_for_suggestions_and_set_nothing_by_themselves(client, complaints, now):
    case = complaints.about(None, now, category="")
    sign_in(client, "9001")
    for page in ("/cases/new/", f"/cases/{case}/"):
        text = client.get(page).content.decode()
        assert 'hx-post="/cases/suggest/"' in text, page
        assert "detection/suggest.js" in text, page
    sign_in(client, "1001")
    assert "/cases/suggest/" not in client.get(f"/cases/{case}/").content.decode()  # not hers to classify


def test_where_nothing_may_be_suggested_the_fragment_is_empty(client, cast):
    sign_in(client, "1001")
    assert client.post("/cases/suggest/", {"unit": H01, "text": "宽带断网"}).content.strip() == b""


def test_the_web_process_starts_without_the_heavy_libraries():
    code = (
        "import sys, django; django.setup(); import yingting.web.urls, yingting.web.wsgi; "
        "print(sorted({'scipy', 'sklearn', 'datasketch'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.strip() == "[]"


def test_the_worker_looks_once_a_day_by_itself_and_whenever_somebody_asks(cast, actor_of, now):
    assert [jobs.ask_for_a_look(), jobs.ask_for_a_look()] == [True, True]
    asked = [row.args_kwargs["args"] for row in DBTaskResult.objects.all()]
    asking.ask_for_look(last=now.date(), actor=actor_of("9901"), now=now)
    asked.append(DBTaskResult.objects.order_by("-enqueued_at")[0].args_kwargs["args"])
    for one in asked:
        asking.look_over_cases.call(*one)
    assert sorted(Look.objects.values_list("by_label", flat=True)) == ["9901", "system"]
    assert not is_looked_over(jobs.local_day(jobs.house_now()))


def test_the_worker_learns_for_who_asked_and_by_itself_only_when_due(cast, now):
    administrator = str(cast.people["9901"])
    asking.learn_categories.call("GD/", "", now.isoformat())
    assert SuggestionModel.objects.count() == 0
    asking.learn_categories.call("GD/", administrator, now.isoformat())
    assert SuggestionModel.objects.values_list("by_label", "verdict").get() == ("9901", "few_cases")
    assert jobs.ask_to_learn_anew() == 1  # the year of the tests is over
