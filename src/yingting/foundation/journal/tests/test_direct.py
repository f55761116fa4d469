"""The hot path's cursor: rows by name, Django's errors, one cursor as long as the connection lives."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from yingting.foundation.journal import direct
from yingting.foundation.journal.direct import one_row

pytestmark = pytest.mark.django_db


def test_the_first_row_comes_by_name():
    assert one_row("SELECT %s AS a, 2 AS b", ["x"]) == {"a": "x", "b": 2}
    assert one_row("SELECT 1 AS a WHERE 1 = 0") is None
    assert one_row("UPDATE people_role SET key = key WHERE key = %s", ["no such role"]) is None


def test_errors_are_those_of_django_and_a_broken_transaction_is_said():
    with pytest.raises(IntegrityError), transaction.atomic():
        one_row("INSERT INTO people_role (id) VALUES (NULL)")
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            one_row("SELECT 1 AS a")


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_gets_a_new_cursor():
    one_row("SELECT 1 AS a")
    before = direct._kept.cursor
    one_row("SELECT 1 AS a")
    assert direct._kept.cursor is before
    if connection.vendor == "sqlite":
        return  # the test database lives in memory: Django keeps its connection
    connection.close()
    assert one_row("SELECT 1 AS a") == {"a": 1}
    assert direct._kept.cursor is not before
