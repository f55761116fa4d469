"""What the domains above may call of the queue: its actions and queries under one roof, nothing of its tables."""

from __future__ import annotations

from yingting.domains.queueing.actions.issuing import issue_ticket
from yingting.domains.queueing.actions.moving import leave, move_waiting
from yingting.domains.queueing.actions.stepping import answered, is_taken_key
from yingting.domains.queueing.queries.boards import HallBoard, HallLive, hall_board, hall_live, waiting_now
from yingting.domains.queueing.queries.setup import fresh_setup, hall_now
from yingting.domains.queueing.queries.tickets import TicketAt, issued_ticket, ticket_at, tickets_at
from yingting.domains.queueing.refusals import KEY_REUSED, NOT_OFFERED, QUEUE_UNKNOWN, REASON_NEEDED, TICKET_UNKNOWN
from yingting.domains.queueing.rules import Place

__all__ = [
    "KEY_REUSED",
    "NOT_OFFERED",
    "QUEUE_UNKNOWN",
    "REASON_NEEDED",
    "TICKET_UNKNOWN",
    "HallBoard",
    "HallLive",
    "Place",
    "TicketAt",
    "answered",
    "fresh_setup",
    "hall_board",
    "hall_live",
    "hall_now",
    "is_taken_key",
    "issue_ticket",
    "issued_ticket",
    "leave",
    "move_waiting",
    "ticket_at",
    "tickets_at",
    "waiting_now",
]
