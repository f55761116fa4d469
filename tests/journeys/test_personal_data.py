"""Personal data and proof in a real browser: a value is revealed and hides itself, auditors read it, proof comes in."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from tests.journeys.looking import looked_at, serious

from yingting.foundation.evidence.models import Proof
from yingting.foundation.evidence.subjects import SUBJECTS
from yingting.foundation.evidence.tests.files import PDF, WAV, photo
from yingting.foundation.evidence.tests.records import RECORD
from yingting.foundation.privacy.holders import HOLDERS
from yingting.foundation.privacy.models import Disclosure
from yingting.foundation.privacy.rules_in_force import REVEALS
from yingting.foundation.privacy.tests.records import Client, table_of
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.kernel.clocks import system_now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = {"1366": (1366, 768), "360": (360, 780)}


@pytest.fixture
def customers(committed_cast, monkeypatch):
    monkeypatch.setattr(
        HOLDERS, "_paths", {**HOLDERS._paths, "yingting.foundation.privacy.tests.records:CLIENTS": None}
    )
    monkeypatch.setattr(HOLDERS, "_things", None)
    now = system_now()
    body = {
        "reasons": [{"code": "callback", "name": "回访或联系客户", "name_en": "To call the customer back"}],
        "shown_s": 5,
    }
    RuleVersion.objects.create(
        kind=REVEALS.code, unit=Unit.objects.get(code="GD"), number=1, valid_from=now.date() - dt.timedelta(days=1), body=body,
        written_at=now,
    )  # fmt: skip
    with table_of(Client):
        old = now - dt.timedelta(days=1300)
        for n in range(3):
            Client.objects.create(
                number=f"T2026-000{n}", phone="138 1234 5678", name="王芳", closed_at=old if n else None
            )
        yield list(Client.objects.order_by("number"))


def every_look(page_of, staff_no, path, name):
    """The page at both sizes in both languages: nothing serious, nothing wider than its screen."""
    for language in ("zh-hans", "en"):
        for size, pixels in SIZES.items():
            page = page_of(staff_no, path, language=language, size=pixels)
            assert looked_at(page, f"{name}-{language[:2]}-{size}") == [], (name, language, size)


def test_a_value_is_revealed_with_a_reason_hides_itself_and_is_on_the_auditors_page(page_of, customers):
    first = customers[0]
    address = f"/personal-data/value/tests.client/{first.pk}/phone/"
    page = page_of("1301", address, size=SIZES["1366"])
    assert looked_at(page, "value-ask-1366") == []
    expect(page.locator(".personal").first).to_contain_text("138****5678", use_inner_text=True)
    page.select_option("#why-reason", "callback")
    page.fill("#why-note", "回访投诉处理结果，另号13900139000")
    page.click(".personal .btn-primary")
    page.wait_for_selector(".personal-revealed")
    expect(page.locator(".personal output").first).to_have_text("138 1234 5678", use_inner_text=True)
    assert looked_at(page, "value-revealed-1366") == []
    page.wait_for_selector(".personal-revealed", state="detached")
    expect(page.locator(".personal").first).to_contain_text("138****5678", use_inner_text=True)
    assert Disclosure.objects.count() == 1
    page.set_viewport_size({"width": 360, "height": 780})
    page.click(".personal .btn")
    page.wait_for_selector(".personal-asking")
    assert looked_at(page, "value-ask-360") == []
    page.click(".personal-asking button[type=button]")
    page.wait_for_selector(".personal-asking", state="detached")

    every_look(page_of, "9901", "/personal-data/records/", "records")
    audit = page_of("9901", "/personal-data/records/", size=SIZES["1366"])
    expect(audit.locator("table").first).to_contain_text("139****9000", use_inner_text=True)
    audit.click("summary")
    assert looked_at(audit, "records-export-1366") == []


def test_a_value_is_revealed_without_scripts_too(page_of, customers):
    page = page_of("1301", f"/personal-data/value/tests.client/{customers[0].pk}/name/", java_script_enabled=False)
    page.select_option("#why-reason", "callback")
    page.fill("#why-note", "核对姓名")
    page.click(".personal .btn-primary")
    expect(page.locator(".personal output").first).to_have_text("王芳", use_inner_text=True)
    page.wait_for_selector(".personal-asking")  # the page goes back by itself


def test_what_is_due_held_and_erased_is_seen_and_a_customer_is_found(page_of, customers):
    page = page_of("9901", "/personal-data/person/", size=SIZES["1366"])
    page.fill("[name=value]", "+86 13812345678")
    page.click(".asked .btn-primary")
    page.wait_for_selector(".found")
    assert looked_at(page, "person-1366") == []
    page.set_viewport_size({"width": 360, "height": 780})
    assert looked_at(page, "person-360") == []
    page.check(f'[value$="{customers[0].pk}"]')
    page.fill("[name=reason]", "本人来厅提出，核对身份证原件")
    page.click(".btn-danger")
    page.wait_for_url("**/retention/")
    expect(page.locator("main").first).to_contain_text("本人来厅提出", use_inner_text=True)
    page.request.post(
        f"{page.home}/personal-data/retention/hold/tests.client/{customers[1].pk}/",
        form={"reason": "诉讼", "csrfmiddlewaretoken": page.input_value("[name=csrfmiddlewaretoken] >> nth=0")},
        headers={"Referer": page.home},
    )
    every_look(page_of, "9901", "/personal-data/retention/", "retention")
    held = page_of("9901", "/personal-data/retention/")
    held.click("text=解除冻结")
    held.wait_for_selector("text=没有冻结的记录")


def test_proof_comes_in_with_and_without_scripts(page_of, committed_cast, monkeypatch, tmp_path, settings):
    settings.PROOFS_DIR = tmp_path / "proofs"
    monkeypatch.setattr(SUBJECTS, "_paths", {"yingting.foundation.evidence.tests.records:MATTERS": None})
    monkeypatch.setattr(SUBJECTS, "_things", None)
    address = f"/proofs/tests.matter/{RECORD}/"
    every_look(page_of, "1301", address, "proofs-empty")
    plain = page_of("1301", address, java_script_enabled=False)
    plain.set_input_files(
        "[name=files]", {"name": "现场照片.jpg", "mimeType": "image/jpeg", "buffer": photo((900, 700))}
    )
    plain.click(".proof-form .btn")
    plain.wait_for_selector(".proof-list")
    page = page_of("1301", address, size=SIZES["1366"])
    page.set_input_files(
        "[name=files]",
        [
            {
                "name": "通话录音-王芳13812345678-2026年1月5日上午投诉处理过程完整版.wav",
                "mimeType": "audio/wav",
                "buffer": WAV,
            },
            {"name": "回复函.pdf", "mimeType": "application/pdf", "buffer": PDF},
        ],
    )
    page.click(".proof-form .btn")
    page.wait_for_selector(".proof-list li:nth-child(3)")
    expect(page.locator(".proof-list").first).to_contain_text("138****5678", use_inner_text=True)
    page.wait_for_function("document.querySelector('.proof-list img').naturalWidth > 0")
    assert serious(page) == []
    page.set_input_files("[name=files]", {"name": "坏.jpg", "mimeType": "image/jpeg", "buffer": b"MZ"})
    page.click(".proof-form .btn")
    page.wait_for_selector("#notice >> text=不接受这种文件")
    assert looked_at(page, "proofs-refused-1366") == []
    assert Proof.objects.count() == 3
    every_look(page_of, "1301", address, "proofs")
