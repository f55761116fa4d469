"""Open and close business days. Nothing is deleted at night: what was open lapses, with a fact."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import F

from yingting.domains.queueing.actions.stepping import end_handling, end_mode, setup_changed, step_session, step_ticket
from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facts import DayClosed, DayOpened, DayReopened, SessionClosed, TicketLapsed
from yingting.domains.queueing.models import CounterSession, ForcedMode, HallDay, SessionState, Ticket, TicketState
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.domains.queueing.refusals import DAY_CLOSED, DAY_OPEN
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import SYSTEM, Actor
from yingting.kernel.clocks import local_instant
from yingting.kernel.refusals import Refusal

_LAPSING = (TicketState.WAITING, TicketState.CALLED, TicketState.MISSED, TicketState.PARKED, TicketState.SERVING)
# Days that this process has seen open; a day is never deleted, so remembering is safe.
_opened: set[tuple[UUID, dt.date]] = set()


def ensure_day(setup: HallSetup, *, day: dt.date, now: dt.datetime, actor: Actor) -> None:
    """Open the hall's business day if nobody has yet, after closing every earlier one that was left open.

    Raises Refusal day.closed when the day has been closed already.
    """
    if setup.closed_through is not None and day <= setup.closed_through:
        raise Refusal(DAY_CLOSED)
    if (setup.id, day) in _opened:
        return
    if not HallDay.objects.filter(hall=setup.id, business_day=day).exists():
        with writing():
            for left in HallDay.objects.filter(hall=setup.id, business_day__lt=day, closed_at__isnull=True):
                _close(setup, left, at=_closing_moment(setup, left.business_day, now), actor=SYSTEM)
            opened, is_new = HallDay.objects.get_or_create(
                hall_id=setup.id, business_day=day, defaults={"opened_at": now}
            )
            if is_new:
                record(DayOpened(), subject=opened.pk, version=1, hall=setup.id, business_day=day, actor=actor, now=now)
    _opened.add((setup.id, day))


def close_day(*, hall: UUID, day: dt.date, actor: Actor, now: dt.datetime) -> int:
    """Close a business day: waiting, called, missed and parked tickets lapse, counters are signed out.

    Returns the number of lapsed tickets. Closing a closed or never opened day changes nothing and returns 0.
    Raises Refusal day.open while customers are being served, access.refused.
    """
    setup = fresh_setup(hall)
    require(actor, Permission.QUEUE_SUPERVISE, setup.path)
    with writing():
        open_day = HallDay.objects.filter(hall=hall, business_day=day, closed_at__isnull=True).first()
        if open_day is None:
            return 0
        served = Ticket.objects.filter(hall=hall, business_day=day, state=TicketState.SERVING).count()
        if served:
            raise Refusal(DAY_OPEN, count=served)
        return _close(setup, open_day, at=now, actor=actor)


def reopen_day(*, hall: UUID, day: dt.date, actor: Actor, now: dt.datetime) -> None:
    """Take customers again on a day that was closed too early. What lapsed stays lapsed; counters are opened anew.

    Reopening a day that is open changes nothing. Raises Refusal day.closed for any day but the last closed one, access.refused.
    """
    setup = fresh_setup(hall)
    require(actor, Permission.QUEUE_SUPERVISE, setup.path)
    with writing():
        row = HallDay.objects.filter(hall=hall, business_day=day).first()
        if row is None or row.closed_at is None:
            return
        if day != setup.day(now):
            raise Refusal(DAY_CLOSED)
        HallDay.objects.filter(pk=row.pk).update(closed_at=None, version=F("version") + 1)
        record(
            DayReopened(), subject=row.pk, version=row.version + 1, hall=hall, business_day=day, actor=actor,
            now=max(now, row.closed_at),
        )  # fmt: skip
        setup_changed(hall)
    publish(hall)


def _closing_moment(setup: HallSetup, day: dt.date, now: dt.datetime) -> dt.datetime:
    """When the day should have been closed: at the end of its opening hours, not when somebody noticed."""
    spans = setup.hours.on(day)
    end = local_instant(day, spans[-1].closes if spans else dt.time(23, 59, 59), setup.timezone)
    return min(end, now)


def _close(setup: HallSetup, day: HallDay, *, at: dt.datetime, actor: Actor) -> int:
    lapsed = 0
    CounterSession.objects.filter(hall=setup.id, business_day=day.business_day).update(ticket=None)
    for ticket in Ticket.objects.filter(hall=setup.id, business_day=day.business_day, state__in=_LAPSING):
        if ticket.state == TicketState.SERVING:
            end_handling(ticket, at=max(at, ticket.changed_at), outcome="lapsed")
        step_ticket(
            ticket, TicketLapsed(was=ticket.state), frm=_LAPSING, now=at, actor=actor,
            state=TicketState.LAPSED, ended_at=max(at, ticket.changed_at), counter=None, session=None,
        )  # fmt: skip
        lapsed += 1
    sessions = CounterSession.objects.filter(hall=setup.id, business_day=day.business_day).exclude(
        state=SessionState.CLOSED
    )
    closed = 0
    for session in sessions:
        step_session(
            session, SessionClosed(why="day_end"), frm=(SessionState.OPEN, SessionState.PAUSED), now=at, actor=actor,
            state=SessionState.CLOSED, closed_at=max(at, session.changed_at),
        )  # fmt: skip
        closed += 1
    for mode in ForcedMode.objects.filter(hall=setup.id, business_day=day.business_day, ended_at__isnull=True):
        end_mode(mode, at=at, actor=actor, why="day_end")
    HallDay.objects.filter(pk=day.pk).update(closed_at=max(at, day.opened_at), version=F("version") + 1)
    setup_changed(setup.id)
    record(
        DayClosed(lapsed=lapsed, sessions=closed), subject=day.pk, version=day.version + 1, hall=setup.id,
        business_day=day.business_day, actor=actor, now=max(at, day.opened_at),
    )  # fmt: skip
    publish(setup.id)
    return lapsed
