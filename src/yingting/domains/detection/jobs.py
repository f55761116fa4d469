"""What the worker does for detection. Each may run twice, or in two workers at once. Long work becomes a task of its own: the
schedule does not wait for it.
"""

from __future__ import annotations

import datetime as dt

from yingting.domains.cases.facade import house_now
from yingting.domains.detection.actions.alarming import look_at_staff_numbers
from yingting.domains.detection.actions.asking import ask_for_look, ask_to_learn
from yingting.domains.detection.actions.auditing import draw_what_is_due, note_overdue
from yingting.domains.detection.queries.standouts import is_looked_over
from yingting.domains.detection.queries.suggestions import due_anew
from yingting.foundation.days import local_day
from yingting.kernel.actors import SYSTEM


def watch_staff_numbers() -> int:
    """Bring the alarms about staff numbers in step with the complaints."""
    return look_at_staff_numbers(actor=SYSTEM, now=house_now())


def ask_for_a_look() -> bool:
    """Ask for a look over the cases of the days that are over, once they are; return whether it was still to be done."""
    now = house_now()
    yesterday = local_day(now) - dt.timedelta(days=1)
    if is_looked_over(yesterday):
        return False
    ask_for_look(last=yesterday, actor=SYSTEM, now=now)
    return True


def ask_to_learn_anew() -> int:
    """Ask for the models anew that are older than their rule says; return how many."""
    now = house_now()
    units = due_anew(now)
    for unit in units:
        ask_to_learn(unit=unit, actor=SYSTEM, now=now)
    return len(units)


def look_after_audits() -> None:
    """Draw the rounds of audits that are due, and write down which are overdue."""
    now = house_now()
    draw_what_is_due(actor=SYSTEM, now=now)
    note_overdue(actor=SYSTEM, now=now)
