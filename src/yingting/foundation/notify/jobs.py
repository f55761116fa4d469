"""What the worker does for messages. Both may run twice, or in two workers at once."""

from __future__ import annotations

import logging
import time

from django.db import close_old_connections

from yingting.foundation.notify.keeping import forget_old
from yingting.foundation.notify.sending import send_due
from yingting.kernel.clocks import system_now

log = logging.getLogger(__name__)
EVERY_S = 2.0  # a test message should not keep its sender waiting


def keep_sending() -> None:
    """Send what is due for ever. The worker runs it in a thread of its own: a slow service must not hold up other jobs."""
    while True:
        close_old_connections()
        try:
            send_due(now=system_now())
        except Exception:  # the database may be away; the outbox keeps what is in it
            log.exception("the outbox missed a turn")
        time.sleep(EVERY_S)


def forget_old_messages() -> int:
    """Delete what has been kept long enough; return how many rows."""
    return forget_old(now=system_now())
