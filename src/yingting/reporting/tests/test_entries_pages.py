"""The pages of entered figures and baselines: who opens which, what is entered through them, what they hand out."""

import datetime as dt
from dataclasses import replace

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from yingting.foundation.lake.figures.entering import FigureOrder, enter_figure
from yingting.foundation.lake.figures.kinds import ENTERED, SHIPPED, AnnualTarget
from yingting.foundation.lake.models import Baseline, FigureEntry
from yingting.foundation.lake.place import own_lake
from yingting.foundation.people.models import Person
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.kernel.clocks import system_now
from yingting.reporting.tests.days import MONDAY, put, visit

pytestmark = pytest.mark.django_db
HALL = "GD/GZ/TH/H01/"
FIGURE = f"/figures/entry/?unit={HALL}&indicator=cost.running&period=2026-01"


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    monkeypatch.setattr(settings, "LAKE_DIR", tmp_path / "lake")


@pytest.fixture
def signed_in(cast, client):
    def call(staff_no, language="en"):
        client.force_login(Person.objects.get(staff_no=staff_no))
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client

    return call


@pytest.fixture
def baseline(cast, signed_in):
    """A baseline of both halls: waits of 600 s on Monday."""
    for hall, day, wait in (("H01", 0, 600.0), ("H02", 0, 500.0), ("H01", 1, 300.0), ("H02", 1, 490.0)):
        rows = [visit(hall, MONDAY + dt.timedelta(days=day), n, wait_s=wait + n) for n in range(1, 41)]
        put(own_lake(), hall, MONDAY + dt.timedelta(days=day), rows)
    signed_in("9001").post("/baselines/new/", BASELINE | {"halls": ["H01"]})
    signed_in("9001").post("/baselines/new/", BASELINE | {"halls": ["H01", "H02"]})
    return {len(row.content.split('"halls":[')[1].split("]")[0].split(",")): row.pk for row in Baseline.objects.all()}


BASELINE = {
    "title": "窗口调整", "measure": "上午增开两个台席", "from": "2026-01-05", "to": "2026-01-05",
    "items": ["queueing.wait_mean:", "queueing.wait_median:"],
}  # fmt: skip

# Clerk, duty manager of H01, hall manager of H01, duty manager of H02, manager and administrator of the province.
WHO = ("1001", "1201", "1301", "2001", "9001", "9901")
PAGES = {
    "/figures/": (403, 200, 200, 200, 200, 200),
    f"/figures/?unit={HALL}&month=2026-01": (403, 200, 200, 404, 200, 200),
    "/figures/?unit=GD/GZ/": (403, 404, 404, 404, 200, 200),
    FIGURE: (403, 200, 200, 404, 200, 200),
    "/figures/import/": (403, 403, 200, 403, 200, 200),
    f"/figures/export/?unit={HALL}": (403, 200, 200, 404, 200, 200),
    "/baselines/": (403, 200, 200, 200, 200, 200),
    "/baselines/new/": (403, 403, 200, 403, 200, 200),
    "/baselines/declare/": (403, 403, 200, 403, 200, 200),
    "one": (404, 200, 200, 404, 200, 200),
    "both": (404, 404, 404, 404, 200, 200),
}


def test_each_page_opens_for_whom_it_is_meant(client, signed_in, baseline):
    address = {page: page for page in PAGES} | {
        "one": f"/baselines/{baseline[1]}/",
        "both": f"/baselines/{baseline[2]}/",
    }
    found = {page: [] for page in PAGES}
    for who in WHO:
        visitor = signed_in(who)
        for page in PAGES:
            found[page].append(visitor.get(address[page]).status_code)
    assert {page: tuple(codes) for page, codes in found.items()} == PAGES
    client.logout()
    for page in PAGES:
        assert client.get(address[page]).headers["Location"].startswith("/sign-in/")


def test_a_reader_sees_the_history_and_no_form_and_cannot_post(signed_in):
    client = signed_in("1201")
    assert 'name="value"' not in client.get(FIGURE).content.decode()
    assert client.post(FIGURE, {"value": "1", "source": "x", "read": "0"}).status_code == 403
    for who, status in (("1001", 403), ("2001", 404)):
        assert signed_in(who).post(FIGURE, {"value": "1", "source": "x", "read": "0"}).status_code == status
    assert not FigureEntry.objects.exists()
    for page in ("/baselines/new/", "/baselines/declare/"):
        assert signed_in("1201").post(page, BASELINE).status_code == 403
    file = SimpleUploadedFile("a.csv", b"indicator,unit,period,value,source\ncost.running,H01,2026-01,1,x\n")
    assert signed_in("1201").post("/figures/import/", {"file": file}).status_code == 403
    assert not Baseline.objects.exists()
    assert not FigureEntry.objects.exists()


