"""Proof comes in once, whole, within the limits, and never changes; what is killed leaves nothing."""

import datetime as dt
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction

from yingting.foundation.evidence import store, taking
from yingting.foundation.evidence.keeping import sweep, verify
from yingting.foundation.evidence.models import Proof, ProofErased, ProofName
from yingting.foundation.evidence.reading import read, read_small, shelf_of
from yingting.foundation.evidence.rules_in_force import PROOFS
from yingting.foundation.evidence.taking import Incoming, Subject, announce, awaited, give_up, is_complete, take
from yingting.foundation.evidence.tests import records
from yingting.foundation.evidence.tests.files import DOCX, PDF, WAV, photo
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import facts_of
from yingting.foundation.privacy.holds import hold
from yingting.foundation.privacy.models import Disclosure
from yingting.foundation.privacy.retention import Chosen, erase_on_request, erase_what_is_due
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.kernel.ids import new_id
from yingting.kernel.refusals import Refusal
from yingting.kernel.tests.refused import refused

HERE = "GD/GZ/TH/H01/"


def sha(content):
    return hashlib.sha256(content).hexdigest()


def test_a_file_is_kept_by_its_digest_with_where_it_came_from(taken, kept_files, matter, cast, actor_of, now):
    proof = taken(WAV, "录音-王芳13812345678.wav")
    digest = sha(WAV)
    assert (proof.digest, proof.received, proof.size, proof.format) == (digest, digest, len(WAV), "wav")
    assert (proof.kind, proof.record, proof.path, proof.hall_id) == ("tests.matter", matter.record, HERE, cast.hall)
    assert (proof.by_id, proof.by_label, proof.by_kind, proof.channel, proof.at) == (
        cast.people["1301"], "1301", "person", "page", now,
    )  # fmt: skip
    assert kept_files() == [f"{digest[:2]}/{digest}"]
    assert store.get(digest) == WAV
    name = ProofName.objects.get().name
    assert (str(name), name.open()) == ("录音-王芳138****5678.wav", "录音-王芳13812345678.wav")
    (fact,) = facts_of(proof.pk)
    assert fact["data"] == {
        "kind": "tests.matter", "record": str(matter.record), "format": "wav", "size": len(WAV), "digest": digest,
        "received": digest, "channel": "page",
    }  # fmt: skip


def test_a_photo_is_kept_without_its_place_and_what_was_sent_is_on_record(taken, kept_files, actor_of, now):
    sent = photo()
    proof = taken(sent)
    body = read(proof=proof.pk, actor=actor_of("1001"), now=now).body
    assert (proof.received, proof.digest, proof.digest == proof.received) == (sha(sent), sha(body), False)
    assert b"SECRET" not in body
    assert kept_files() == [f"{proof.digest[:2]}/{proof.digest}{small}" for small in ("", ".small")]
    assert read_small(proof=proof.pk, actor=actor_of("1001"))[:3] == b"\xff\xd8\xff"


def test_a_retry_is_the_same_proof(taken, kept_files, now):
    client_id = new_id()
    first = taken(PDF, client_id=client_id)
    again = taken(PDF, "其他名字.pdf", client_id=client_id, at=now + dt.timedelta(minutes=5))
    assert (again.pk, again.at, Proof.objects.count(), ProofName.objects.count(), len(facts_of(first.pk))) == (
        first.pk,
        now,
        1,
        1,
        1,
    )
    with refused("proof.other_bytes"):
        taken(WAV, client_id=client_id)
    assert Proof.objects.get().received == sha(PDF)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "proof.empty"), (b"MZ\x90", "proof.format"), (b"<svg/>", "proof.format"), (DOCX, "proof.format"),
        (PDF + bytes(1 << 20), "proof.too_large"), (photo()[:300], "proof.unreadable"),
    ],
)  # fmt: skip
def test_what_is_not_allowed_leaves_nothing(taken, kept_files, now, content, code, cast):
    body = {"formats": ["jpeg", "pdf"], "document_mb": 1}
    RuleVersion.objects.create(
        kind=PROOFS.code, unit=Unit.objects.get(code="TH"), number=1, valid_from=now.date(), body=body, written_at=now
    )
    facts = Fact.objects.count()
    with refused(code):
        taken(content, "看起来像照片.jpg")
    assert (Proof.objects.count(), Fact.objects.count(), kept_files()) == (0, facts, [])


