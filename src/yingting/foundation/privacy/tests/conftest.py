"""A table of customers and its holder, for the tests of this app."""

import pytest

from yingting.foundation.privacy.holders import HOLDERS
from yingting.foundation.privacy.tests.records import Client, table_of


@pytest.fixture
def clients_are_held(monkeypatch):
    path = "yingting.foundation.privacy.tests.records:CLIENTS"
    monkeypatch.setattr(HOLDERS, "_paths", {**HOLDERS._paths, path: None})
    monkeypatch.setattr(HOLDERS, "_things", None)


@pytest.fixture
def clients(db, clients_are_held):
    """The model of customers, with its table."""
    with table_of(Client):
        yield Client


@pytest.fixture
def client_of_hall(cast, clients):
    return clients.objects.create(number="K-1", phone="138 1234 5678", name="王芳")
