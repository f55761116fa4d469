"""Selling's rules as data: the combined recommendation with its offers, and tasks for quiet moments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import rule_in
from yingting.domains.selling.rules import IdleTask, IdleTime, Offer, Recommending
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare
from yingting.kernel.shapes import Named, codes_once
from yingting.kernel.words import gettext_noop as _


def _check_recommending(rule: Recommending, _path: str) -> Iterable[Problem]:
    yield from codes_once((part.code for part in rule.parts), "parts")
    yield from codes_once((offer.code for offer in rule.offers), "offers")
    yield from codes_once((reason.code for reason in rule.reasons), "reasons")
    known = {part.code for part in rule.parts}
    for offer in rule.offers:
        if offer.part not in known:
            yield "offers", _("“%(offer)s” belongs to no part of the list."), {"offer": offer.name}


def _check_idle(rule: IdleTime, _path: str) -> Iterable[Problem]:
    yield from codes_once((task.code for task in rule.tasks), "tasks")


RECOMMENDING = declare(
    Kind(
        code="selling.recommending",
        title=_("Combined recommendation"),
        purpose=_("What clerks offer with which words, to whom not, and what is asked of the record."),
        shape=Recommending,
        shipped=Recommending(
            parts=(
                Named("phone", "手机终端", "Phone"),
                Named("plan", "套餐", "Plan"),
                Named("broadband", "宽带", "Broadband"),
                Named("addon", "增值应用", "Add-on"),
            ),
            offers=(
                Offer("phone", "trade-in", "以旧换新购机", "Trade-in for a new phone",
                      "您的手机用了多久？您有兴趣了解以旧换新吗？",
                      "How long have you had your phone? Would you like to hear about trading it in?"),
                Offer("phone", "starter", "入网购机优惠", "Phone with a new number",
                      "您用新号，有兴趣了解入网购机优惠吗？",
                      "With your new number, would you like to hear about phones at a discount?", ("new",)),
                Offer("plan", "fit", "按用量选套餐", "A plan that fits",
                      "我帮您看看近三个月的用量，您有兴趣了解更合适的套餐吗？",
                      "Shall I look at your last three months? Would you like to hear about a plan that fits better?"),
                Offer("plan", "family", "家庭共享套餐", "Family plan",
                      "家里几个人用手机？您有兴趣了解全家共享的套餐吗？",
                      "How many of you have phones? Would you like to hear about a plan to share?", ("new", "broadband")),
                Offer("broadband", "home", "家庭宽带", "Home broadband",
                      "家里上网够快吗？您有兴趣了解宽带优惠吗？",
                      "Is the internet at home fast enough? Would you like to hear about broadband?"),
                Offer("broadband", "wifi", "全屋 Wi-Fi", "Wi-Fi in every room",
                      "家里每个房间信号都好吗？您有兴趣了解全屋 Wi-Fi 吗？",
                      "Is the signal good in every room? Would you like to hear about Wi-Fi for the whole home?",
                      ("broadband",)),
                Offer("addon", "cloud", "云盘与视频会员", "Cloud and video",
                      "手机空间够用吗？您有兴趣了解云盘和视频会员吗？",
                      "Is there room left on your phone? Would you like to hear about cloud storage and video?"),
                Offer("addon", "guard", "防骚扰服务", "Call screening",
                      "常接到骚扰电话吗？您有兴趣了解免费的防骚扰服务吗？",
                      "Do unwanted calls bother you? Would you like to hear about free call screening?", ("card", "help")),
            ),
            exempt_businesses=("help/complain",),
            optional_customers=("care",),
            reasons=(
                Named("has", "已有", "Has it already"),
                Named("bound", "合约期内", "Under contract"),
                Named("hurry", "赶时间", "In a hurry"),
                Named("unfit", "不合适", "Does not fit"),
            ),
        ),
        source=_(
            "SAL-02 asks for a combined recommendation of four parts with every ticket and names none of them: the four parts, the "
            "offers and their words are our assumption, to be set by each operator. SAL-05 gives the form of the opening question. "
            "To whom: an offer made face to face in the hall is no message sent to somebody, so unknown customers hear what all "
            "hear. By segment or level only who agreed to offers is chosen (PIPL art. 13, 15 and 24); who withdrew that, or asked not "
            "to be contacted, is offered nothing, and the ticket does not count."
        ),
        permission=Permission.HALL_CONFIGURE,
        check=_check_recommending,
        position=36,
    )
)  # fmt: skip
IDLE_TIME = declare(
    Kind(
        code="selling.idle_time",
        title=_("Tasks for quiet moments"),
        purpose=_("What is suggested to a clerk while nobody waits, one task at a time."),
        shape=IdleTime,
        shipped=IdleTime(
            3,
            (
                IdleTask("ask", "问一位在厅内休息的客户：您有兴趣了解……？", "Ask a customer resting in the hall what they would like", 30),
                IdleTask("ring", "回一个答应过客户的电话", "Ring back somebody you promised to", 45),
                IdleTask("leaflets", "检查宣传单：齐全、没过期", "Check the leaflets: complete and in date", 120),
                IdleTask("learn", "学一页业务知识", "Learn one page about the business", 60),
                IdleTask("tidy", "整理台面", "Tidy the counter", 90),
            ),
        ),
        source=_("SAL-07 asks that quiet moments be used; the list and the minutes are ours."),
        permission=Permission.HALL_CONFIGURE,
        check=_check_idle,
        position=37,
    )
)  # fmt: skip


def rule_today(setup: HallSetup, now: dt.datetime) -> Recommending:
    """Return what is recommended in a hall today."""
    return rule_in(setup, RECOMMENDING, setup.day(now))