def rule_of_two(now):
    unit = Unit.objects.get(code="TH")
    RuleVersion.objects.create(
        kind=PROOFS.code, unit=unit, number=1, valid_from=now.date(), body={"most": 2}, written_at=now
    )


def test_a_record_takes_so_many_files_and_no_more(taken, now, cast):
    rule_of_two(now)
    first = new_id()
    taken(PDF, client_id=first)
    taken(WAV)
    with refused("proof.too_many"):
        taken(photo())
    assert taken(PDF, client_id=first).client_id == first  # a retry is no more file
    assert Proof.objects.count() == 2


@pytest.mark.parametrize(("staff_no", "code"), [("1001", "access.refused"), ("2001", "hall.unknown")])
def test_who_may_not_add_leaves_nothing(cast, matter, kept_files, actor_of, now, staff_no, code):
    with refused(code):
        take(subject=matter, file=Incoming(PDF, "a.pdf", new_id()), actor=actor_of(staff_no), now=now)
    with refused("proof.unknown"):
        take(subject=Subject("no.such", new_id()), file=Incoming(PDF, "a", new_id()), actor=actor_of("1301"), now=now)
    assert (Proof.objects.count(), kept_files()) == (0, [])


def test_the_database_lets_no_proof_change_or_go(taken):
    proof = taken(PDF)
    for act in (
        lambda: Proof.objects.update(digest="0" * 64),
        lambda: Proof.objects.filter(pk=proof.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            act()
    assert Proof.objects.get().digest == sha(PDF)


# ------------------------------------------------------------------------------------------------ killed on the way
def test_an_upload_killed_while_it_is_written_leaves_no_proof_and_its_draft_is_swept(
    taken, kept_files, monkeypatch, now
):
    def killed(draft, content):
        draft.write_bytes(content[:5])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store, "write_draft", killed)
        with pytest.raises(KeyboardInterrupt):
            taken(WAV)
    (draft,) = kept_files()
    assert (draft.split("/")[0], Proof.objects.count(), store.get(sha(WAV))) == ("drafts", 0, None)
    client_id = new_id()
    taken(WAV, client_id=client_id)
    _age(store._root() / draft, now)
    assert (sweep(now), kept_files()) == (1, [f"{sha(WAV)[:2]}/{sha(WAV)}"])


def test_an_upload_killed_before_its_row_leaves_bytes_that_are_swept_after_a_day(taken, kept_files, monkeypatch, now):
    with monkeypatch.context() as patch:
        patch.setattr(taking, "_insert", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            taken(photo())
    assert (len(kept_files()), Proof.objects.count()) == (2, 0)
    for name in kept_files():
        _age(store._root() / name, now, hours=23)
    assert (sweep(now), len(kept_files())) == (0, 2)  # somebody may be about to write the row
    for name in kept_files():
        _age(store._root() / name, now)
    alive = taken(PDF)
    _age(store._place(alive.digest), now)
    assert (sweep(now), kept_files()) == (1, [f"{alive.digest[:2]}/{alive.digest}"])


def _age(path, now, hours=25):
    at = (now - dt.timedelta(hours=hours)).timestamp()
    os.utime(path, (at, at))


# ------------------------------------------------------------------------------------------------ whole and unchanged
def test_verify_names_what_is_missing_and_what_was_altered(taken):
    whole, lost, changed = taken(PDF), taken(WAV), taken(photo())
    store.drop(lost.digest)
    store._place(changed.digest).write_bytes(b"other")
    assert {damage.proof.pk: damage.what for damage in verify()} == {lost.pk: "missing", changed.pk: "altered"}
    assert whole.pk not in {damage.proof.pk for damage in verify()}


def test_altered_or_missing_content_is_not_handed_out(taken, actor_of, now):
    proof = taken(PDF)
    for harm, code in (
        (lambda place: place.write_bytes(b"x"), "proof.altered"),
        (lambda place: place.unlink(), "proof.missing"),
    ):
        harm(store._place(proof.digest))
        with refused(code):
            read(proof=proof.pk, actor=actor_of("1001"), now=now)
    assert Disclosure.objects.count() == 0


# ------------------------------------------------------------------------------------------------ complete
def test_a_record_is_complete_when_all_announced_files_are_in_or_given_up(taken, matter, actor_of, now):
    one, two, three = new_id(), new_id(), new_id()
    manager = actor_of("1301")
    taken(PDF, client_id=three)  # came before it was announced
    for _twice in range(2):
        announce(subject=matter, client_ids=[one, two, three], actor=manager, now=now)
    assert (awaited(matter), is_complete(matter)) == ({one, two}, False)
    taken(WAV, client_id=one)
    assert (awaited(matter), is_complete(matter)) == ({two}, False)
    for _twice in range(2):
        give_up(subject=matter, client_id=two, actor=manager, now=now)
    assert is_complete(matter)
    assert [fact["kind"] for fact in facts_of(matter.record)] == ["proof.awaited", "proof.given_up"]
    with refused("access.refused"):
        announce(subject=matter, client_ids=[one], actor=actor_of("1001"), now=now)


# ------------------------------------------------------------------------------------------------ its time is over
def test_proof_goes_when_its_record_has_been_over_long_enough_and_its_row_stays(
    taken, matter, kept_files, now, actor_of, django_capture_on_commit_callbacks
):
    long_ago = now - dt.timedelta(days=1200)
    proof = taken(photo(), "王芳.jpg", at=long_ago)
    assert erase_what_is_due(now=now).counts == {}  # its record is open
    records.over[matter.record] = now - dt.timedelta(days=1100)
    kept = hold(kind="evidence.proof", record_id=proof.pk, reason="诉讼", actor=actor_of("9901"), now=now)
    assert erase_what_is_due(now=now).counts == {}
    type(kept).objects.update(record=matter.record)  # a hold on the record keeps its proof
    assert erase_what_is_due(now=now).counts == {}
    type(kept).objects.update(released_at=now)
    with django_capture_on_commit_callbacks(execute=True):
        run = erase_what_is_due(now=now)
    assert (run.counts, kept_files()) == ({"evidence.proof": 1}, [])
    assert (ProofErased.objects.get().proof_id, bool(ProofName.objects.get().name)) == (proof.pk, False)
    assert Proof.objects.get().digest == proof.digest
    assert list(verify()) == []
    for ask in (
        lambda: read(proof=proof.pk, actor=actor_of("1001"), now=now),
        lambda: read_small(proof=proof.pk, actor=actor_of("1001")),
    ):
        with refused("proof.erased"):
            ask()
    (item,) = shelf_of(actor_of("1001"), matter, now).items
    assert (item.name, item.is_erased, item.is_photo) == ("", True, False)


def test_bytes_that_two_proofs_share_go_with_the_last_of_them(
    taken, kept_files, actor_of, now, django_capture_on_commit_callbacks
):
    first, second = taken(PDF), taken(PDF)
    for proof, left in ((first, 1), (second, 0)):
        with django_capture_on_commit_callbacks(execute=True):
            erase_on_request(
                chosen=[Chosen("evidence.proof", proof.pk)], reason="本人要求", actor=actor_of("9901"), now=now
            )
        assert len(kept_files()) == left
    third = taken(PDF)
    assert (read(proof=third.pk, actor=actor_of("1001"), now=now).body, list(verify())) == (PDF, [])


# ------------------------------------------------------------------------------------------------ at once
@pytest.mark.skipif(connection.vendor == "sqlite", reason="writers come one by one there")
def test_the_same_file_sent_eight_times_at_once_is_one_proof(committed_cast, matter, actor_of, now):
    manager, client_id = actor_of("1301"), new_id()

    def send(_turn):
        try:
            return take(subject=matter, file=Incoming(WAV, "a.wav", client_id), actor=manager, now=now).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken_as = set(pool.map(send, range(8)))
    assert (len(taken_as), Proof.objects.count(), ProofName.objects.count()) == (1, 1, 1)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="writers come one by one there")
def test_a_record_never_takes_more_files_than_its_limit_however_many_come_at_once(
    committed_cast, matter, actor_of, now
):
    rule_of_two(now)
    manager = actor_of("1301")

    def send(turn):
        try:
            take(subject=matter, file=Incoming(WAV + bytes([turn]), "a.wav", new_id()), actor=manager, now=now)
        except Refusal as no:
            return no.code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    assert (answers.count(None), answers.count("proof.too_many"), Proof.objects.count()) == (2, 6, 2)
