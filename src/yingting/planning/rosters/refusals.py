"""Refusals of planning rosters, each with its sentence."""

from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

NOT_A_WEEK = declare("rosters.not_a_week", _("A week is named by its Monday."), status=404)
WEEK_OVER = declare("rosters.week_over", _("This week is over. Plan a week to come."), status=422)
NO_STAFF = declare(
    "rosters.no_staff",
    _("Nobody works at the counters of this hall. Give people of the hall a role that serves at counters."),
    status=422,
)
NO_SHIFTS = declare("rosters.no_shifts", _("This hall has no shifts. Set them in the rules of the hall."), status=422)
PLANNING_RUNS = declare("rosters.planning_runs", _("This week is being planned already. Wait for it, or cancel it."))
NO_ROSTER = declare("rosters.no_roster", _("This week has no roster yet. Plan it first."), status=404)
PERSON_UNKNOWN = declare("rosters.person_unknown", _("This person or day is not part of the roster."), status=404)
NOT_REFUSED = declare("rosters.not_refused", _("This wish is met, or there is none."), status=422)
