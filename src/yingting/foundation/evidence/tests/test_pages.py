"""The pages of proof: who gets in, what an answer says to browsers and caches, forms without scripts and sent twice."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from yingting.foundation.evidence.models import Proof
from yingting.foundation.evidence.tests.files import PDF, WAV, photo
from yingting.foundation.privacy.models import Disclosure
from yingting.kernel.ids import new_id
from yingting.planning.cast import PASSWORD

FRAGMENT = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def as_(client):
    def as_(staff_no):
        assert client.login(username=staff_no, password=PASSWORD)
        return client

    return as_


@pytest.fixture
def address(cast, matter):
    return reverse("evidence:proofs", args=[matter.kind, matter.record])


def form(*contents, form_id=None):
    files = [SimpleUploadedFile(f"附件{n}.bin", content) for n, content in enumerate(contents)]
    return {"form_id": str(form_id or new_id()), "files": files}


def test_a_visitor_is_sent_to_sign_in(client, address, taken):
    proof = taken(photo())
    for page in (address, reverse("evidence:content", args=[proof.pk]), reverse("evidence:small", args=[proof.pk])):
        assert client.get(page)["Location"].startswith("/sign-in/")
    assert client.post(address, form(PDF))["Location"].startswith("/sign-in/")
    assert Proof.objects.count() == 1


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize(("staff_no", "seen", "posted"), [("1001", 200, 403), ("2001", 404, 404), ("1301", 200, 302)])
def test_proof_is_seen_and_added_by_those_whom_its_record_lets(as_, address, taken, staff_no, seen, posted):
    proof = taken(photo())
    client = as_(staff_no)
    for page in (address, reverse("evidence:content", args=[proof.pk]), reverse("evidence:small", args=[proof.pk])):
        assert client.get(page).status_code == seen
    if seen == 200:
        assert ('type="file"' in client.get(address).content.decode()) is (posted == 302)
    assert client.post(address, form(PDF)).status_code == posted
    assert Proof.objects.count() == 1 + (posted == 302)


def test_an_unknown_proof_or_kind_is_not_there(as_, address):
    client = as_("9901")
    for page in (f"/proofs/file/{new_id()}/", f"/proofs/small/{new_id()}/", f"/proofs/no.such/{new_id()}/"):
        assert client.get(page).status_code == 404


def test_a_file_is_saved_never_shown_and_its_reading_is_an_export(as_, taken):
    proof = taken(WAV, "王芳13812345678.wav")
    answer = as_("1001").get(reverse("evidence:content", args=[proof.pk]))
    assert answer.content == WAV
    assert answer["Content-Disposition"] == f'attachment; filename="proof-20260105-{proof.digest[:8]}.wav"'
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("audio/wav", "nosniff")
    assert "no-store" in answer["Cache-Control"]
    row = Disclosure.objects.get()
    assert (row.way, row.kind, row.record, row.by_label) == ("export", "evidence.proof", proof.pk, "1001")


def test_a_form_without_scripts_comes_back_to_the_list_and_one_with_to_its_fragment(as_, address):
    client = as_("1301")
    answer = client.post(address, form(photo(), PDF))
    assert (answer.status_code, answer["Location"]) == (302, address)
    fragment = client.post(address, form(WAV), **FRAGMENT).content.decode()
    assert ("<html" in fragment, fragment.count("<li>")) == (False, 3)
    assert "no-store" in client.get(address)["Cache-Control"]


def test_a_form_sent_twice_is_one_upload(as_, address):
    client, form_id = as_("1301"), new_id()
    for _twice in range(2):
        assert client.post(address, form(PDF, WAV, form_id=form_id)).status_code == 302
    assert Proof.objects.count() == 2
    shown = re.findall(r'name="form_id" value="([\w-]+)"', client.get(address).content.decode())
    assert shown != [str(form_id)]
    client.post(address, form(PDF, form_id=shown[0]))
    assert Proof.objects.count() == 3  # asked for anew it is another proof


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"form_id": str(new_id())}, "请先选择文件"),
        ({"form_id": "x", "files": SimpleUploadedFile("a.pdf", PDF)}, "请先选择文件"),
        ({"form_id": str(new_id()), "files": SimpleUploadedFile("a.jpg", b"MZ")}, "不接受这种文件"),
    ],
)
def test_what_is_refused_is_said_in_the_readers_language(as_, address, sent, said):
    answer = as_("1301").post(address, sent, **FRAGMENT)
    assert (answer.status_code, answer["HX-Retarget"], said in answer.content.decode()) == (422, "#notice", True)
    assert Proof.objects.count() == 0
