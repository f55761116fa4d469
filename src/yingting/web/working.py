"""The worker process: queued tasks, and a small schedule of jobs that may run twice without harm."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from yingting.domains.appointments.jobs import compare_bookings, look_after_bookings, text_customers, write_places_down
from yingting.domains.appointments.reactions import follow_visits
from yingting.domains.cases.jobs import keep_calendars, keep_watch_over_clocks, look_after_cases
from yingting.domains.detection.jobs import ask_for_a_look, ask_to_learn_anew, look_after_audits, watch_staff_numbers
from yingting.domains.floor.jobs import find_absences, look_after_the_lobby
from yingting.domains.peaks.jobs import keep_watch
from yingting.domains.queueing.jobs import close_days_that_are_over
from yingting.domains.relations.jobs import look_after_customers
from yingting.domains.voices.jobs import look_after_voices
from yingting.foundation.alerting.jobs import watch_indicators, watch_running_days
from yingting.foundation.customers.jobs import class_customers
from yingting.foundation.evidence.jobs import sweep_proofs
from yingting.foundation.lake.keeping import follow_the_journal, merge_old_days, recount
from yingting.foundation.notify.jobs import forget_old_messages, keep_sending
from yingting.foundation.privacy.jobs import erase_due
from yingting.foundation.texts.jobs import keep_texting
from yingting.kernel.clocks import system_now
from yingting.planning.announcing import ask_for_wait_models
from yingting.planning.twins.mending import mend_runs
from yingting.reporting.bulletins.jobs import remind_of_what_is_overdue

log = logging.getLogger(__name__)
_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Job:
    """A job of the schedule: its name, how often it runs, and what it does."""

    name: str
    every_s: float
    run: Callable[[], object]


def _forget_old_sessions() -> None:
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def _forget_old_tasks() -> None:
    call_command("prune_db_task_results", min_age_days=14, verbosity=0)


def _fill_lake() -> None:
    follow_the_journal(system_now())


def _recount_lake() -> None:
    recount(system_now())


def _compact_lake() -> None:
    merge_old_days(system_now())


SCHEDULE = (
    Job("close days", 20.0, close_days_that_are_over),
    Job("follow the visits of bookings", 15.0, follow_visits),
    Job("find absences", 60.0, find_absences),
    Job("look after the lobby", 10.0, look_after_the_lobby),
    Job("look after bookings", 20.0, look_after_bookings),
    Job("compare bookings", 120.0, compare_bookings),
    Job("text customers about bookings", 30.0, text_customers),
    Job("write places down", 600.0, write_places_down),
    Job("look after cases", 20.0, look_after_cases),
    Job("watch staff numbers", 120.0, watch_staff_numbers),
    Job("look over the cases", 3600.0, ask_for_a_look),
    Job("learn categories anew", _DAY_S, ask_to_learn_anew),
    Job("look after audits", 3600.0, look_after_audits),
    Job("look after voices", 60.0, look_after_voices),
    Job("learn the waits", 3600.0, ask_for_wait_models),
    Job("mend the twin's runs", 300.0, mend_runs),
    Job("recount the lake", _DAY_S, _recount_lake),
    Job("compact the lake", _DAY_S, _compact_lake),
    Job("fill the lake", 60.0, _fill_lake),
    Job("watch the running days", 15.0, watch_running_days),
    Job("watch the indicators", 1800.0, watch_indicators),
    Job("overdue bulletins", 3600.0, remind_of_what_is_overdue),
    Job("personal data", _DAY_S, erase_due),
    Job("look after customers", _DAY_S, look_after_customers),
    Job("class customers", _DAY_S, class_customers),
    Job("sweep proofs", _DAY_S, sweep_proofs),
    Job("old messages", _DAY_S, forget_old_messages),
    Job("old sessions", _DAY_S, _forget_old_sessions),
    Job("old tasks", _DAY_S, _forget_old_tasks),
)


class Schedule:
    """Runs each job when it is due. A job that fails is logged and tried again at its next turn."""

    def __init__(self, jobs: Sequence[Job] = SCHEDULE, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due = {job: clock() for job in jobs}

    def run_due(self) -> list[str]:
        """Run what is due now and return the names of the jobs that succeeded."""
        done = []
        for job, due in self._due.items():
            if due > self._clock():
                continue
            self._due[job] = self._clock() + job.every_s
            try:
                job.run()
                done.append(job.name)
            except Exception:  # one bad job must not stop the others
                log.exception("job %s failed", job.name)
        return done


def _keep_schedule() -> None:
    schedule = Schedule()
    while True:
        close_old_connections()
        schedule.run_due()
        time.sleep(5)


def work() -> None:
    """Run tasks, the schedule, the watch over halls, clocks and calendars until told to stop."""
    threading.Thread(target=_keep_schedule, name="schedule", daemon=True).start()
    threading.Thread(target=keep_watch, name="alerts", daemon=True).start()
    threading.Thread(target=keep_watch_over_clocks, name="clocks", daemon=True).start()
    threading.Thread(target=keep_calendars, name="calendars", daemon=True).start()
    threading.Thread(target=keep_sending, name="messages", daemon=True).start()
    threading.Thread(target=keep_texting, name="texts", daemon=True).start()
    worker = Worker(
        queue_names=["*"], interval=0.5, batch=False, backend_name="default", startup_delay=False, max_tasks=None,
        worker_id=get_random_string(32), excluded_queue_names=[],
    )  # fmt: skip
    worker.configure_signals()
    worker.run()
