"""Print in the background: the ticket is already the customer's, whatever the printer does."""

from __future__ import annotations

import datetime as dt
import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from django.db import connections

from yingting.domains.queueing.actions.slips import claim_slip, note_slip
from yingting.domains.queueing.contracts import IssuedTicket
from yingting.domains.queueing.printing.layout import SlipRow
from yingting.domains.queueing.printing.printer import PrinterFailed, printer_address, send, slip_bytes
from yingting.kernel.actors import Actor

log = logging.getLogger(__name__)
# A few kiosks share a server process; a printer that hangs holds one thread for seconds only.
_printers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="slip")


@dataclass(frozen=True, slots=True)
class SlipJob:
    """One slip to print: the ticket, its rows, and the printer's address as the administrator wrote it."""

    ticket: IssuedTicket
    business_day: dt.date
    rows: tuple[SlipRow, ...]
    printer: str
    actor: Actor
    now: dt.datetime


def print_soon(job: SlipJob) -> Future[str]:
    """Start printing and return at once; the journal tells how it ends. Asking again for the same ticket prints nothing."""
    return _printers.submit(_print_and_let_go, job)


def _print_and_let_go(job: SlipJob) -> str:
    try:
        return print_slip(job)
    except Exception:
        log.exception("slip of %s", job.ticket.id)
        raise
    finally:
        connections.close_all()


def print_slip(job: SlipJob) -> str:
    """Print the slip if nobody has claimed it before; return printed, failed or elsewhere."""
    if not claim_slip(ticket=job.ticket, business_day=job.business_day, actor=job.actor, now=job.now):
        return "elsewhere"
    started, failed = time.monotonic(), ""
    try:
        address = printer_address(job.printer)
        send(slip_bytes(job.rows, address), address)
    except PrinterFailed as no:
        failed = no.why
        log.warning("slip of %s: %s (%s)", job.ticket.number, no.why, job.actor.label)
    note_slip(
        ticket=job.ticket, business_day=job.business_day, actor=job.actor, now=job.now,
        took_s=time.monotonic() - started, failed=failed,
    )  # fmt: skip
    return "failed" if failed else "printed"
