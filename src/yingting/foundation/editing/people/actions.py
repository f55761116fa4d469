"""How people, roles, grants, passwords and API tokens are edited. Nobody gives what one does not hold, or loses the last key."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingting.foundation.editing.changing import NO_HALLS, VEIL, Change, Rule, Unique, locked, note
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import digest, require
from yingting.foundation.people.guarding import lacking, require_covers, require_still_in_charge
from yingting.foundation.people.models import ApiToken, Person, Role, RoleGrant
from yingting.foundation.people.permissions import TITLES, Permission
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.ids import new_pairing_code, new_secret

MANAGE = Permission.PEOPLE_MANAGE


def _no_halls(_row: Any) -> Q:
    """The queue remembers nothing of people: it reads rights and skills afresh."""
    return NO_HALLS


def _check_person(step: Change[Person]) -> None:
    if step.retires and step.after.pk == step.actor.id:
        raise ValidationError(_("You cannot take yourself out of use."))
    if step.before is not None and step.touches("is_active"):
        require_covers(step.actor, step.after)
    if step.touches("unit") and not step.after.unit.is_active:
        raise ValidationError({"unit": _("This unit is out of use.")})


def _check_role(step: Change[Role]) -> None:
    known = {str(permission) for permission in Permission}
    permissions = set(step.after.permissions)
    if not permissions <= known:
        raise ValidationError({"permissions": _("There is no such permission.")})
    changed = permissions ^ set(step.before.permissions if step.before else ())
    for root in Unit.objects.filter(parent=None).values_list("path", flat=True):
        _require_gives(step.actor, changed, root, field="permissions")


def _require_gives(actor: Actor, permissions: Any, path: str, field: str = "__all__") -> None:
    if missing := lacking(actor, sorted(permissions), path):
        titles = gettext("; ").join(gettext(TITLES[Permission(item)]) for item in missing)
        raise ValidationError(
            {field: _("You cannot give what you do not hold there yourself: %(rights)s.") % {"rights": titles}}
        )


def _check_grant(step: Change[RoleGrant]) -> None:
    grant = step.after
    require(step.actor, MANAGE, grant.person.unit.path)
    if not grant.unit.is_active:
        raise ValidationError({"unit": _("This unit is out of use.")})
    _require_gives(step.actor, grant.role.permissions, grant.unit.path, field="role")


def _follow_rights(step: Change[Any]) -> None:
    require_still_in_charge(step.actor)


def _top(_role: Role) -> str:
    """Roles hold everywhere, so editing one takes the right at the top of the tree."""
    return Unit.objects.filter(parent=None).order_by("path").values_list("path", flat=True).first() or ""


PEOPLE: Rule[Person] = Rule(
    Person, MANAGE, path=lambda person: person.unit.path, halls=_no_halls, check=_check_person,
    unique=(Unique(("staff_no",), "staff_no", _("Somebody has this staff number already.")),),
    fixed=frozenset({"staff_no"}), veiled=frozenset({"name"}), unseen=frozenset({"password", "last_login"}),
)  # fmt: skip
ROLES: Rule[Role] = Rule(
    Role, MANAGE, path=_top, halls=_no_halls, check=_check_role, follow=_follow_rights,
    unique=(Unique(("key",), "key", _("There is a role with this key already.")),), fixed=frozenset({"key"}),
)  # fmt: skip
GRANTS: Rule[RoleGrant] = Rule(
    RoleGrant, MANAGE, path=lambda grant: grant.unit.path, halls=_no_halls, check=_check_grant, follow=_follow_rights,
    unique=(Unique(("person", "role", "unit"), "role", _("This role is granted there already.")),),
    fixed=frozenset({"person", "role", "unit"}),
)  # fmt: skip


def set_password(person: UUID, *, password: str, actor: Actor, now: dt.datetime) -> str:
    """Give a person a password; an empty one is made up. Returns it, to be told once. Other sessions of the person end.

    Raises ValidationError (too weak, or the person may do more than the actor), Refusal record.unknown, access.refused.
    """
    with writing():
        row = locked(PEOPLE, person)
        require(actor, MANAGE, row.unit.path)
        require_covers(actor, row)
        password = password or new_pairing_code(12).lower()
        try:
            validate_password(password, row)
        except ValidationError as error:
            raise ValidationError({"password": error.messages}) from error
        row.set_password(password)
        row.save(update_fields=["password"])
        note(Person, row.pk, {"password": VEIL}, {"password": VEIL}, actor=actor, now=now)
        return password


def issue_token(person: UUID, *, name: str, actor: Actor, now: dt.datetime) -> str:
    """Make an API token that acts as the person; only its digest is kept. Returns it, to be shown once.

    Raises ValidationError, Refusal record.unknown, access.refused.
    """
    with writing():
        row = locked(PEOPLE, person)
        require(actor, MANAGE, row.unit.path)
        require_covers(actor, row)
        if not row.is_active:
            raise ValidationError(_("This person is out of use."))
        if not name.strip():
            raise ValidationError({"name": _("Say what the token is for.")})
        secret = new_secret()
        token = ApiToken.objects.create(person=row, name=name.strip()[:40], digest=digest(secret), created_at=now)
        note(ApiToken, token.pk, {}, {"person": str(row.pk), "name": token.name}, actor=actor, now=now)
        return secret


def revoke_token(token: UUID, *, actor: Actor, now: dt.datetime) -> None:
    """Make a token useless at once. Twice changes nothing. Raises Refusal record.unknown, access.refused."""
    with writing():
        row = locked(TOKENS, token)
        require(actor, MANAGE, row.person.unit.path)
        if row.revoked_at is None:
            row.revoked_at = now
            row.save(update_fields=["revoked_at"])
            note(ApiToken, row.pk, {"revoked_at": None}, {"revoked_at": now}, actor=actor, now=now)


# Only for fetching under lock: tokens are issued and revoked, never edited.
TOKENS: Rule[ApiToken] = Rule(ApiToken, MANAGE, path=lambda token: token.person.unit.path, halls=_no_halls)
