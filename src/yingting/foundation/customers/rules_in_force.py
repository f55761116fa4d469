"""The rules of the customer file, declared, and as they are in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from yingting.foundation.customers.shapes import (
    ClassesRule,
    ContactRule,
    NoticesRule,
    ReachRule,
    RightsRule,
    TagsRule,
)
from yingting.foundation.customers.shipped import CLASSES, CONTACT, NOTICES, RIGHTS, TAGS
from yingting.foundation.days import house_today, local_day
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare
from yingting.foundation.rulebook.reading import InForce, in_force
from yingting.kernel.shapes import codes_once
from yingting.kernel.words import gettext_noop as _

REACH = declare(
    Kind(
        code="customers.reach",
        title=_("Reach of customer files"),
        purpose=_("Within which part of the tree a customer is recognised by phone, card or identity number."),
        shape=ReachRule,
        shipped=ReachRule(),
        source=_("Ours: a customer walks into any hall of the city; PIPL art. 6 asks for no more than is needed."),
        permission=Permission.PRIVACY_RETAIN,
        position=86,
    )
)


def _class_problems(rule: ClassesRule, _path: str) -> Iterable[Problem]:
    yield from codes_once((row.code for row in rule.segments), "segments")
    yield from codes_once((row.code for row in rule.levels), "levels")


def _tag_problems(rule: TagsRule, _path: str) -> Iterable[Problem]:
    yield from codes_once((row.code for row in rule.tags), "tags")


def _notice_problems(rule: NoticesRule, _path: str) -> Iterable[Problem]:
    yield from codes_once((row.code for row in rule.purposes), "purposes")
    for n, row in enumerate(rule.purposes):
        if not row.text.strip():
            yield f"purposes-{n}-text", _("Say what the data is used for: nobody can agree to nothing."), {}
        if not row.kept.strip():
            yield f"purposes-{n}-kept", _("Say how long it is kept."), {}


def _contact_problems(rule: ContactRule, _path: str) -> Iterable[Problem]:
    for where in ("channels", "topics", "outcomes"):
        yield from codes_once((row.code for row in getattr(rule, where)), where)
    if rule.first_hour >= rule.last_hour:
        yield "last_hour", _("The end must come after the beginning."), {}


def _rights_problems(rule: RightsRule, _path: str) -> Iterable[Problem]:
    yield from codes_once((row.code for row in rule.proofs), "proofs")
    if not rule.proofs:
        yield "proofs", _("Name at least one way; without one no request can be carried out."), {}


CLASSES_KIND = declare(
    Kind(
        code="customers.classes",
        title=_("Segments and levels of customers"),
        purpose=_("Segments with what each is promised (first, cheaper, better), and levels by what they take."),
        shape=ClassesRule,
        shipped=CLASSES,
        source=_(
            "Segments and the three commitments are the trade's (大客户、重要客户、行业客户，三优); amounts and months are ours."
        ),
        permission=Permission.CUSTOMERS_MANAGE,
        check=_class_problems,
        position=87,
    )
)
TAGS_KIND = declare(
    Kind(
        code="customers.tags",
        title=_("Tags of customers"),
        purpose=_("Which preferences and special needs a file may note, and which are shown before the call."),
        shape=TagsRule,
        shipped=TAGS,
        source=_("Ours; special needs are sensitive personal data and need consent apart (PIPL art. 28 to 30)."),
        permission=Permission.CUSTOMERS_MANAGE,
        check=_tag_problems,
        position=88,
    )
)
NOTICES_KIND = declare(
    Kind(
        code="customers.notices",
        title=_("Notices and purposes of consent"),
        purpose=_("What customers and staff are told before they agree, purpose by purpose, and how long it is kept."),
        shape=NoticesRule,
        shipped=NOTICES,
        source=_(
            "PIPL art. 13 to 17 and 29: purpose, way, kinds and time told beforehand, agreed apart, withdrawn as easily."
        ),
        permission=Permission.PRIVACY_RETAIN,
        check=_notice_problems,
        position=89,
    )
)
CONTACT_KIND = declare(
    Kind(
        code="customers.contact",
        title=_("Contact with customers"),
        purpose=_("Channels, topics and outcomes of contacts, and the hours in which we call."),
        shape=ContactRule,
        shipped=CONTACT,
        source=_("Channels and outcomes are the trade's; the hours are ours."),
        permission=Permission.CUSTOMERS_MANAGE,
        check=_contact_problems,
        position=90,
    )
)
RIGHTS_KIND = declare(
    Kind(
        code="customers.rights",
        title=_("Requests about personal data"),
        purpose=_("How long we have for an answer, how somebody proves who they are, and how long a customer's own link opens."),
        shape=RightsRule,
        shipped=RIGHTS,
        source=_(
            "PIPL art. 44 to 50 (no days named); GB/T 35273-2020, 8.7: 30 days; notice on unlawful app practices of 2019, 6: "
            "15 working days. Limits of the page are ours."
        ),
        permission=Permission.PRIVACY_RETAIN,
        check=_rights_problems,
        position=91,
    )
)  # fmt: skip


def reach_of(path: str) -> str:
    """Return the path of the part of the tree in which a file kept at `path` is recognised."""
    parts = path.split("/")
    depth = in_force(REACH, path=path, day=house_today()).rule.depth
    return "".join(f"{part}/" for part in parts[:-1][:depth])


def classes_of(path: str, now: dt.datetime) -> ClassesRule:
    """Return segments and levels in force at a unit."""
    return in_force(CLASSES_KIND, path=path, day=local_day(now)).rule


def tags_of(path: str, now: dt.datetime) -> TagsRule:
    """Return the tags in force at a unit."""
    return in_force(TAGS_KIND, path=path, day=local_day(now)).rule


def notices_of(path: str, now: dt.datetime) -> InForce[NoticesRule]:
    """Return the notices in force at a unit, with the version's number (0: as shipped)."""
    return in_force(NOTICES_KIND, path=path, day=local_day(now))


def contact_rule(path: str, now: dt.datetime) -> ContactRule:
    """Return the rule of contacts in force at a unit."""
    return in_force(CONTACT_KIND, path=path, day=local_day(now)).rule


def rights_rule(path: str, now: dt.datetime) -> RightsRule:
    """Return the rule of requests in force at a unit."""
    return in_force(RIGHTS_KIND, path=path, day=local_day(now)).rule
