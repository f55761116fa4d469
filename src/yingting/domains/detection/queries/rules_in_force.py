"""The rules of detection, declared."""

from __future__ import annotations

from yingting.domains.detection.rules.auditing import Auditing, auditing_problems
from yingting.domains.detection.rules.shapes import (
    HotIssues,
    NearTexts,
    Suggesting,
    Unaware,
    hot_problems,
    unaware_problems,
)
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, declare
from yingting.kernel.words import gettext_noop as _

UNAWARE = declare(
    Kind(
        "detection.unaware",
        _("Alarms about staff numbers"),
        _("How many complaints about one staff number raise an alarm and open a violation case."),
        Unaware,
        Unaware(),
        _("Three in a month: CMP-07. Months in a row: PRF-09; that two are enough is an assumption of ours."),
        Permission.CASE_CONFIGURE,
        check=lambda rule, _path: unaware_problems(rule),
        position=70,
    )
)
HOT = declare(
    Kind(
        "detection.hot_issues",
        _("Hot issues"),
        _("Which numbers of cases count as unusual. The whole tree is looked over by the rule of its top."),
        HotIssues,
        HotIssues(),
        _("CMP-16 asks for it; windows, weeks and the share of false issues are ours."),
        Permission.CASE_CONFIGURE,
        check=lambda rule, _path: hot_problems(rule),
        position=71,
    )
)
NEAR = declare(
    Kind(
        "detection.near_texts",
        _("Texts nearly the same"),
        _("When texts of cases are shown together as a batch. The whole tree is looked over by the rule of its top."),
        NearTexts,
        NearTexts(),
        _("CMP-16 asks for it; the numbers are ours."),
        Permission.CASE_CONFIGURE,
        position=72,
    )
)
SUGGESTING = declare(
    Kind(
        "detection.suggesting",
        _("Suggested categories"),
        _("From which cases the house learns categories, and when it suggests one."),
        Suggesting,
        Suggesting(),
        _("No text asks for it; the numbers are ours."),
        Permission.CASE_CONFIGURE,
        position=73,
    )
)
AUDITING = declare(
    Kind(
        "detection.auditing",
        _("Audits of reveals and exports"),
        _("How often reveals and exports are audited, what is drawn, what stands out, who may judge."),
        Auditing,
        Auditing(),
        _(
            "SEC-02: “audit operations on information periodically”; PIPL art. 54 asks for regular audits. "
            "Neither names a number: months, shares and limits are ours."
        ),
        Permission.PRIVACY_RETAIN,
        check=lambda rule, _path: auditing_problems(rule),
        position=86,
    )
)
