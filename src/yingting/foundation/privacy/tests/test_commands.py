"""The commands of personal data say what they did, and reach everything that is sealed."""

import datetime as dt

import pytest
from typer.testing import CliRunner

from yingting.foundation.notify.addresses import seal_address, unseal_address
from yingting.foundation.notify.models import Channel
from yingting.foundation.privacy.cli import privacy_app
from yingting.foundation.privacy.models import Disclosure, DisclosureNote
from yingting.foundation.sites.models import Unit
from yingting.kernel.clocks import system_now


@pytest.fixture
def run():
    return lambda *words: CliRunner().invoke(privacy_app, words)


def test_what_is_due_is_counted_and_then_erased(cast, clients, run):
    at = system_now() - dt.timedelta(days=1300)
    clients.objects.create(number="K-1", closed_at=at, phone="13812345678")
    due = run("due").output
    assert (f"{at.astimezone(dt.timezone(dt.timedelta(hours=8))):%Y-%m}" in due, due.count("\n"), ": 1\n" in due) == (
        True,
        1,
        True,
    )
    assert bool(clients.objects.get().phone) is True
    assert "tests.client: 1\n" in run("erase").output
    assert bool(clients.objects.get().phone) is False
    assert run("due").output == "Nothing is due.\n"


def test_sealing_anew_reaches_notes_and_addresses_and_tells_what_does_not_open(cast, run, settings, now):
    row = Disclosure.objects.create(way="reveal", path="GD/", kind="tests.client", by_label="1301", at=now)
    DisclosureNote.objects.create(disclosure=row, text="回访")
    channel = Channel.objects.create(
        name="群", unit=Unit.objects.get(code="GD"), sealed=seal_address("json://gateway/x")
    )
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the new one", [settings.SECRET_KEY]
    done = run("reseal")
    assert (done.exit_code, "privacy.DisclosureNote: 1 seen, 1 sealed anew, 0 unreadable" in done.output) == (0, True)
    assert "evidence.ProofName: 0 seen" in done.output
    settings.SECRET_KEY_FALLBACKS = []
    channel.refresh_from_db()
    assert (DisclosureNote.objects.get().text.open(), unseal_address(channel.sealed)) == ("回访", "json://gateway/x")
    settings.SECRET_KEY = "lost"
    lost = run("reseal")
    assert (lost.exit_code, "privacy.DisclosureNote: 1 seen, 0 sealed anew, 1 unreadable" in lost.output) == (1, True)
