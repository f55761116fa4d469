"""Pages of bulletins: who may open and do what, forms, files, the Word template."""

import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Unit
from yingting.reporting.bulletins.models import Bulletin, Duty, IssuedText, Receipt, WordTemplate
from yingting.reporting.bulletins.tests.test_files import template_with
from yingting.reporting.bulletins.word import WORD_TYPE

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit_as(client, month):
    def get(staff_no, name, *args, post=None, **query):
        client.force_login(Person.objects.get(staff_no=staff_no))
        address = reverse(f"bulletins:{name}", args=args)
        return client.post(address, post) if post is not None else client.get(address, query)

    return get


def rows_of(form):
    """What a browser would send of the draft's page."""
    sent = {}
    for part in (form.context["form"], form.context["duties"].management_form, *form.context["duties"]):
        for field in part:
            value = field.value()
            sent[field.html_name] = "" if value is None or value is False else str(value)
    return {name: value for name, value in sent.items() if not name.endswith("DELETE")}


def test_nobody_enters_without_signing_in(client, issued):
    row = issued("trace")
    for name, args in (
        ("archive", ()),
        ("new", ()),
        ("template", ()),
        ("bulletin", (row.pk,)),
        ("file", (row.pk, "pdf")),
    ):
        assert client.get(reverse(f"bulletins:{name}", args=args)).status_code == 302
    for name, args in (("save", (row.pk,)), ("do", (row.pk, "confirm"))):
        assert client.post(reverse(f"bulletins:{name}", args=args)).status_code == 302
    assert not Receipt.objects.filter(confirmed_at__isnull=False).exists()


@pytest.mark.parametrize(
    ("staff_no", "issued_one", "draft_one", "new", "template"),
    [
        ("9001", 200, 200, 200, 403), ("9901", 200, 200, 200, 200), ("1301", 200, 404, 403, 403), ("2001", 200, 404, 403, 403),
        ("1101", 404, 404, 403, 403), ("1001", 404, 404, 403, 403),
    ],
)  # fmt: skip
def test_each_sees_what_went_to_them_or_lies_in_their_scope(
    visit_as, issued, draft, staff_no, issued_one, draft_one, new, template
):
    row, waiting = issued("trace"), draft("trace")
    assert visit_as(staff_no, "bulletin", row.pk).status_code == issued_one
    assert visit_as(staff_no, "file", row.pk, "xlsx").status_code == issued_one
    assert visit_as(staff_no, "bulletin", waiting.pk).status_code == draft_one
    assert visit_as(staff_no, "new").status_code == new
    assert visit_as(staff_no, "template").status_code == template
    assert visit_as(staff_no, "archive").status_code == 200


def test_outsiders_cannot_do_anything_with_a_bulletin(visit_as, issued, draft):
    row, waiting = issued("trace"), draft("trace")
    for deed in ("measure", "discard", "confirm", "withdraw", "correct"):
        for pk in (row.pk, waiting.pk):
            assert visit_as("1001", "do", pk, deed, post={"why": "x"}).status_code == 404
    assert visit_as("1001", "save", waiting.pk, post={}).status_code == 404
    for deed in ("withdraw", "correct"):  # it went to her, but she does not issue
        assert visit_as("1301", "do", row.pk, deed, post={"why": "x"}).status_code == 403
    assert list(Bulletin.objects.order_by("pk").values_list("state", flat=True)) == ["issued", "draft"]


@pytest.mark.req("RPT-02", "RPT-03")
def test_from_the_form_to_the_confirmation(visit_as, unit):
    answer = visit_as("9001", "new", post={"unit": unit.pk, "kind": "shortcomings", "day": "2025-12-01"})
    row = Bulletin.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("bulletins:bulletin", args=[row.pk]))
    page = visit_as("9001", "bulletin", row.pk)
    sent = rows_of(page)
    assert [name for name in sent if name.endswith("-what")] == ["form-0-what"]  # nothing misses a target as shipped
    sent |= {
        "title": "十二月通报",
        "form-0-what": "读懂并落实",
        "form-0-staff_no": "1301",
        "form-0-due": "2026-01-20",
        "issue": "1",
    }
    assert visit_as("9001", "save", row.pk, post=sent).status_code == 302
    assert IssuedText.objects.get().reference == "服通〔2026〕1号"
    read = visit_as("1301", "bulletin", row.pk)
    assert "十二月通报" in read.content.decode()
    assert Receipt.objects.get(person__staff_no="1301").opened_at is not None
    visit_as("1301", "do", row.pk, "confirm", post={})
    assert Receipt.objects.get(person__staff_no="1301").confirmed_at is not None
    duty = Duty.objects.get()
    visit_as("1301", "done", duty.pk, post={"evidence": "会议记录"})
    visit_as("9001", "check", duty.pk, post={"answer": "accept", "remark": ""})
    duty.refresh_from_db()
    assert duty.state == "checked"
    assert "会议记录" in visit_as("9001", "bulletin", row.pk).content.decode()


def test_a_draft_with_a_wrong_field_stays_as_it_was_and_says_where(visit_as, draft):
    row = draft("trace")
    sent = rows_of(visit_as("9001", "bulletin", row.pk)) | {"title": "", "form-0-what": "补训"}
    answer = visit_as("9001", "save", row.pk, post=sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"title"}
    assert answer.context["duties"].errors[0].keys() == {"due"}
    assert not Duty.objects.exists()


def test_files_come_with_their_type_and_a_name(visit_as, issued):
    row = issued("trace")
    for form, kind in (("docx", WORD_TYPE), ("pdf", "application/pdf")):
        answer = visit_as("1301", "file", row.pk, form)
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Content-Disposition"] == f'attachment; filename="bulletin-TH-2026-1.{form}"'
    assert visit_as("1301", "file", row.pk, "exe").status_code == 404


def test_a_template_of_the_province_holds_below_until_it_is_dropped(visit_as, issued):
    row = issued("trace")
    province = Unit.objects.get(code="GD")

    def upload(data):
        file = SimpleUploadedFile("our.docx", data, WORD_TYPE)
        return visit_as("9901", "template", post={"unit": province.pk, "file": file})

    def first_line():
        answer = visit_as("1301", "file", row.pk, "docx")
        return docx.Document(io.BytesIO(answer.content)).paragraphs[0].text

    refused = upload(template_with("{{ weather }}"))
    assert refused.status_code == 422
    assert "weather" in refused.content.decode()
    assert not WordTemplate.objects.exists()
    assert upload(template_with("本省 {{ reference }}")).status_code == 302
    assert first_line() == "本省 服通〔2026〕1号"
    assert visit_as("9001", "drop-template", province.pk, post={}).status_code == 403
    assert visit_as("9001", "template-file", province.pk).status_code == 404
    assert visit_as("9901", "template-file", province.pk).status_code == 200
    visit_as("9901", "drop-template", province.pk, post={})
    assert first_line() == "天河"
