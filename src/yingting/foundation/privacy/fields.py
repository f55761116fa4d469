"""Columns of personal data: sealed with a key outside the database, masked wherever they are printed, searched by fingerprint.

    class Complainant(models.Model):
        phone = SealedText("cases.complainant_phone", DataKind.PHONE)
        phone_key = SearchKey(of="phone")

    Complainant.objects.create(phone="138 0013 8000")              # seals it, and works out the key
    complainant.phone                                              # Sealed: prints as 138****8000
    Complainant.objects.filter(phone_key__in=search_keys(DataKind.PHONE, "+86 13800138000"))
    Complainant.objects.filter(pk=…).update(**sealed_values(Complainant, phone="139 0013 9000"))

The plain text is given out by `Sealed.open()` only. Screens do not call it: they show the mask, and `revealing.reveal()`.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from yingting.foundation.privacy.rules import HIDDEN, DataKind, masked, one_form
from yingting.kernel.sealing import fingerprint, seal, unseal


def secrets() -> list[str]:
    """Return the installation's secrets, the present one first, then earlier ones that still open what they sealed."""
    return [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)]


def search_keys(kind: DataKind, value: str) -> list[str]:
    """Return the fingerprints under which a value may be found: by the present secret first, then by earlier ones."""
    text = one_form(kind, value)
    return [fingerprint(text, secret, kind.value) for secret in secrets()] if text else []


def search_key(kind: DataKind, value: str) -> str:
    """Return the fingerprint under which a value is kept from now on; "" for nothing."""
    return next(iter(search_keys(kind, value)), "")


class Sealed:
    """A sealed value as its column holds it. It prints as its mask; only `open()` gives the plain text."""

    __slots__ = ("kind", "purpose", "sealed")

    def __init__(self, sealed: str, purpose: str, kind: DataKind) -> None:
        self.sealed, self.purpose, self.kind = sealed, purpose, kind

    def open(self) -> str:
        """Return the plain text; "" for nothing. Raises ValueError when no secret of the installation opens it."""
        plain = unseal(self.sealed, secrets(), self.purpose) if self.sealed else ""
        if plain is None:
            raise ValueError(f"what was sealed for {self.purpose} does not open")
        return plain

    @property
    def masked(self) -> str:
        """What may be seen of it; of what does not open, nothing."""
        try:
            return masked(self.kind, self.open())
        except ValueError:
            return HIDDEN

    @property
    def is_hidden(self) -> bool:
        """Does the mask hide anything?"""
        try:
            return self.masked != self.open()
        except ValueError:
            return True

    @property
    def is_current(self) -> bool:
        """Is it sealed with the present secret?"""
        return not self.sealed or unseal(self.sealed, secrets()[:1], self.purpose) is not None

    def __bool__(self) -> bool:
        return bool(self.sealed)

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"<Sealed {self.purpose}>"


class _SealsWhatIsSet(DeferredAttribute):
    """The attribute of a row: text that is set is sealed at once, so that no row carries it about."""

    field: SealedText

    def __set__(self, row: Any, value: Any) -> None:
        row.__dict__[self.field.attname] = self.field.sealed_of(value)


