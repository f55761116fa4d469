"""Cases and other cases: linked by hand, split in two, a grumble that became a complaint."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.cases.actions.registering import Intake, enter
from yingting.domains.cases.actions.stepping.ending import end_case
from yingting.domains.cases.actions.stepping.relating import add_link
from yingting.domains.cases.actions.stepping.turns import Turn, done, turn
from yingting.domains.cases.contracts import Done, Registered
from yingting.domains.cases.facts import CaseMerged, CaseSplit, CaseUnlinked
from yingting.domains.cases.models import CaseState, Complainant, LinkSort, Unlink, Words
from yingting.domains.cases.queries.links import links_of
from yingting.domains.cases.queries.queue import visible
from yingting.domains.cases.refusals import LINK_GROWN, LINK_NONE, LINK_SELF, NOT_GRUMBLE, UNKNOWN, WORDS_MISSING
from yingting.domains.cases.rules.processes import CaseKind
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def link(*, case: UUID, other: UUID, repeats: bool, seen: int | None = None, actor: Actor, now: dt.datetime) -> Done:
    """Say that a case is like another one, or repeats it. A closed case may be linked as well.

    Raises Refusal case.unknown, access.refused, case.changed, case.link_self.
    """
    if case == other:
        raise Refusal(LINK_SELF)
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        if not visible(actor).filter(pk=other).exists():
            raise Refusal(UNKNOWN)
        add_link(taken, other, LinkSort.REPEAT if repeats else LinkSort.LIKE, actor.person)
    return done(taken)


def unlink(
    *, case: UUID, link: UUID, reason: str, seen: int | None = None, actor: Actor, now: dt.datetime
) -> Done:  # fmt: skip
    """Take a link back, from either of its cases, and say why. It stays on record, and may be made anew.

    Raises Refusal case.unknown, access.refused, case.changed, case.link_none, case.link_grown, case.words_missing.
    """
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        row = links_of(case).filter(pk=link).first()
        if row is None:
            raise Refusal(LINK_NONE)
        if row.sort == LinkSort.SPLIT:
            raise Refusal(LINK_GROWN)
        if not reason.strip():
            raise Refusal(WORDS_MISSING)
        assert actor.person is not None
        # From the other side at the same moment: only one is first.
        if not Unlink.objects.get_or_create(
            link=row, defaults={"reason": reason.strip()[:200], "at": now, "by_id": actor.person}
        )[1]:
            raise Refusal(LINK_NONE)
        taken.note(CaseUnlinked(row.case_id if row.other_id == case else row.other_id, row.sort))
        taken.touch()
    return done(taken)


@dataclass(frozen=True, slots=True)
class Matter:
    """What a case that grows out of another is about; what is left empty is as it was there."""

    text: str = ""
    process: str = ""
    category: str = ""
    demand: str = ""


def split(*, case: UUID, matter: Matter, seen: int | None = None, actor: Actor, now: dt.datetime) -> Registered:
    """Make a case with two matters two cases. The new one has the first-asker, the customer and the receipt time of the first,
    and clocks of its own that begin at that time.

    Raises Refusal case.unknown, access.refused, case.changed, case.closed, case.owner_only, case.words_missing,
    case.process_unknown, case.choice_unknown.
    """
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        taken.require_open()
        taken.require_owner()
        if not matter.text.strip():
            raise Refusal(WORDS_MISSING)
        made = _grown(taken, matter)
        add_link(taken, made.id, LinkSort.SPLIT, actor.person)
        taken.note(CaseSplit(made.id))
    return made


def become_complaint(
    *, case: UUID, matter: Matter, seen: int | None = None, actor: Actor, now: dt.datetime
) -> Registered:
    """Make a complaint of a grumble: a case of its own by another process that names the grumble as its origin; the grumble ends
    in it, and its number stays.

    Raises Refusal as `split`, case.not_grumble.
    """
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        taken.require_open()
        taken.require_owner()
        if taken.case.kind != CaseKind.GRUMBLE.value:
            raise Refusal(NOT_GRUMBLE)
        made = _grown(taken, matter)
        taken.change(merged_into_id=made.id)
        taken.note(CaseMerged(made.id))
        end_case(taken, CaseState.MERGED)
    return made


def _grown(taken: Turn, matter: Matter) -> Registered:
    """Write down a case that grows out of this one: same customer, place, channel, receipt time, first-asker and owner."""
    case, words = taken.case, Words.objects.get(case=taken.case)
    who = Complainant.objects.filter(case=case).first()
    person = {
        "name": who.name.open(), "phone": who.phone.open(), "number": who.number.open(), "prefers": who.prefers,
    } if who else {}  # fmt: skip
    intake = Intake(
        taken.path, case.channel, matter.text.strip() or words.text.open(), process=matter.process,
        received_at=case.received_at, severity=case.severity, category=matter.category or case.category,
        demand=matter.demand.strip() or words.demand.open(), product=words.product, model=words.model,
        first_asker=case.first_asker_id, owner=case.owner_id, about_person=case.about_person_id, origin_kind="case",
        origin=case.pk, **person,
    )  # fmt: skip
    return enter(intake, Unit.objects.get(pk=case.unit_id), actor=taken.actor, now=taken.now)
