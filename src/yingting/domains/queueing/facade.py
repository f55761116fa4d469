"""What domains above the queue may call. Each name is the queue's own action or query, said again here so that a border can
be seen; whoever needs more adds it here.
"""

from __future__ import annotations

from yingting.domains.queueing.actions.announcing import install_wait_model
from yingting.domains.queueing.actions.expecting import expect_booking, forget_booking
from yingting.domains.queueing.actions.issuing import issue_ticket
from yingting.domains.queueing.actions.knowing import know_customer
from yingting.domains.queueing.actions.modes import end_forced_mode, start_forced_mode
from yingting.domains.queueing.actions.moving import entitle, leave, move_waiting
from yingting.domains.queueing.actions.steering import take_other_channel
from yingting.domains.queueing.actions.stepping import answered, is_taken_key
from yingting.domains.queueing.contracts import BOOKED, Booked, CustomerLink, IssuedTicket, KnownVisit
from yingting.domains.queueing.queries.announcing import (
    PastWait,
    WaitModelRecord,
    announcing_rule,
    past_waits,
    wait_models_of,
)
from yingting.domains.queueing.queries.boards import HallBoard, HallLive, hall_board, hall_live, waiting_now
from yingting.domains.queueing.queries.counters import hall_of_own_session
from yingting.domains.queueing.queries.days import open_days
from yingting.domains.queueing.queries.floor import FreeClerk, free_clerks
from yingting.domains.queueing.queries.green_channel import GREEN_CHANNEL, Entitlement
from yingting.domains.queueing.queries.knowing import links_of, visits_of_customer
from yingting.domains.queueing.queries.known_visits import (
    SeenVisit,
    VisitEnd,
    VisitTotals,
    ends_of,
    seen_visits,
    tickets_of,
    visit_totals,
)
from yingting.domains.queueing.queries.pressure import (
    ForcedStretch,
    Line,
    Pressure,
    Seat,
    VisitWait,
    Waiter,
    forced_stretches,
    pressure,
    spans_in_line,
    waits_of_day,
)
from yingting.domains.queueing.queries.quiet import QuietSeat, quiet_seat
from yingting.domains.queueing.queries.setup import fresh_setup, hall_now, hours_of, rule_in, skill_codes_of
from yingting.domains.queueing.queries.tickets import (
    OwnSeat,
    ServedTicket,
    TicketAt,
    issued_ticket,
    own_seat,
    served_tickets,
    ticket_at,
    ticket_by_secret,
    ticket_of_day,
    tickets_at,
)
from yingting.domains.queueing.refusals import (
    KEY_REUSED,
    NOT_OFFERED,
    NOT_YOURS,
    QUEUE_UNKNOWN,
    REASON_NEEDED,
    TICKET_UNKNOWN,
)
from yingting.domains.queueing.rules import Place
from yingting.domains.queueing.rules.announcing import AnnouncingRule, InstalledWaits
from yingting.domains.queueing.rules.knowing import KnownBy

__all__ = [
    "BOOKED",
    "GREEN_CHANNEL",
    "KEY_REUSED",
    "NOT_OFFERED",
    "NOT_YOURS",
    "QUEUE_UNKNOWN",
    "REASON_NEEDED",
    "TICKET_UNKNOWN",
    "AnnouncingRule",
    "Booked",
    "CustomerLink",
    "Entitlement",
    "ForcedStretch",
    "FreeClerk",
    "HallBoard",
    "HallLive",
    "InstalledWaits",
    "IssuedTicket",
    "KnownBy",
    "KnownVisit",
    "Line",
    "OwnSeat",
    "PastWait",
    "Place",
    "Pressure",
    "QuietSeat",
    "Seat",
    "SeenVisit",
    "ServedTicket",
    "TicketAt",
    "VisitEnd",
    "VisitTotals",
    "VisitWait",
    "WaitModelRecord",
    "Waiter",
    "announcing_rule",
    "answered",
    "end_forced_mode",
    "ends_of",
    "entitle",
    "expect_booking",
    "forced_stretches",
    "forget_booking",
    "free_clerks",
    "fresh_setup",
    "hall_board",
    "hall_live",
    "hall_now",
    "hall_of_own_session",
    "hours_of",
    "install_wait_model",
    "is_taken_key",
    "issue_ticket",
    "issued_ticket",
    "know_customer",
    "leave",
    "links_of",
    "move_waiting",
    "open_days",
    "own_seat",
    "past_waits",
    "pressure",
    "quiet_seat",
    "rule_in",
    "seen_visits",
    "served_tickets",
    "skill_codes_of",
    "spans_in_line",
    "start_forced_mode",
    "take_other_channel",
    "ticket_at",
    "ticket_by_secret",
    "ticket_of_day",
    "tickets_at",
    "tickets_of",
    "visit_totals",
    "visits_of_customer",
    "wait_models_of",
    "waiting_now",
    "waits_of_day",
]