@pytest.mark.req("RPT-09")
def test_a_figure_is_entered_corrected_and_its_history_shown(signed_in):
    client = signed_in("1301")
    assert client.post(FIGURE, {"value": "1,234.50", "source": "财务月报", "read": "0"}).status_code == 302
    refused = client.post(FIGURE, {"value": "abc", "source": "财务月报 2", "read": "1"})
    assert refused.status_code == 422
    assert "“abc” is no number" in refused.content.decode()
    assert 'value="财务月报 2"' in refused.content.decode()
    assert client.post(FIGURE, {"value": "1300", "source": "https://example.org/2", "read": "0"}).status_code == 409
    assert client.post(FIGURE, {"value": "1300", "source": "https://example.org/2", "read": "1"}).status_code == 302
    page = client.get(FIGURE).content.decode()
    assert page.index("¥1,300.00") < page.index("¥1,234.50")
    assert '<a href="https://example.org/2"' in page
    assert [row.amount for row in FigureEntry.objects.order_by("number")] == [123450, 130000]


@pytest.mark.parametrize(
    "query",
    ["indicator=none&period=2026-01", "indicator=cost.running&period=soon", "indicator=cost.running&period=2026"],
)
def test_an_address_that_names_no_figure_is_answered_in_words(signed_in, query):
    assert signed_in("1301").get(f"/figures/entry/?unit={HALL}&{query}").status_code == 422
    assert signed_in("1301").get(f"/figures/?unit={HALL}&month=soon").status_code == 422


@pytest.mark.req("RPT-10", "SAT-05")
def test_the_page_of_a_unit_shows_owner_target_and_competitors_beside_ours(signed_in, actor_of):
    unit = Unit.objects.get(code="GZ")
    body = as_body(ENTERED, replace(SHIPPED, targets=(AnnualTarget("market.share", 2026, 35.0),)))
    RuleVersion.objects.create(
        kind=ENTERED.code,
        unit=unit,
        key="",
        number=1,
        valid_from=dt.date(2026, 1, 1),
        body=body,
        written_at=system_now(),
    )
    for competitor, value in (("", "34.5"), ("mobile", "41.2"), ("unicom", "24.3"), ("telecom", "34.5")):
        order = FigureOrder("market.share", unit, "2026-Q1", value, "第三方调查", competitor)
        enter_figure(order, actor=actor_of("9001"), now=system_now())
    page = signed_in("9001").get("/figures/?unit=GD/GZ/&month=2026-02").content.decode()
    row = " ".join(page[page.index("Market share") : page.index("Resource coverage")].split())
    for words in ("市场部", "2026-Q1", "34.5 %", "35.0 %", "target missed", "第三方调查"):
        assert words in row
    assert [row.count(words) for words in ("we are ahead", "level", "we are behind")] == [1, 1, 1]
    assert "not entered" in page[page.index("Resource coverage") :]
    assert "Running costs of the hall" not in page  # entered for halls


def test_the_page_of_a_hall_shows_its_cost_per_ticket(signed_in, actor_of):
    day = dt.date(2026, 1, 5)
    put(own_lake(), "H01", day, [visit("H01", day, n) for n in range(1, 9)])
    client = signed_in("1301")
    assert "not rated" in client.get(f"/figures/?unit={HALL}&month=2026-01").content.decode()
    client.post(FIGURE, {"value": "100", "source": "财务月报", "read": "0"})
    page = client.get(f"/figures/?unit={HALL}&month=2026-01").content.decode()
    assert "¥12.50" in page
    assert "n = 8" in page


def test_what_is_exported_can_be_imported_again(signed_in):
    client = signed_in("9001")
    for value, read in (("100", "0"), ("101.5", "1")):
        client.post(FIGURE, {"value": value, "source": "财务月报", "note": "=1+1", "read": read})
    everything = client.get(f"/figures/export/?unit={HALL}&format=csv").content
    assert (
        everything.decode("utf-8-sig")
        .splitlines()[1]
        .startswith("cost.running,GD/GZ/TH/H01/,2026-01,,101.50,财务月报,'=1+1,2,刘洋,")
    )
    assert len(everything.splitlines()) == 3
    book = client.get(f"/figures/export/?unit={HALL}&format=xlsx&only=counting").content
    taken = client.post("/figures/import/", {"file": SimpleUploadedFile("again.xlsx", book)})
    assert (taken.status_code, FigureEntry.objects.count()) == (200, 2)


