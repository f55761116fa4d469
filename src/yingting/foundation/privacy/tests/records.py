"""Records of customers that only tests have: a table with sealed columns, and its holder. No part of the house knows it."""

from __future__ import annotations

from contextlib import contextmanager

from django.db import connection, models
from django.test.utils import isolate_apps

from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import SealedText, SearchKey, emptied
from yingting.foundation.privacy.holders import Held, Holder, Kept
from yingting.foundation.privacy.refusals import RECORD_GONE
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.privacy.shapes import Action
from yingting.kernel.ids import new_id
from yingting.kernel.refusals import Refusal

HERE = "GD/GZ/TH/H01/"
THERE = "GD/GZ/TH/H02/"

with isolate_apps("yingting.foundation.privacy"):

    class Client(models.Model):
        """A customer; `number` is the record's own."""

        id = models.UUIDField(primary_key=True, default=new_id)
        number = models.CharField(max_length=20)
        path = models.CharField(max_length=255, default=HERE)
        closed_at = models.DateTimeField(null=True)
        phone = SealedText("tests.client_phone", DataKind.PHONE)
        phone_key = SearchKey(of="phone")
        name = SealedText("tests.client_name", DataKind.NAME)
        name_key = SearchKey(of="name")

        class Meta:
            app_label = "privacy"
            db_table = "privacy_tests_client"


@contextmanager
def table_of(model):
    """The model's table, for as long as a test lasts."""
    columns = ", ".join(
        f"{field.column} {field.db_type(connection)}{' primary key' if field.primary_key else ''}"
        for field in model._meta.local_fields
    )
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {model._meta.db_table} ({columns})")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {model._meta.db_table}")


def _read(actor, record):
    row = Client.objects.filter(pk=record).first()
    if row is None:
        raise Refusal(RECORD_GONE)
    require(actor, Permission.QUEUE_VIEW, row.path)
    return Held(row.path, {"phone": row.phone, "name": row.name})


def _kept(rows):
    return [Kept(row.pk, row.path, row.closed_at, row.number) for row in rows]


def _holding():
    return Client.objects.exclude(phone="", name="")


def _due(due):
    rows = _holding().filter(closed_at__lt=due.before)
    if due.after:
        rows = rows.filter(pk__gt=due.after)
    return _kept(rows.order_by("pk")[: due.limit])


def _find(kind, keys):
    column = {DataKind.PHONE: "phone_key", DataKind.NAME: "name_key"}.get(kind)
    return _kept(Client.objects.filter(**{f"{column}__in": keys}).order_by("pk")) if column else []


def _erase(erasing):
    rows = Client.objects.filter(pk__in=erasing.records)
    if erasing.action is Action.ERASE:
        rows.delete()
    else:
        rows.update(**emptied(Client))


CLIENTS = Holder(
    kind="tests.client",
    title="Customer",
    data_class="case",
    read=_read,
    erase=_erase,
    kept=lambda records: _kept(_holding().filter(pk__in=records)),
    due=_due,
    find=_find,
    fields={"phone": "Phone", "name": "Full name"},
)