class SealedText(models.TextField):  # type: ignore[type-arg]
    """A column of personal data. `purpose` names it for good ("cases.complainant_phone"): the key depends on it.

    It cannot be searched, only asked for being empty (`phone=""`); a `SearchKey` beside it is what a search asks.
    """

    descriptor_class = _SealsWhatIsSet

    def __init__(self, purpose: str = "", kind: DataKind = DataKind.TEXT, **options: Any) -> None:
        self.purpose, self.kind = purpose, DataKind(kind)
        options.setdefault("blank", True)
        options.setdefault("default", "")
        super().__init__(**options)

    def deconstruct(self) -> Any:
        """Write purpose and kind into the migration."""
        name, path, args, options = super().deconstruct()
        return name, path, [self.purpose, self.kind.value, *args], options

    def sealed_of(self, value: object) -> object:
        """Return text as sealed; what is sealed for this column, or an expression, as it is. ValueError for another's."""
        if isinstance(value, str):
            return Sealed(seal(value, secrets()[0], self.purpose) if value else "", self.purpose, self.kind)
        if isinstance(value, Sealed) and value.purpose != self.purpose:
            raise ValueError(f"sealed for {value.purpose}, not for {self.purpose}")
        return value

    def from_db_value(self, value: str | None, _expression: object, _connection: object) -> Sealed | None:
        """Return the value of a row; it is opened only when somebody asks."""
        return None if value is None else Sealed(value, self.purpose, self.kind)

    def get_prep_value(self, value: Any) -> Any:
        """Return what the database gets. TypeError for plain text: an update must go by `sealed_values`, with the key."""
        if isinstance(value, Sealed):
            return value.sealed
        if value:
            raise TypeError(f"{self.name} takes sealed values only: use sealed_values()")
        return value

    def get_lookup(self, lookup_name: str) -> Any:
        """Allow asking for emptiness only."""
        if lookup_name not in ("exact", "isnull"):
            raise FieldError(f"{self.name} is sealed and cannot be searched: ask its SearchKey")
        return super().get_lookup(lookup_name)

    def check(self, **options: Any) -> list[checks.CheckMessage]:
        """A purpose belongs to one column, and a table that only grows could not be sealed anew."""
        found = list(super().check(**options))
        others = [
            field
            for model in apps.get_models()
            for field in model._meta.local_fields
            if isinstance(field, SealedText) and field.purpose == self.purpose and field != self
        ]
        if others or not self.purpose:
            found.append(checks.Error(f"The purpose {self.purpose!r} is not its own.", obj=self, id="privacy.E001"))
        if getattr(self.model, "only_grows", False):
            found.append(checks.Error("A table that only grows cannot be sealed anew.", obj=self, id="privacy.E002"))
        return found


class SearchKey(models.CharField):  # type: ignore[type-arg]
    """The fingerprint of the sealed column `of` in the same row, for exact search. Worked out when the row is saved."""

    def __init__(self, of: str = "", **options: Any) -> None:
        self.of = of
        options = {"max_length": 22, "blank": True, "default": "", "editable": False, "db_index": True, **options}
        self.is_indexed = bool(options["db_index"])
        super().__init__(**options)

    def deconstruct(self) -> Any:
        """Write the column's name into the migration, and whether it has an index of its own: here it has, unless told not to."""
        name, path, args, options = super().deconstruct()
        options["db_index"] = self.is_indexed
        return name, path, [self.of, *args], options

    def pre_save(self, row: models.Model, add: bool) -> str:  # noqa: ARG002 - Django's signature
        """Work the key out from the sealed value of the row."""
        value: Sealed = getattr(row, self.of)
        key = search_key(value.kind, value.open())
        setattr(row, self.attname, key)
        return key


def sealed_fields(model: type[models.Model]) -> list[SealedText]:
    """Return the sealed columns of a model."""
    return [field for field in model._meta.local_fields if isinstance(field, SealedText)]


def sealed_values(model: type[models.Model], **plain: str) -> dict[str, object]:
    """Return the columns for `update()`: each text sealed, and with it its search key. "" empties both."""
    values: dict[str, object] = {}
    for field in sealed_fields(model):
        if field.name in plain:
            values[field.name] = field.sealed_of(plain[field.name])
            for key in model._meta.local_fields:
                if isinstance(key, SearchKey) and key.of == field.name:
                    values[key.name] = search_key(field.kind, plain[field.name])
    if unknown := set(plain) - set(values):
        raise FieldError(f"not sealed: {', '.join(sorted(unknown))}")
    return values


def emptied(model: type[models.Model]) -> dict[str, object]:
    """Return the columns for `update()` that empty everything personal of a model."""
    return sealed_values(model, **{field.name: "" for field in sealed_fields(model)})
