"""The pages: who sees which hall, the report in the browser, and the import in two steps."""

import datetime as dt
import hashlib
import json
import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from yingting.foundation.journal.models import Fact
from yingting.foundation.people.models import Person
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Hall
from yingting.reporting.tests.logs import ZH_ROWS, take, write, zh_log
from yingting.reporting.where import lake as own_lake

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    monkeypatch.setattr(settings, "LAKE_DIR", tmp_path / "lake")


@pytest.fixture
def signed_in(cast, client):
    def call(staff_no):
        client.force_login(Person.objects.get(staff_no=staff_no))
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return call


@pytest.fixture
def two_halls(cast, tmp_path):
    log = write(tmp_path / "a.csv", zh_log())
    for hall in ("H01", "H02", "NOWHERE"):
        take(own_lake(), log, hall=hall)


@pytest.mark.parametrize("page", ["/report/", "/report/import/"])
def test_nobody_reads_or_imports_without_signing_in(client, cast, page):
    assert client.get(page).headers["Location"].startswith("/sign-in/")


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize(("staff_no", "seen"), [("1201", {"H01"}), ("2001", {"H02"}), ("9001", {"H01", "H02"})])
def test_each_person_sees_the_report_of_its_own_halls_only(signed_in, two_halls, staff_no, seen):
    found = json.loads(signed_in(staff_no).get("/report/?format=json").content)
    assert {one["hall"] for one in found["halls"]} == seen


@pytest.mark.parametrize("page", ["/report/", "/report/import/"])
def test_a_clerk_without_the_permission_is_refused(signed_in, two_halls, page):
    assert signed_in("1001").get(page).status_code in (403, 404)


def test_a_hall_outside_the_scope_does_not_even_exist(signed_in, two_halls):
    for hall in ("H02", "NOWHERE", "../x"):
        for form in ("", "&format=json", "&format=xlsx", "&format=html"):
            assert signed_in("1201").get(f"/report/?hall={hall}{form}").status_code == 404


def test_the_report_page_shows_figures_rules_and_downloads(signed_in, two_halls):
    client = signed_in("9001")
    page = client.get("/report/").content.decode()
    assert "Waits within the limit (≤10 min)" in page
    assert "A transfer does not restart the wait." in page
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page)
    assert " style=" not in page
    assert "NOWHERE" not in page
    assert '<a href="?hall=H01">H01</a>' in page
    book = client.get("/report/?hall=H01&format=xlsx")
    assert (book.status_code, book.content[:2]) == (200, b"PK")
    assert "attachment" in client.get("/report/?format=html").headers["Content-Disposition"]


def test_a_hall_is_judged_by_its_own_limits_and_busy_hours(signed_in, two_halls):
    RuleVersion.objects.create(
        kind="service.limits", unit=Hall.objects.get(code="H01").unit, number=1, valid_from=dt.date(2020, 1, 1), author_label="t",
        body={"wait_min": 5, "challenge_min": 3}, written_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
    )  # fmt: skip
    busy = [{"weekdays": ["monday", "tuesday"], "starts": "09:00", "ends": "09:02"}]
    RuleVersion.objects.filter(kind="service.calendar", unit__code="H01").update(body={"busy_hours": busy})
    found = json.loads(signed_in("1201").get("/report/?format=json").content)
    assert found["definition"]["wait_limit_s"] == 300
    assert found["definition"]["busy"] == [{"weekdays": [0, 1], "from_minute": 540, "to_minute": 542}]
    assert found["halls"][0]["busy"]["queueing.tickets"]["n"] == 2


def test_an_empty_period_and_a_wrong_date_are_told(signed_in, two_halls):
    empty = signed_in("1201").get("/report/?from=2020-01-01&to=2020-01-02")
    assert (empty.status_code, "There are no tickets" in empty.content.decode()) == (200, True)
    assert signed_in("1201").get("/report/?from=soon").status_code == 422
    assert signed_in("1201").get("/report/?from=2026-02-02&to=2026-02-01").status_code == 422


def upload(client, content, **more):
    fields = {"step": "check", "preset": "queue-machine-zh", "hall": "H01", **more}
    file = SimpleUploadedFile("log.csv", content if isinstance(content, bytes) else content.encode())
    return client.post("/report/import/", {**fields, "file": file})


def held_in(page):
    return re.search(r'name="held" value="([^"]+)"', page.content.decode()).group(1)


