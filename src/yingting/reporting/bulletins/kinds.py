"""The kinds of bulletin as data, and the lists that their rule chooses from."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext

from yingting.foundation.editing.naming import named
from yingting.foundation.people.models import Role
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Choice, Kind, Problem, choices_of, declare, offer
from yingting.foundation.sites.models import UnitLevel
from yingting.kernel.filling import unknown
from yingting.kernel.shapes import codes_once
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.bulletins.rules import (
    OF_A_ROW,
    OF_ALL,
    BulletinKind,
    BulletinRule,
    Column,
    Receivers,
    RowsOf,
    Span,
)  # fmt: skip

_SERVICE = "服务管理部"
_ABOVE = ("province", "city", "district")
_LEADERS = (Receivers("service_manager"), Receivers("hall_manager"), Receivers("duty_manager"))
_WAITS = (
    Column("queueing.tickets", _SERVICE), Column("queueing.wait_mean", _SERVICE),
    Column("queueing.wait_within_limit", _SERVICE), Column("queueing.abandonment", _SERVICE),
)  # fmt: skip
_CLOSING = "请各单位对照通报查找原因，于{due}前完成整改，并在系统中回填整改情况与佐证。"
_DUTY = "{row}{indicator}为{value}，目标{target}：查明原因，落实整改。"

SHIPPED = BulletinRule(
    word="服通",
    kinds=(
        BulletinKind(
            "shortcomings", "服务短板通报", "Shortcomings notice", _ABOVE, Span.MONTH, RowsOf.HALLS,
            (*_WAITS, Column("queueing.handling_within_limit", _SERVICE), Column("channels.e_share", "渠道部")),
            "queueing.wait_within_limit", 5, 15, 3, "hall_manager", _LEADERS,
            "{period}，{unit}所辖{rows}个单位的服务指标与短板通报如下。本期未达标{missed}项。", _CLOSING, _DUTY,
        ),
        BulletinKind(
            "five-day", "五日报表", "Five-day table", _ABOVE, Span.FIVE_DAYS, RowsOf.HALLS, _WAITS,
            "", 0, 5, 2, "", _LEADERS, "{period}服务数据如下。", "", _DUTY,
        ),
        BulletinKind(
            "monthly", "月报表", "Monthly table", _ABOVE, Span.MONTH, RowsOf.UNITS,
            (*_WAITS, Column("queueing.handling_mean", _SERVICE), Column("selling.four_in_one_rate", "市场部")),
            "queueing.wait_within_limit", 0, 15, 3, "", _LEADERS, "{period}服务数据如下。", "", _DUTY,
        ),
        BulletinKind(
            "assessment", "服务质量评估通报", "Assessment report", _ABOVE, Span.MONTH, RowsOf.HALLS,
            (*_WAITS, Column("queueing.handling_within_limit", _SERVICE)),
            "queueing.wait_within_limit", 3, 15, 3, "hall_manager", _LEADERS,
            "{period}，{unit}服务质量评估如下，供指导和考核使用。", _CLOSING, _DUTY,
        ),
        BulletinKind(
            "annual", "年度服务质量控制通报", "Annual quality control", ("province", "city"), Span.YEAR, RowsOf.UNITS,
            (*_WAITS[1:], Column("queueing.handling_within_limit", _SERVICE), Column("selling.four_in_one_rate", "市场部"),
             Column("channels.e_share", "渠道部")),
            "queueing.wait_within_limit", 6, 30, 5, "service_manager", _LEADERS,
            "{period}，各部门归口指标与年度目标的完成情况通报如下。", _CLOSING, _DUTY,
        ),
        BulletinKind(
            "warning", "警示通报", "Warning notice", _ABOVE, Span.ANY, RowsOf.HALLS, (), "", 0, 15, 3, "", (Receivers(),),
            "现将有关情况通报如下，请全体员工引以为戒。", "请全体员工阅读并确认。", "",
        ),
        BulletinKind(
            "trace", "责任追溯通报", "Responsibility trace", _ABOVE, Span.ANY, RowsOf.HALLS, (), "", 0, 15, 3, "", _LEADERS,
            "现将服务问题的责任追溯情况通报如下。", "请有关单位和人员按要求整改。", "",
        ),
        BulletinKind(
            "exchange", "观摩交流通报", "Exchange report", _ABOVE, Span.ANY, RowsOf.HALLS, (), "", 0, 15, 5, "", _LEADERS,
            "现将观摩交流情况通报如下。", "请各单位学习借鉴。", "",
        ),
    ),
)  # fmt: skip


def _problems(rule: BulletinRule, path: str) -> Iterable[Problem]:
    yield from codes_once((kind.code for kind in rule.kinds), "kinds")
    if not rule.word.strip():
        yield "word", _("Numbers need a word before them."), {}
    for kind in rule.kinds:
        yield from _text_problems(kind)
        if len({column.indicator for column in kind.columns}) < len(kind.columns):
            yield "kinds", _("“%(kind)s” names an indicator twice."), {"kind": kind.name}
        if kind.ranked_by and kind.ranked_by not in dict(choices_of("bulletins.ranked_by", path)):
            yield "kinds", _("“%(kind)s” cannot be ranked by this indicator."), {"kind": kind.name}


def _text_problems(kind: BulletinKind) -> Iterable[Problem]:
    for text, known in ((kind.opening, OF_ALL), (kind.closing, OF_ALL), (kind.duty, (*OF_ALL, *OF_A_ROW))):
        for name in unknown(text, known):
            yield "kinds", _("A text of “%(kind)s” names {%(name)s}, which there is not."), {"kind": kind.name, "name": name}  # fmt: skip


BULLETINS: Kind[BulletinRule] = declare(
    Kind(
        "evidence.bulletins",
        _("Bulletins"),
        _("The kinds of bulletin: indicators, rows, shortcomings, texts, deadlines, and who gets them."),
        BulletinRule,
        SHIPPED,
        _("RPT-02, RPT-03, RPT-04, RPT-07, RPT-08, RPT-11, SAT-05 name the kinds; texts, days and departments are assumptions."),
        Permission.HALL_CONFIGURE,
        check=_problems,
        position=62,
    )
)  # fmt: skip


def _roles(_path: str) -> list[Choice]:
    return [(role.key, named(role)) for role in Role.objects.all()]


def _levels(_path: str) -> list[Choice]:
    return [(level.value, str(level.label)) for level in UnitLevel]


def _ranked_by(_path: str) -> list[Choice]:
    from yingting.reporting.ranking.compared import compared  # Ibis takes seconds to load: not at every start

    return [(key, gettext(one.title)) for key, one in compared().items()]


offer("bulletins.roles", _roles)
offer("bulletins.levels", _levels)
offer("bulletins.ranked_by", _ranked_by)
