"""Staff, roles, and which part of the organisation tree a role is granted on."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from yingting.foundation.sites.models import Unit
from yingting.kernel.ids import new_id


class PersonManager(BaseUserManager["Person"]):
    """What django.contrib.auth asks of a user manager."""

    def create_user(self, staff_no: str, password: str | None = None, **fields: Any) -> Person:
        """Create a person with a usable password (tests, demo, command line)."""
        person = self.model(staff_no=staff_no, **fields)
        person.set_password(password)
        person.save(force_insert=True)
        return person


class Person(AbstractBaseUser):
    """A member of staff, signing in by staff number (工号)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff_no = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    # Whose staff a vendor's person is (引商入柜, ORG-02); "" for own staff. Everything else holds for both alike.
    vendor = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=8, blank=True)
    is_active = models.BooleanField(default=True)
    # Played by the simulation in a demo hall; nobody signs in as one.
    is_simulated = models.BooleanField(default=False, editable=False)

    USERNAME_FIELD = "staff_no"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = PersonManager()

    class Meta:
        ordering = ("staff_no",)

    def __str__(self) -> str:
        return self.staff_no


class Role(models.Model):
    """A named set of permissions. Shipped roles may be edited like any other.

    `shipped_permissions` are those that a shipped role was given so far: what a newer version ships besides is new to it, what
    an administrator took away is not.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    permissions = models.JSONField(default=list)
    shipped_permissions = models.JSONField(default=list, editable=False)

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return self.name


class RoleGrant(models.Model):
    """A person holds a role on a unit and on everything below it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "role", "unit"], name="people_grant_once")]


class ApiToken(models.Model):
    """A revocable bearer token of a person for the API; only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
