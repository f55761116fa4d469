"""Seal anew with the present secret what an earlier one sealed, so that the earlier secret can be thrown away.

Piece by piece, each a transaction of its own. Stopped at any moment it can be started again: what is sealed with the present
secret is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from yingting.foundation.journal.writing import writing
from yingting.foundation.notify.addresses import seal_address, unseal_address
from yingting.foundation.notify.models import Channel
from yingting.foundation.privacy.fields import Sealed, sealed_fields, sealed_values

PIECE = 500


@dataclass(frozen=True, slots=True)
class Progress:
    """How far sealing anew has come in a table: rows looked at, sealed anew, and values that no secret opens."""

    table: str
    seen: int
    resealed: int
    unreadable: int


def reseal(table: type[models.Model]) -> Iterator[Progress]:
    """Seal the rows of a table anew, yielding after each piece how far it has come."""
    after, seen, done, unreadable = None, 0, 0, 0
    while True:
        with writing():
            rows = table._default_manager.select_for_update().order_by("pk")
            piece = list((rows.filter(pk__gt=after) if after is not None else rows)[:PIECE])
            for row in piece:
                values, broken = _anew(row)
                unreadable += broken
                if values:
                    done += table._default_manager.filter(pk=row.pk).update(**values)
        seen += len(piece)
        yield Progress(table._meta.label, seen, done, unreadable)
        if len(piece) < PIECE:
            return
        after = piece[-1].pk


def _anew(row: models.Model) -> tuple[dict[str, object], int]:
    """The columns of a row that an earlier secret sealed, sealed anew, and how many no secret opens."""
    plain, broken = {}, 0
    for field in sealed_fields(type(row)):
        value: Sealed = getattr(row, field.attname)
        if not value.is_current:
            try:
                plain[field.name] = value.open()
            except ValueError:
                broken += 1
    return sealed_values(type(row), **plain), broken


def reseal_everything() -> Iterator[Progress]:
    """Seal all personal data and all addresses of channels anew."""
    for table in apps.get_models():
        if sealed_fields(table):
            yield from reseal(table)
    yield _reseal_addresses()


def _reseal_addresses() -> Progress:
    done = unreadable = 0
    with writing():
        rows = list(Channel.objects.select_for_update())
        for row in rows:
            address = unseal_address(row.sealed)
            if address is None:
                unreadable += 1
            else:
                done += Channel.objects.filter(pk=row.pk).update(sealed=seal_address(address))
    return Progress(Channel._meta.label, len(rows), done, unreadable)
