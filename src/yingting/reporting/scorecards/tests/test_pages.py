"""The pages of scorecards: who may open them, what stands on them, and what their buttons do."""

import csv
import io

import pytest
from openpyxl import load_workbook

from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Unit
from yingting.reporting.scorecards.models import FrozenScore, ScoreCorrection

pytestmark = pytest.mark.django_db
CARD, LIST = "/scorecards/H01/?month=2026-01", "/scorecards/?month=2026-01"


@pytest.fixture
def as_(client, scored):
    """Return a client that is signed in as a member of the cast."""

    def sign_in(staff_no):
        client.force_login(Person.objects.get(staff_no=staff_no))
        return client

    return sign_in


def freeze(client, unit="H01", **more):
    return client.post("/scorecards/freeze/", {"unit": Unit.objects.get(code=unit).pk, "month": "2026-01", **more})


def propose(client, **more):
    about = {"about": "queueing.wait_mean", "what": "value", "amount": "8", "reason": "时钟快了", "month": "2026-01"}
    return client.post("/scorecards/H01/corrections/", about | more)


@pytest.mark.parametrize("address", [CARD, LIST, "/scorecards/H01/again/?month=2026-01"])
def test_strangers_are_sent_to_the_sign_in(client, scored, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Location"].startswith("/sign-in/")) == (302, True)


@pytest.mark.parametrize(("who", "status"), [("1001", 403), ("1201", 200), ("1301", 200), ("9001", 200), ("2001", 404)])
def test_a_card_is_seen_by_who_reads_the_reports_of_the_hall(as_, who, status):
    assert as_(who).get(CARD).status_code == status


def test_the_list_shows_the_halls_in_view_and_no_others(as_):
    assert [row.found.hall.code for row in as_("2001").get(LIST).context["rows"]] == ["H02"]
    assert [row.found.hall.code for row in as_("9001").get(LIST).context["rows"]] == ["H01", "H02"]
    assert as_("1001").get(LIST).status_code == 404


def test_without_a_month_the_last_that_is_over_is_shown_and_nonsense_is_refused(as_):
    client = as_("1201")
    assert str(client.get("/scorecards/H01/").context["month"]) == "2026-01"
    assert client.get("/scorecards/H01/?month=2026-02").context["is_running"]
    assert client.get("/scorecards/H01/?month=2026-13").status_code == 422


@pytest.mark.req("SAT-05")
def test_a_card_says_value_sample_points_weights_and_why(as_):
    page = as_("1201").get(CARD)
    view = page.context["view"]
    (wait,) = view.parts[0].lines
    assert (wait.value, wait.n, wait.by, wait.points, wait.bar) == (
        "14.0 分钟",
        40,
        "20.0 分钟 → 0，8.0 分钟 → 100",
        "50.0",
        50,
    )
    assert (wait.target, wait.weight, wait.counts, wait.adds, wait.owner) == ("10.0 分钟", "40", "50", "25.0", "服务部")
    (sold,) = view.parts[2].lines
    assert (sold.points, sold.why, sold.is_service) == ("未评", "没有数据。", False)
    assert (view.points, view.rated, view.service, view.service_counts, view.is_balanced) == (
        "50.0",
        "80",
        "80",
        "100",
        True,
    )
    assert [(one.limit, one.value, one.word) for one in view.gates] == [("≤ 10.0 分钟", "14.0 分钟", "未达标")]
    assert page.context["form"] is None
    rows = as_("1201").get(wait.address)
    assert (rows.status_code, len(rows.context["listing"].rows)) == (200, 40)


def test_the_list_is_sorted_by_any_column_with_unrated_halls_last(as_):
    client = as_("9001")
    for order, codes in (
        ("points", ["H01", "H02"]),
        ("-points", ["H01", "H02"]),
        ("-hall", ["H02", "H01"]),
        ("x", ["H01", "H02"]),
    ):
        assert [row.found.hall.code for row in client.get(f"{LIST}&sort={order}").context["rows"]] == codes, order


def test_the_list_is_handed_out_as_csv_and_workbook(as_):
    client = as_("9001")
    answer = client.get(f"{LIST}&format=csv")
    head, own, other = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert answer["Content-Disposition"] == 'attachment; filename="scorecards-2026-01.csv"'
    assert dict(zip(head, own, strict=True))["得分"] == "50.0"
    assert (other[0], dict(zip(head, other, strict=True))["得分"]) == ("H02", "")
    sheet = load_workbook(io.BytesIO(client.get(f"{LIST}&format=xlsx").content)).active
    assert [cell.value for cell in sheet[2]][:4] == ["H01", "天河路营业厅", "2026-01", 50]


@pytest.mark.parametrize("who", ["1201", "1301"])
def test_who_may_not_freeze_sees_no_button_and_is_refused(as_, who):
    client = as_(who)
    assert "/scorecards/freeze/" not in client.get(CARD).content.decode() + client.get(LIST).content.decode()
    assert freeze(client).status_code == 409
    assert not FrozenScore.objects.exists()


def test_freezing_computing_again_and_correcting(as_):
    client = as_("9001")
    assert "/scorecards/freeze/" in client.get(CARD).content.decode()
    assert freeze(client, hall="H01")["Location"] == CARD
    assert freeze(client).status_code == 409
    assert client.get("/scorecards/H01/again/?month=2026-01").context["replay"].is_same
    assert propose(as_("1301"))["Location"] == CARD
    row = ScoreCorrection.objects.get()
    answer = {"answer": "confirm", "month": "2026-01", "note": "已核对"}
    assert as_("1301").post(f"/scorecards/H01/corrections/{row.pk}/", answer).status_code == 403
    assert as_("9001").post(f"/scorecards/H01/corrections/{row.pk}/", answer)["Location"] == CARD
    view = client.get(CARD).context["view"]
    assert (view.points, view.corrected, view.parts[0].corrected) == ("50.0", "75.0", "100.0")
    (listed, _other) = client.get(LIST).context["rows"]
    assert (listed.points, listed.state) == ("75.0", "corrected")


def test_nothing_is_computed_again_or_corrected_before_it_is_frozen(as_):
    client = as_("9001")
    assert client.get("/scorecards/H01/again/?month=2026-01").status_code == 409
    assert propose(client).status_code == 409
    freeze(client)
    assert propose(client, amount="eight").status_code == 422
    assert propose(as_("2001")).status_code == 404
    assert propose(as_("1201")).status_code == 403
    assert not ScoreCorrection.objects.exists()
