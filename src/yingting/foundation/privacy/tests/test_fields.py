"""Sealed columns: what the database sees, what is printed, what is found, and what opens when keys change."""

import time

import pytest
from django.core.exceptions import FieldError
from django.db import connection, transaction

from yingting.foundation.privacy.fields import (
    Sealed,
    SealedText,
    SearchKey,
    emptied,
    sealed_values,
    search_key,
    search_keys,
)
from yingting.foundation.privacy.models import DisclosureNote
from yingting.foundation.privacy.resealing import Progress, reseal
from yingting.foundation.privacy.rules import DataKind
from yingting.kernel.sealing import seal, unseal


def stored(row):
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, phone_key, name, name_key FROM privacy_tests_client")
        return cursor.fetchone()


def test_the_database_never_sees_the_plain_text(client_of_hall):
    phone, key, name, name_key = stored(client_of_hall)
    assert not any(plain in "".join((phone, key, name, name_key)) for plain in ("138", "5678", "王芳"))
    assert (len(key), len(name_key)) == (22, 22)
    assert unseal(phone, ["only-for-tests"], "tests.client_phone") == "138 1234 5678"


def test_a_row_prints_the_mask_and_opens_only_when_told_to(clients, client_of_hall):
    for row in (client_of_hall, clients.objects.get(), clients.objects.only("number").get()):
        assert (str(row.phone), f"{row.name}", repr(row.phone)) == (
            "138****5678",
            "王**",
            "<Sealed tests.client_phone>",
        )
        assert (row.phone.open(), row.name.open()) == ("138 1234 5678", "王芳")
    row.phone = "139 0013 9000"  # sealed at once, before anybody saves
    assert (str(row.phone), "9000" in row.phone.sealed) == ("139****9000", False)


def test_it_is_found_by_its_key_however_it_is_written(clients, client_of_hall):
    for written in ("13812345678", "+86 138-1234-5678", "１３８１２３４５６７８"):
        assert clients.objects.get(phone_key__in=search_keys(DataKind.PHONE, written)) == client_of_hall
    assert not clients.objects.filter(phone_key__in=search_keys(DataKind.PHONE, "13812345679")).exists()
    assert clients.objects.get(name_key=search_key(DataKind.NAME, " 王芳　")) == client_of_hall
    assert search_keys(DataKind.PHONE, "  ") == []


def test_a_key_tells_nothing_about_another_kind_and_is_not_the_sealing_key(client_of_hall):
    assert search_key(DataKind.PHONE, "13812345678") != search_key(DataKind.ID_NUMBER, "13812345678")
    assert search_key(DataKind.PHONE, "13812345678") not in seal("13812345678", "only-for-tests", "phone")


def test_a_value_copied_to_another_column_does_not_open(clients, client_of_hall):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE privacy_tests_client SET name = phone")
    row = clients.objects.get()
    with pytest.raises(ValueError, match=r"tests\.client_name does not open"):
        row.name.open()
    assert str(row.name) == "**"
    with pytest.raises(ValueError, match="not for"):
        row.name = row.phone


def test_a_sealed_column_is_not_searched_and_not_updated_with_plain_text(clients, client_of_hall):
    for asked in ({"phone__contains": "138"}, {"phone__in": ["138"]}, {"phone__startswith": "1"}):
        with pytest.raises(FieldError, match="SearchKey"):
            clients.objects.filter(**asked).exists()
    with pytest.raises(TypeError, match="sealed_values"):
        clients.objects.filter(phone="13812345678").exists()
    with pytest.raises(TypeError, match="sealed_values"), transaction.atomic():
        clients.objects.update(phone="13900139000")
    with pytest.raises(FieldError, match="number"):
        sealed_values(clients, number="1")
    assert clients.objects.get().phone.open() == "138 1234 5678"