def test_an_import_is_checked_first_and_taken_on_agreement(signed_in):
    client = signed_in("1301")
    checked = upload(client, zh_log().encode("gbk"))
    assert checked.status_code == 200
    assert "Checked only" in checked.content.decode()
    assert own_lake().records() == ()
    taken = client.post("/report/import/", {"step": "take", "held": held_in(checked)})
    assert "5 tickets taken." in taken.content.decode()
    assert own_lake().halls() == ("H01",)
    assert own_lake().records()[0].file == "log.csv"
    assert not list((settings.DATA_DIR / "uploads").iterdir())
    assert "imported before" in upload(client, zh_log().encode("gbk")).content.decode()
    (fact,) = Fact.objects.filter(kind="log.imported")
    assert (fact.actor_label, fact.actor, fact.version) == ("1301", Person.objects.get(staff_no="1301").pk, 1)
    assert fact.data == {
        "digest": hashlib.sha256(zh_log().encode("gbk")).hexdigest(), "file": "log.csv", "source": "queue-machine-zh",
        "halls": ["H01"], "first_day": "2026-02-02", "last_day": "2026-02-02", "rows": 5, "taken": 5, "repeated": 0,
        "bad": 0, "dropped": 0,
    }  # fmt: skip


def test_bad_rows_are_listed_and_only_the_good_ones_taken_when_asked(signed_in):
    client = signed_in("1301")
    checked = upload(client, zh_log(*ZH_ROWS, "A9,缴费,<b>昨天</b>,,,,,,弃号"))
    page = checked.content.decode()
    assert "&lt;b&gt;昨天&lt;/b&gt;" in page
    assert "<td>取号时间</td>" in page
    held = held_in(checked)
    refused = client.post("/report/import/", {"step": "take", "held": held})
    assert "Nothing was taken" in refused.content.decode()
    assert own_lake().records() == ()
    assert not Fact.objects.filter(kind="log.imported").exists()
    taken = client.post("/report/import/", {"step": "take", "held": held, "take_good": "on"})
    assert "5 tickets taken." in taken.content.decode()


def test_nobody_imports_into_a_hall_of_others_or_takes_anothers_upload(signed_in):
    client = signed_in("1301")
    assert upload(client, zh_log(), hall="H02").status_code == 404
    assert upload(client, zh_log(), hall="").status_code == 422
    log = "hall,ticket,issued_at,called_at\nH02,1,2026-02-02 09:00,\n"
    assert upload(client, log, preset="queue-machine-en", hall="").status_code == 422
    held = held_in(upload(client, zh_log()))
    other = signed_in("9001").post("/report/import/", {"step": "take", "held": held})
    assert other.status_code == 410
    assert own_lake().records() == ()


@pytest.mark.parametrize(
    ("content", "more", "status", "told"),
    [
        (b"", {}, 422, "The file is empty."),
        (b"%PDF-1.4", {}, 422, "a PDF document"),
        (zh_log(), {"preset": ""}, 422, "Choose a preset"),
        (zh_log(), {"preset": "nothing"}, 404, "There is no preset"),
        (zh_log(), {"preset": "", "mapping": SimpleUploadedFile("m.toml", b"[")}, 422, "not valid TOML"),
    ],
)
def test_an_upload_that_cannot_be_read_is_told_and_not_kept(signed_in, content, more, status, told):
    found = upload(signed_in("1301"), content, **more)
    assert (found.status_code, told in found.content.decode()) == (status, True)
    assert not list((settings.DATA_DIR / "uploads").glob("*/log"))


def test_an_oversized_upload_is_told_in_megabytes(signed_in, monkeypatch):
    monkeypatch.setattr(settings, "UPLOAD_LIMIT_MB", 1)
    found = upload(signed_in("1301"), b"x" * (1 << 20) + b"y")
    assert (found.status_code, "larger than 1 MB" in found.content.decode()) == (413, True)


def test_an_own_mapping_file_may_be_given(signed_in):
    mapping = SimpleUploadedFile("m.toml", '[columns]\nticket = "号码"\nissued_at = "取号时间"\n'.encode())
    found = upload(signed_in("1301"), zh_log(), preset="", mapping=mapping)
    assert "Checked only" in found.content.decode()


def test_a_forged_or_missing_upload_id_is_gone(signed_in):
    for held in ("", "../../etc", "0" * 32):
        assert signed_in("1301").post("/report/import/", {"step": "take", "held": held}).status_code == 410
    assert signed_in("1301").post("/report/import/", {"step": "check"}).status_code == 422