def test_a_file_with_bad_rows_shows_each_and_takes_the_good_ones_when_asked(signed_in):
    text = "指标,单位,周期,数值,来源\ncost.running,H01,2026-01,100,财务月报\ncost.running,H01,2026-02,一百,财务月报\n"
    client = signed_in("1301")

    def send(**more):
        return client.post("/figures/import/", {"file": SimpleUploadedFile("a.csv", text.encode("gb18030")), **more})

    refused = send()
    assert refused.status_code == 422
    assert "“一百” is no number" in refused.content.decode()
    assert not FigureEntry.objects.exists()
    assert send(take_good="on").status_code == 200
    assert FigureEntry.objects.get().amount == 10000
    assert client.post("/figures/import/", {}).status_code == 422


# ------------------------------------------------------------------------------------------------ baselines
@pytest.mark.req("QUE-05", "IMP-06")
def test_a_baseline_is_taken_and_compared_on_its_page_and_as_a_file(signed_in, baseline):
    client = signed_in("9001")
    page = " ".join(client.get(f"/baselines/{baseline[1]}/").content.decode().split())
    assert 'value="2026-01-06"' in page  # the day after the baseline, as many days
    for words in ("10.3 min", "5.3 min", "−5.0 min", "better", "no interval", "1 hall of the same type without"):
        assert words in page
    table = client.get(f"/baselines/{baseline[1]}/?from=2026-01-06&to=2026-01-07&format=csv").content.decode(
        "utf-8-sig"
    )
    head, wait, median = table.splitlines()
    assert wait.split(",")[1:8] == ["Mean wait", "seconds", "620.5", "40", "320.5", "40", "-300.0"]
    assert (wait.split(",")[11], wait.split(",")[12]) == ("-10.0", "-290.0")
    assert median.split(",")[7:11] == ["-300.0", "", "", "no interval"]
    assert len(head.split(",")) == len(wait.split(",")) == 16


def test_a_later_period_that_ends_before_it_begins_is_refused(signed_in, baseline):
    answer = signed_in("9001").get(f"/baselines/{baseline[1]}/?from=2026-01-07&to=2026-01-06")
    assert answer.status_code == 422


def test_what_was_typed_stays_when_no_baseline_comes_of_it(signed_in):
    client = signed_in("1301")
    page = client.post("/baselines/new/", BASELINE | {"halls": ["H01"], "measure": "", "from": "2026-01-04"})
    assert page.status_code == 422
    text = page.content.decode()
    for words in ('value="窗口调整"', 'value="2026-01-04"', 'value="H01" checked', "Give the baseline a title"):
        assert words in text
    chosen = text[text.index('value="queueing.wait_median:"') :]
    assert "checked" in chosen[: chosen.index(">")]
    for wrong in ({"items": ["queueing.wait_mean:tuesday"]}, {"from": "yesterday"}, {"halls": ["H02"]}):
        assert client.post("/baselines/new/", BASELINE | {"halls": ["H01"]} | wrong).status_code in (404, 422)
    assert not Baseline.objects.exists()


@pytest.mark.req("QUE-05")
def test_declared_values_begin_with_those_that_the_requirement_names(signed_in):
    client = signed_in("1301")
    page = client.get("/baselines/declare/?template=named").content.decode()
    assert [f'value="{value}"' in page for value in ("30", "15", "3", "10")] == [True] * 4
    told = {
        "title": "改进前", "measure": "三级分流", "halls": ["H01"], "source": "改进方案",
        "item": ["queueing.wait_mean:busy", "queueing.handling_mean:combined", ""], "value": ["30", "10", ""],
    }  # fmt: skip
    assert client.post("/baselines/declare/", told).status_code == 302
    page = client.get(f"/baselines/{Baseline.objects.get().pk}/").content.decode()
    for words in ("30.0 min", "10.0 min", "改进方案", "declared", "Mean wait · busy hours"):
        assert words in page
    for wrong, words in (
        ({"value": ["x", "", ""]}, "“x” is no number"),
        ({"source": " "}, "Say where the declared values"),
    ):
        answer = client.post("/baselines/declare/", told | wrong)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert Baseline.objects.count() == 1
