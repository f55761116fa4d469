"""The last line of defence: what is written to a log holds no telephone, identity or card number and no e-mail address."""

from __future__ import annotations

import logging

from yingting.foundation.privacy.rules import masked_text


class MaskingFormatter(logging.Formatter):
    """Writes a line as logging does, and hides what is personal in it: in the message, its arguments, and the traceback.

    A filter would see the message only; what an exception says is put in by the formatter.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, masked."""
        return masked_text(super().format(record))