def test_an_update_changes_value_and_key_together_and_empties_both(clients, client_of_hall):
    clients.objects.update(**sealed_values(clients, phone="13900139000"))
    row = clients.objects.get()
    assert (row.phone.open(), row.phone_key) == ("13900139000", search_key(DataKind.PHONE, "13900139000"))
    clients.objects.update(**emptied(clients))
    assert stored(row) == ("", "", "", "")
    row = clients.objects.get()
    assert (bool(row.phone), str(row.phone), row.phone.open()) == (False, "", "")
    assert clients.objects.filter(phone="").exists()


# ------------------------------------------------------------------------------------------------ keys change
def test_what_an_earlier_secret_sealed_still_opens_and_is_found(clients, client_of_hall, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the new one", ["only-for-tests"]
    row = clients.objects.get()
    assert (row.phone.open(), row.phone.is_current) == ("138 1234 5678", False)
    assert clients.objects.filter(phone_key__in=search_keys(DataKind.PHONE, "13812345678")).count() == 1
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(ValueError, match="does not open"):
        row.phone.open()
    assert str(row.phone) == "**"


def test_sealing_anew_goes_on_where_it_was_stopped_and_lets_the_old_secret_go(clients, settings, monkeypatch, cast):
    monkeypatch.setattr("yingting.foundation.privacy.resealing.PIECE", 10)
    for number in range(25):
        clients.objects.create(number=str(number), phone=f"138000000{number:02}", name="李明")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the new one", ["only-for-tests"]

    stopped = reseal(clients)
    assert next(stopped) == Progress("privacy.Client", 10, 10, 0)
    stopped.close()
    assert list(reseal(clients))[-1] == Progress("privacy.Client", 25, 15, 0)
    assert list(reseal(clients))[-1] == Progress("privacy.Client", 25, 0, 0)

    settings.SECRET_KEY_FALLBACKS = []
    rows = clients.objects.order_by("number")
    assert sorted(row.phone.open() for row in rows) == [f"138000000{number:02}" for number in range(25)]
    assert clients.objects.get(phone_key__in=search_keys(DataKind.PHONE, "13800000007")).number == "7"


def test_what_no_secret_opens_is_counted_and_left_alone(clients, client_of_hall, settings):
    before = stored(client_of_hall)
    settings.SECRET_KEY = "the new one"
    assert list(reseal(clients)) == [Progress("privacy.Client", 1, 0, 2)]
    assert stored(client_of_hall) == before


# ------------------------------------------------------------------------------------------------ declared rightly
def test_two_columns_of_one_purpose_and_tables_that_only_grow_are_found_out(monkeypatch):
    field = DisclosureNote._meta.get_field("text")
    assert field.check() == []
    other = SealedText("privacy.disclosure_note")
    other.model, other.name = DisclosureNote, "other"
    assert [one.id for one in other.check() if one.id.startswith("privacy")] == ["privacy.E001"]
    monkeypatch.setattr(DisclosureNote, "only_grows", True, raising=False)
    assert [one.id for one in field.check()] == ["privacy.E002"]


def test_migrations_hold_purpose_kind_and_column():
    phone, key = SealedText("tests.x", DataKind.PHONE), SearchKey(of="phone")
    for field, args in ((phone, ["tests.x", "phone"]), (key, ["phone"])):
        _name, path, given, options = field.deconstruct()
        assert (path.rsplit(".", 1)[0], given) == ("yingting.foundation.privacy.fields", args)
        assert type(field)(*given, **options).deconstruct()[2:] == (given, options)


def test_sealing_a_thousand_values_takes_no_time_that_anybody_notices():
    began = time.perf_counter()
    values = [Sealed(seal(f"1380000{n:04}", "s", "tests.speed"), "tests.speed", DataKind.PHONE) for n in range(1000)]
    sealed_in = time.perf_counter() - began
    assert len({value.sealed for value in values}) == 1000
    assert sealed_in < 2  # measured: 0.04 s; deriving the key each time would take more than all of it
