"""Who may stand before the kiosk: by a typed number or a scanned card, within the hall's reach. It answers codes, never a name."""

from __future__ import annotations

import re
from uuid import UUID

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.refusals import CUSTOMER_NOT_FOUND
from yingting.domains.queueing.rules.knowing import KnownBy
from yingting.foundation.customers.contracts import Known
from yingting.foundation.customers.finding import recognise
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

_DIGITS = re.compile(r"\+?\d{7,15}")
TYPED_LENGTH = 24


def recognised_at_kiosk(setup: HallSetup, typed: str) -> tuple[UUID | None, str]:
    """Return the file that a telephone number or card stands for, and how it was recognised; (None, "") for nobody.

    Several files under one number are never guessed from: nobody is linked, and the counter is told to ask.
    """
    typed = typed.replace(" ", "").strip()[:TYPED_LENGTH]
    if not typed:
        return None, ""
    is_phone = _DIGITS.fullmatch(typed) is not None
    found = recognise(path=setup.path, **({"phone": typed} if is_phone else {"card": typed}))
    if len(found) > 1:
        return None, KnownBy.SEVERAL.value
    if not found:
        return None, ""
    return found[0].id, (KnownBy.PHONE if is_phone else KnownBy.CARD).value


def found_by_phone(setup: HallSetup, phone: str, *, actor: Actor) -> tuple[Known, ...]:
    """Return the files within the hall's reach that hold exactly this number: for staff with the customer before them.

    Raises Refusal access.refused, ticket.customer_not_found.
    """
    require(actor, Permission.CUSTOMERS_VIEW, setup.path)
    found = recognise(path=setup.path, phone=phone) if phone.strip() else ()
    if not found:
        raise Refusal(CUSTOMER_NOT_FOUND)
    return found
