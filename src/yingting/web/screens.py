"""The screens of the house by url name: who may open each, and what it is for. The bar and the start page list them.

A screen whose address does not resolve in this installation is left out, so that a room may be built later.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _


class Room(Titled):
    """The part of the house that a screen belongs to; the first page of a demo is in this order."""

    HALL = "hall", _("In the hall")
    LOOPS = "loops", _("Complaints, promises, suggestions")
    EVIDENCE = "evidence", _("Figures and reports")
    HOUSE = "house", _("Running the house")


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen: its url name, its words, the permission that opens it (None: everybody), who opens it in the demo, and its part
    of the house.

    `per_hall` screens take the hall's code in their address; those not `in_bar` stand on the start page only.
    """

    name: str
    title: str
    purpose: str
    permission: Permission | None = None
    demo_as: str = ""
    per_hall: bool = False
    in_bar: bool = True
    room: Room = Room.HALL


SCREENS = (
    Screen(
        "queueing:kiosk-of-hall",
        _("Ticket kiosk"),
        _("A customer takes a number in two taps, with the papers needed."),
        Permission.QUEUE_ISSUE,
        demo_as="1101",
        per_hall=True,
        in_bar=False,
    ),
    Screen(
        "queueing:board-of-hall",
        _("Hall board"),
        _("Now calling, recently called and waiting, on the wall and by voice."),
        Permission.QUEUE_VIEW,
        demo_as="1201",
        per_hall=True,
        in_bar=False,
    ),
    Screen(
        "queueing:counter",
        _("Counter"),
        _("A clerk calls, serves and finishes, by keyboard alone."),
        Permission.QUEUE_SERVE,
        demo_as="1001",
    ),
    Screen(
        "floor:guide",
        _("Guide"),
        _(
            "A guide on the phone takes needs, checks papers, issues numbers and shows other ways, also without a signal."
        ),
        Permission.FLOOR_GUIDE,
        demo_as="1101",
    ),
    Screen(
        "queueing:floor",
        _("Live hall"),
        _("The duty manager sees who waits too long and opens counters."),
        Permission.QUEUE_VIEW,
        demo_as="1201",
    ),
    Screen(
        "customers:desk",
        _("Customer files"),
        _("Find a customer by phone, identity number or name; open and keep files, consents, tags, account managers."),
        Permission.CUSTOMERS_VIEW,
        demo_as="1301",
    ),
    Screen(
        "relations:mine",
        _("Care for customers"),
        _(
            "Frequent visitors and their teaching, care, leads, visits, notices, entitlements; who has not come for long."
        ),
        Permission.CUSTOMERS_VIEW,
        demo_as="1301",
        in_bar=False,
    ),
    Screen(
        "customers:requests",
        _("Requests about personal data"),
        _(
            "Customers see, correct or delete what is held of them: who asks is checked, the clock runs, a person answers."
        ),
        Permission.CUSTOMERS_MANAGE,
        demo_as="9001",
        in_bar=False,
        room=Room.HOUSE,
    ),
    Screen(
        "customers:import",
        _("Take in a list of customers"),
        _(
            "Customer lists of other systems become files; checked first, every bad row named, duplicates left to a person."
        ),
        Permission.CUSTOMERS_MANAGE,
        demo_as="1301",
        in_bar=False,
        room=Room.HOUSE,
    ),
    Screen(
        "cases:queue",
        _("Case work"),
        _("Complaints and other cases by their clocks: yours, offered to you, overdue; search by number or telephone."),
        Permission.CASE_HANDLE,
        demo_as="1201",
        room=Room.LOOPS,
    ),
    Screen(
        "cases:new",
        _("Register a case"),
        _("A complaint, a grumble or another case is written down in under a minute and gets its number."),
        Permission.CASE_REGISTER,
        demo_as="1001",
        in_bar=False,
        room=Room.LOOPS,
    ),
    Screen(
        "reporting:board",
        _("Board"),
        _("Figures of a unit against target, the time before and peers, down to the ticket behind the number."),
        Permission.REPORT_VIEW,
        demo_as="9001",
        room=Room.EVIDENCE,
    ),
    Screen(
        "bulletins:archive",
        _("Bulletins"),
        _("Notices and tables with ranking, shortcomings and duties: what went to you, what is due, and the archive."),
        Permission.QUEUE_VIEW,
        demo_as="1301",
        in_bar=False,
        room=Room.EVIDENCE,
    ),
    Screen(
        "scorecards:cards",
        _("Scorecards"),
        _("Each hall's month in points: four dimensions, the quality gate, frozen cards and their corrections."),
        Permission.REPORT_VIEW,
        demo_as="9001",
        in_bar=False,
        room=Room.EVIDENCE,
    ),
    Screen(
        "twins:halls",
        _("Twin"),
        _(
            "What would happen if: more counters, other rules, fewer customers, tried on a hall's twin before anybody tries it."
        ),
        Permission.TWIN_ASK,
        demo_as="1301",
        in_bar=False,
        room=Room.EVIDENCE,
    ),
    Screen(
        "rosters:halls",
        _("Rosters"),
        _(
            "Who works when: a hall's week planned from the customers to come, with leave, skills and wishes, and what it costs."
        ),
        Permission.SHIFTS_PLAN,
        demo_as="1301",
        in_bar=False,
        room=Room.EVIDENCE,
    ),
    Screen(
        "reporting:own-board",
        _("My figures"),
        _("A clerk's own figures, seen by nobody else but those who lead the hall."),
        Permission.QUEUE_SERVE,
        demo_as="1001",
        in_bar=False,
        room=Room.EVIDENCE,
    ),
    Screen(
        "reporting:question",
        _("Ask a question"),
        _("Pick an indicator, a unit, a period and a split: table, chart and a sentence."),
        Permission.REPORT_VIEW,
        demo_as="9001",
        in_bar=False,
        room=Room.EVIDENCE,
    ),
    Screen(
        "reporting:indicators",
        _("Indicators"),
        _("How every number of the house is defined, in words and in code."),
        Permission.REPORT_VIEW,
        demo_as="9901",
        in_bar=False,
        room=Room.EVIDENCE,
    ),
    Screen(
        "cases:standing",
        _("Standing of cases"),
        _("Open cases by age, step and unit, what is overdue and whose; findings, the meeting's agenda, violations."),
        Permission.CASE_SUPERVISE,
        demo_as="9001",
        in_bar=False,
        room=Room.LOOPS,
    ),
    Screen(
        "cases:remedies",
        _("Linked actions"),
        _("What you have to do or to check because of a case, and until when; for superiors every action still open."),
        Permission.CASE_HANDLE,
        demo_as="1301",
        in_bar=False,
        room=Room.LOOPS,
    ),
    Screen(
        "cases:my-findings",
        _("Findings about me"),
        _("What was found about you or your unit; you may object in time."),
        Permission.QUEUE_VIEW,
        demo_as="1201",
        in_bar=False,
        room=Room.LOOPS,
    ),
    Screen(
        "reporting:figures",
        _("Entered figures"),
        _("Market share, coverage, word of mouth, running costs: entered with period and source, beside competitors."),
        Permission.REPORT_VIEW,
        demo_as="1301",
        in_bar=False,
        room=Room.EVIDENCE,
    ),
    Screen(
        "reporting:baselines",
        _("Baselines"),
        _("Figures before a measure, kept, and what has changed since, with an interval and beside peers."),
        Permission.REPORT_VIEW,
        demo_as="9001",
        in_bar=False,
        room=Room.EVIDENCE,
    ),
    Screen(
        "reporting:hall-report",
        _("Report"),
        _("Waiting and service times of any period, with the rows behind them."),
        Permission.REPORT_VIEW,
        demo_as="9001",
        room=Room.EVIDENCE,
    ),
    Screen(
        "reporting:channels",
        _("Channels"),
        _("What is done at counters, by self-service, online and on the move; payments by method."),
        Permission.REPORT_VIEW,
        demo_as="9001",
        in_bar=False,
        room=Room.EVIDENCE,
    ),
    Screen(
        "reporting:rankings",
        _("Fair ranking"),
        _("Halls and clerks compared with intervals: who is better, who is worse, and who cannot be told apart."),
        Permission.REPORT_VIEW,
        demo_as="9001",
        in_bar=False,
        room=Room.EVIDENCE,
    ),
    Screen(
        "takings:day",
        _("Takings of the day"),
        _("What the hall took by payment method, counted at the day's end."),
        Permission.QUEUE_SUPERVISE,
        demo_as="1201",
        per_hall=True,
        in_bar=False,
    ),
    Screen(
        "peaks:alerts",
        _("Alerts"),
        _("Each alert of the day with who saw it, who acted, and those on which nobody acted in time."),
        Permission.REPORT_VIEW,
        demo_as="1301",
        per_hall=True,
        in_bar=False,
    ),
    Screen(
        "alerting:alerts",
        _("Alerts on indicators"),
        _("Values beyond their limit, now or on whole days, since when, and the rows behind them."),
        Permission.REPORT_VIEW,
        demo_as="1301",
        in_bar=False,
        room=Room.EVIDENCE,
    ),
    Screen(
        "floor:posts",
        _("Plan of posts"),
        _("Who stands where today and tomorrow, who is missing, and which days are usually busy."),
        Permission.FLOOR_PLAN,
        demo_as="1301",
        per_hall=True,
        in_bar=False,
    ),
    Screen(
        "appointments:start",
        _("Appointments"),
        _("Bookings of the day, booking for a customer, places, bookings that cannot stand, no-shows."),
        Permission.APPOINTMENTS_BOOK,
        demo_as="1001",
    ),
    Screen(
        "reporting:stars",
        _("Our staff"),
        _("The public staff board: stars by customers' ratings, names and photos of those who agree."),
        per_hall=True,
        in_bar=False,
        room=Room.EVIDENCE,
    ),
    Screen(
        "reporting:own-star",
        _("My place on the staff board"),
        _("Agree to name and photo on the public staff board, send the photo, take it all back."),
        Permission.QUEUE_SERVE,
        demo_as="1001",
        in_bar=False,
        room=Room.EVIDENCE,
    ),
    Screen(
        "floor:my-handovers",
        _("Customers who ask for you"),
        _("Account managers accept customers from the counter here; until then the customer stays with the clerk."),
        Permission.CUSTOMERS_VIEW,
        demo_as="1301",
        in_bar=False,
    ),
    Screen(
        "shifts:mine",
        _("My shifts"),
        _("One's own coming shifts on the phone, wishes for days to come, and the file for one's calendar."),
        Permission.QUEUE_SERVE,
        demo_as="1001",
        in_bar=False,
    ),
    Screen(
        "shifts:today",
        _("On duty today"),
        _("Who should be at the counters today by the published roster, who is absent, and who is off post."),
        Permission.SHIFTS_PLAN,
        demo_as="1201",
        per_hall=True,
        in_bar=False,
    ),
    Screen(
        "shifts:people",
        _("People of the roster"),
        _("Working terms, absences, time off post, licences and wishes: all that a roster looks at."),
        Permission.SHIFTS_PLAN,
        demo_as="1301",
        per_hall=True,
        in_bar=False,
    ),
    Screen(
        "selling:hall",
        _("Combined recommendation"),
        _("The combined recommendation by clerk and part, with counts and what is still to be made up."),
        Permission.QUEUE_SUPERVISE,
        demo_as="1301",
        per_hall=True,
        in_bar=False,
    ),
    Screen(
        "cases:poster",
        _("Poster"),
        _("To print: the code by which customers leave a complaint or a suggestion on their own phones."),
        Permission.CASE_HANDLE,
        demo_as="1301",
        per_hall=True,
        in_bar=False,
        room=Room.LOOPS,
    ),
    Screen(
        "customers:rights",
        _("Your personal data"),
        _("A customer asks to see, correct or delete their data on their own phone, without an account."),
        per_hall=True,
        in_bar=False,
        room=Room.HOUSE,
    ),
    Screen(
        "cases:follow",
        _("Follow a matter"),
        _("A customer follows a complaint by its number and the end of the telephone number."),
        in_bar=False,
        room=Room.LOOPS,
    ),
    Screen(
        "voices:suggestions",
        _("Suggestions"),
        _("What colleagues suggest for better service: support it, leave your own, see what came of it."),
        Permission.QUEUE_VIEW,
        demo_as="1001",
        in_bar=False,
        room=Room.LOOPS,
    ),
    Screen(
        "voices:consultations",
        _("Consultations"),
        _("Drafts of rules that are put before the front line, and what became of each comment."),
        Permission.QUEUE_VIEW,
        demo_as="1101",
        in_bar=False,
        room=Room.LOOPS,
    ),
    Screen(
        "voices:orders",
        _("Orders and receipts"),
        _("What is to be read and confirmed, who has not, and whether it is complied with."),
        Permission.QUEUE_VIEW,
        demo_as="9001",
        in_bar=False,
        room=Room.LOOPS,
    ),
    Screen(
        "reporting:hall-card",
        _("Hall card"),
        _("Areas, seats against the crowd, self-service equipment, posts and people."),
        Permission.REPORT_VIEW,
        demo_as="1301",
        per_hall=True,
        in_bar=False,
        room=Room.EVIDENCE,
    ),
    Screen(
        "detection:alarms",
        _("Alarms about staff numbers"),
        _("Complaints that come back to one staff number, with the violation case that was opened."),
        Permission.CASE_SUPERVISE,
        demo_as="9001",
        in_bar=False,
        room=Room.LOOPS,
    ),
    Screen(
        "detection:hot",
        _("Hot issues"),
        _("Unusual numbers of cases, texts nearly the same, and how well the house suggests categories."),
        Permission.CASE_SUPERVISE,
        demo_as="9001",
        in_bar=False,
        room=Room.LOOPS,
    ),
    Screen(
        "reporting:import-tickets",
        _("Import"),
        _("Logs of other queue machines become reports, every bad row named."),
        Permission.REPORT_IMPORT,
        demo_as="9001",
        in_bar=False,
        room=Room.EVIDENCE,
    ),
    Screen(
        "cases:import",
        _("Take in a list of cases"),
        _("Complaint lists and histories of other systems become cases; checked first, every bad row named."),
        Permission.CASE_SUPERVISE,
        demo_as="1301",
        in_bar=False,
        room=Room.LOOPS,
    ),
    Screen(
        "privacy:records",
        _("Reveals and exports"),
        _("Who saw personal data of customers or took it out, which record, when and why."),
        Permission.PRIVACY_AUDIT,
        demo_as="9901",
        in_bar=False,
        room=Room.HOUSE,
    ),
    Screen(
        "detection:audits",
        _("Audits of reveals and exports"),
        _(
            "The sample of each month, judged by somebody else than whose act it was; what is open, overdue, not in order."
        ),
        Permission.PRIVACY_JUDGE,
        demo_as="9901",
        in_bar=False,
        room=Room.HOUSE,
    ),
    Screen(
        "privacy:retention",
        _("Retention of personal data"),
        _("What is due, what is on hold, what was erased; erasure when a customer asks for it."),
        Permission.PRIVACY_RETAIN,
        demo_as="9901",
        in_bar=False,
        room=Room.HOUSE,
    ),
    Screen(
        "admin-start",
        _("Administration"),
        _("Halls, counters, hours, business, people and their roles."),
        Permission.HALL_CONFIGURE,
        demo_as="9901",
        room=Room.HOUSE,
    ),
    Screen(
        "queueing:device",
        _("Pair a device"),
        _("Make this browser a kiosk or a board, with a pairing code."),
        in_bar=False,
        room=Room.HOUSE,
    ),
)


