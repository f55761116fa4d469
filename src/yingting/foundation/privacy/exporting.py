"""The one way in which a file with personal data leaves the house: asked for, allowed, written down, then handed out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import HttpResponse

from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.disclosing import What, Why, disclose, require_why
from yingting.foundation.privacy.models import Disclosure, Ways
from yingting.foundation.sheets import Sheet, download
from yingting.kernel.actors import Actor

NO_STORE = "no-store, private"


def record_export(
    what: What, why: Why, *, path: str, actor: Actor, now: dt.datetime, permission: Permission = Permission.PRIVACY_EXPORT
) -> Disclosure:  # fmt: skip
    """Write an export down before it leaves. Raises Refusal access.refused, hall.unknown, personal.reason, personal.note."""
    with writing():
        require(actor, permission, path)
        require_why(why, path, now)
        return disclose(Ways.EXPORT, what, why, path=path, actor=actor, now=now)


def recorded_export(
    sheets: Sequence[Sheet], form: str, name: str, *, what: What, why: Why, path: str, actor: Actor, now: dt.datetime,
    permission: Permission = Permission.PRIVACY_EXPORT,
) -> HttpResponse:  # fmt: skip
    """Return the answer that hands out tables with personal data ("xlsx" all of them, "csv" the first), written down.

    `path` is the part of the tree that the rows come from; the right is asked there. Raises Refusal as `record_export`.
    """
    record_export(what, why, path=path, actor=actor, now=now, permission=permission)
    response = download(sheets, form, name)
    response.headers["Cache-Control"] = NO_STORE
    return response
