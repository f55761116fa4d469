"""What the worker does for texts to customers. It may run twice, or in two workers at once."""

from __future__ import annotations

import logging
import time

from django.db import close_old_connections

from yingting.foundation.texts.sending import send_texts
from yingting.kernel.clocks import system_now

log = logging.getLogger(__name__)
EVERY_S = 2.0


def keep_texting() -> None:
    """Send what is due for ever, in a thread of its own: a slow gateway must hold up neither other jobs nor messages to staff."""
    while True:
        close_old_connections()
        try:
            while send_texts(now=system_now()):
                pass
        except Exception:  # the database may be away; the outbox keeps what is in it
            log.exception("the outbox of texts missed a turn")
        time.sleep(EVERY_S)
