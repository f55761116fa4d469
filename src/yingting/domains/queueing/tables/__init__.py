"""The fact tables of the queue and the two sources that fill them: other machines' logs, and our own journal. Pure."""

from yingting.domains.queueing.tables.declared import COUNTER_TIME, MODES, STEERINGS, STINTS, TABLES, VISITS
from yingting.domains.queueing.tables.foreign_logs import TICKET_LOG, stints_from_visits
from yingting.domains.queueing.tables.naming import SOURCE, Labels
from yingting.domains.queueing.tables.own_journal import FOLD_VERSION, PREFIXES, Rows, fold_day

__all__ = [
    "COUNTER_TIME", "FOLD_VERSION", "MODES", "PREFIXES", "SOURCE", "STEERINGS", "STINTS", "TABLES", "TICKET_LOG",
    "VISITS", "Labels", "Rows", "fold_day", "stints_from_visits",
]  # fmt: skip
