"""Who may stand before the kiosk: by a typed number or a scanned card, within the hall's reach. It answers codes, never a name."""

from __future__ import annotations

import re
from uuid import UUID

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.rules.knowing import KnownBy
from yingting.foundation.customers.finding import recognise

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