@dataclass(frozen=True, slots=True)
class Door:
    """A screen as one reader may open it: words in the reader's language and the address."""

    name: str
    title: str
    purpose: str
    address: str
    is_public: bool
    demo_as: str
    is_here: bool
    in_bar: bool


def _address(screen: Screen, hall_code: str) -> str | None:
    if screen.per_hall and not hall_code:
        return None
    try:
        return reverse(screen.name, args=[hall_code] if screen.per_hall else [])
    except NoReverseMatch:
        return None


def _door(screen: Screen, hall_code: str, here: str = "") -> Door | None:
    address = _address(screen, hall_code)
    if address is None:
        return None
    return Door(
        screen.name,
        gettext(screen.title),
        gettext(screen.purpose),
        address,
        is_public=screen.permission is None,
        demo_as=screen.demo_as,
        is_here=here.startswith(address),
        in_bar=screen.in_bar,
    )


def all_doors(hall_code: str = "") -> list[tuple[str, list[Door]]]:
    """Return every screen of this installation by part of the house, for the first page of a demo."""
    return [
        (gettext(room.title), [door for one in SCREENS if one.room is room and (door := _door(one, hall_code))])
        for room in Room
    ]


def doors_for(actor: Actor | None, *, hall_code: str = "", here: str = "") -> list[Door]:
    """Return the screens that the actor's own permissions open anywhere; public screens are not among them.

    `hall_code` is the hall where the actor works ("" for none), `here` the page shown.
    """
    if actor is None:
        return []
    held = {permission for permission, _path in actor.grants}
    return [door for screen in SCREENS if screen.permission in held and (door := _door(screen, hall_code, here))]
