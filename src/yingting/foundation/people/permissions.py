"""Every permission of the house, with its sentence. A permission is always granted on a part of the organisation tree."""

from __future__ import annotations

from enum import StrEnum

from yingting.kernel.words import gettext_noop


class Permission(StrEnum):
    """Codes of permissions; `TITLES` says each in words."""

    QUEUE_VIEW = "queue.view"
    QUEUE_ISSUE = "queue.issue"
    QUEUE_SERVE = "queue.serve"
    QUEUE_SUPERVISE = "queue.supervise"
    FLOOR_GUIDE = "floor.guide"
    FLOOR_PLAN = "floor.plan"
    SHIFTS_PLAN = "shifts.plan"
    REPORT_VIEW = "report.view"
    REPORT_IMPORT = "report.import"
    TWIN_ASK = "twin.ask"
    BULLETIN_ISSUE = "bulletin.issue"
    SCORE_FREEZE = "score.freeze"
    FIGURES_ENTER = "figures.enter"
    BASELINE_TAKE = "baseline.take"
    HALL_CONFIGURE = "hall.configure"
    CATALOGUE_CONFIGURE = "catalogue.configure"
    PEOPLE_MANAGE = "people.manage"
    DEVICE_MANAGE = "device.manage"
    NOTIFY_CONFIGURE = "notify.configure"
    CASE_REGISTER = "case.register"
    CASE_HANDLE = "case.handle"
    CASE_SUPERVISE = "case.supervise"
    CASE_PENALISE = "case.penalise"
    CASE_CONFIGURE = "case.configure"
    PRIVACY_REVEAL = "privacy.reveal"
    PRIVACY_EXPORT = "privacy.export"
    PRIVACY_AUDIT = "privacy.audit"
    PRIVACY_JUDGE = "privacy.judge"
    PRIVACY_RETAIN = "privacy.retain"
    CALENDAR_CONFIGURE = "calendar.configure"
    CUSTOMERS_VIEW = "customers.view"
    CUSTOMERS_KEEP = "customers.keep"
    CUSTOMERS_MANAGE = "customers.manage"
    APPOINTMENTS_BOOK = "appointments.book"
    APPOINTMENTS_PLAN = "appointments.plan"


TITLES: dict[Permission, str] = {
    Permission.QUEUE_VIEW: gettext_noop("See the hall live"),
    Permission.QUEUE_ISSUE: gettext_noop("Issue tickets"),
    Permission.QUEUE_SERVE: gettext_noop("Serve customers at a counter"),
    Permission.QUEUE_SUPERVISE: gettext_noop("Open and close counters, act on the whole queue"),
    Permission.FLOOR_GUIDE: gettext_noop("Guide customers on the floor"),
    Permission.FLOOR_PLAN: gettext_noop("Plan who stands at which post"),
    Permission.SHIFTS_PLAN: gettext_noop("Plan shifts: terms, absences, rosters"),
    Permission.REPORT_VIEW: gettext_noop("Read reports"),
    Permission.REPORT_IMPORT: gettext_noop("Import logs of queue machines"),
    Permission.TWIN_ASK: gettext_noop("Ask the twin of a hall: what if, calibration"),
    Permission.BULLETIN_ISSUE: gettext_noop("Draft, issue and withdraw bulletins"),
    Permission.SCORE_FREEZE: gettext_noop("Freeze scorecards and decide on corrections"),
    Permission.FIGURES_ENTER: gettext_noop("Enter figures such as costs and market share"),
    Permission.BASELINE_TAKE: gettext_noop("Take baselines before a measure"),
    Permission.HALL_CONFIGURE: gettext_noop("Edit halls, zones, counters, hours, queues"),
    Permission.CATALOGUE_CONFIGURE: gettext_noop("Edit the business catalogue and priority classes"),
    Permission.PEOPLE_MANAGE: gettext_noop("Edit people, roles and skills"),
    Permission.DEVICE_MANAGE: gettext_noop("Pair and revoke kiosks and boards"),
    Permission.NOTIFY_CONFIGURE: gettext_noop("Say where messages are sent: robots, e-mail, SMS"),
    Permission.CASE_REGISTER: gettext_noop("Register complaints, suggestions and other cases"),
    Permission.CASE_HANDLE: gettext_noop("Handle cases: verify, answer, hand over, check"),
    Permission.CASE_SUPERVISE: gettext_noop("Assign cases, decide on escalation and responsibility"),
    Permission.CASE_PENALISE: gettext_noop("Decide by the staff rules what follows from a finding"),
    Permission.CASE_CONFIGURE: gettext_noop("Edit processes, channels and categories of cases"),
    Permission.PRIVACY_REVEAL: gettext_noop("Reveal personal data of customers, with a reason"),
    Permission.PRIVACY_EXPORT: gettext_noop("Take files with personal data out, with a reason"),
    Permission.PRIVACY_AUDIT: gettext_noop("See who revealed or exported personal data"),
    Permission.PRIVACY_JUDGE: gettext_noop("Audit reveals and exports: draw, judge, close"),
    Permission.PRIVACY_RETAIN: gettext_noop("Rules of personal data: keep, hold and erase"),
    Permission.CALENDAR_CONFIGURE: gettext_noop("Edit working time; on the whole tree, load holiday notices"),
    Permission.CUSTOMERS_VIEW: gettext_noop("Find customers, see their files by mask"),
    Permission.CUSTOMERS_KEEP: gettext_noop("Keep customer files: register, correct, consent, contacts"),
    Permission.CUSTOMERS_MANAGE: gettext_noop(
        "Class, merge and import customers, name account managers, answer their rights"
    ),
    Permission.APPOINTMENTS_BOOK: gettext_noop("Book, change and check in appointments for customers"),
    Permission.APPOINTMENTS_PLAN: gettext_noop("Plan places for appointments, decide on no-shows and moved bookings"),
}
