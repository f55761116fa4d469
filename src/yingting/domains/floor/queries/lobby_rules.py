"""The lobby's rules as data: kinds of help that a clerk may ask for, and what a clerk may refer customers for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare
from yingting.kernel.actors import Actor
from yingting.kernel.shapes import Named, codes_once, said
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class HelpKind:
    """What a clerk may need, and who is called for it."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    guides: bool = said(_("Calls the guides"), default=True)
    duty_manager: bool = said(_("Calls the duty manager"), default=True)
    hall_manager: bool = said(_("Calls the hall manager"), default=False)

    def calls(self, actor: Actor, path: str) -> bool:
        """Is this person called? Guides are those who also issue tickets: guards are not."""
        return (
            (self.guides and actor.may(Permission.QUEUE_ISSUE, path))
            or (self.duty_manager and actor.may(Permission.QUEUE_SUPERVISE, path))
            or (self.hall_manager and actor.may(Permission.HALL_CONFIGURE, path))
        )


@dataclass(frozen=True, slots=True)
class HelpCalls:
    """What clerks ask for with one key, and when a call that nobody takes goes up."""

    raise_after_min: int = said(
        _("Goes up after"), unit=_("minutes"), low=1, high=60, default=2,
        help=_("A call that nobody has taken by then is recorded as late and shown to the managers, whatever its kind."),
    )  # fmt: skip
    kinds: tuple[HelpKind, ...] = said(
        _("Kinds"),
        help=_("The first is the one that the key calls for; the clerk may change it afterwards."),
        default=(),
    )


@dataclass(frozen=True, slots=True)
class Referring:
    """What a clerk may refer a customer to the lobby for."""

    interests: tuple[Named, ...] = said(_("Interests"), default=())


def _check_help(rule: HelpCalls, _path: str) -> Iterable[Problem]:
    yield from codes_once((kind.code for kind in rule.kinds), "kinds")
    if not rule.kinds:
        yield "kinds", _("One kind is needed: the key calls for it."), {}
    for kind in rule.kinds:
        if not (kind.guides or kind.duty_manager or kind.hall_manager):
            yield "kinds", _("“%(name)s” calls nobody."), {"name": kind.name}


def _check_interests(rule: Referring, _path: str) -> Iterable[Problem]:
    yield from codes_once((interest.code for interest in rule.interests), "interests")


HELP = declare(
    Kind(
        code="floor.help",
        title=_("Help for the counter"),
        purpose=_("What a clerk calls for with one key, who comes, and when an unanswered call goes up."),
        shape=HelpCalls,
        shipped=HelpCalls(
            2,
            (
                HelpKind("check", "帮忙核对", "A second look"),
                HelpKind("advice", "业务指导", "How is it done?"),
                HelpKind("mood", "客户情绪", "Upset customer", guides=False, hall_manager=True),
                HelpKind("device", "设备故障", "Device does not work"),
                HelpKind("second", "第二人复核", "Second person confirms", guides=False),
            ),
        ),
        source=_("Ours, to be set by each hall."),
        permission=Permission.HALL_CONFIGURE,
        check=_check_help,
        position=34,
    )
)
REFERRING = declare(
    Kind(
        code="floor.referring",
        title=_("Referrals to the lobby"),
        purpose=_("What a clerk may refer a customer to the colleagues in the lobby for."),
        shape=Referring,
        shipped=Referring(
            (
                Named("plan5g", "5G 套餐", "5G plan"),
                Named("broadband", "宽带", "Broadband"),
                Named("home", "智能家居", "Smart home"),
                Named("device", "终端", "Phones and devices"),
            )
        ),
        source="SAL-06",
        permission=Permission.HALL_CONFIGURE,
        check=_check_interests,
        position=35,
    )
)
