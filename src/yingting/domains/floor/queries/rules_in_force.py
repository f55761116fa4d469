"""The floor's rules as data: posts, pre-acceptance forms, reasons for diversion, crowd care.

Each has what is shipped with its source; the settings pages edit them by unit and date in force.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yingting.domains.floor.rules import FieldKind
from yingting.foundation.catalogue.models import BusinessType
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Choice, Kind, Problem, declare, offer
from yingting.foundation.rulebook.reading import prefixes
from yingting.kernel.shapes import Named, codes_once, items_of, said
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Post:
    """A post of a hall: its level of diversion (1 greeter … 4 guard) and what who stands there does."""

    code: str = said(_("Code"))
    level: int = said(_("Level"), low=1, high=4)
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    duties: str = said(_("Duties"), is_long=True, default="")
    duties_en: str = said(_("Duties in English"), is_long=True, default="")


@dataclass(frozen=True, slots=True)
class Posts:
    """The posts of a hall, and when a planned post without its person becomes a finding."""

    absent_after_min: int = said(
        _("Absent after"), unit=_("minutes"), low=1, high=120, default=10,
        help=_("A planned post where nobody has come this long after the shift began is noted as a finding."),
    )  # fmt: skip
    posts: tuple[Post, ...] = said(_("Posts"), default=())


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of the pre-acceptance form of a business ("class/type") or of a whole class ("class")."""

    business: str = said(_("Business"), choices="floor.businesses")
    code: str = said(_("Code"))
    label: str = said(_("Label"))
    label_en: str = said(_("English label"), default="")
    kind: FieldKind = said(_("Kind of field"), default=FieldKind.TEXT)
    options: str = said(_("Options"), default="", help=_("For a choice: the options, each after a comma."))
    is_required: bool = said(_("Must be filled in"), default=False)
    is_personal: bool = said(_("Personal data"), default=False)

    @property
    def choices(self) -> tuple[str, ...]:
        """The options of a choice, one by one; commas of both scripts part them."""
        return items_of(self.options)


@dataclass(frozen=True, slots=True)
class Preacceptance:
    """Which fields a guide fills in for which business, before the customer is called."""

    fields: tuple[FormField, ...] = said(_("Fields"), default=())


@dataclass(frozen=True, slots=True)
class Diverting:
    """Reasons for showing a customer another way, and for leaving a post."""

    reasons: tuple[Named, ...] = said(_("Reasons for diversion"), default=())
    leaving: tuple[Named, ...] = said(_("Reasons for leaving a post"), default=())


@dataclass(frozen=True, slots=True)
class CareTask:
    """One task of crowd care."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"), default="")
    is_for_guards: bool = said(_("Guards do it too"), default=False)


@dataclass(frozen=True, slots=True)
class CrowdCare:
    """From how many people waiting on crowd care begins, what is done, and how often again."""

    waiting: int = said(_("People waiting"), low=1, high=999, default=10)
    repeat_min: int = said(_("Again after"), unit=_("minutes"), low=1, high=240, default=15)
    tasks: tuple[CareTask, ...] = said(_("Tasks"), default=())


def _check_posts(rule: Posts, _path: str) -> Iterable[Problem]:
    yield from codes_once((post.code for post in rule.posts), "posts")


def _check_fields(rule: Preacceptance, _path: str) -> Iterable[Problem]:
    yield from codes_once((f"{field.business}:{field.code}" for field in rule.fields), "fields")
    for field in rule.fields:
        if field.is_personal:
            yield (
                "fields",
                _("“%(label)s” is personal data. It may be asked for once customer files keep it safe."),
                {"label": field.label},
            )
        if field.kind is FieldKind.CHOICE and len(field.choices) < 2:
            yield "fields", _("The choice “%(label)s” needs at least two options."), {"label": field.label}


def _check_reasons(rule: Diverting, _path: str) -> Iterable[Problem]:
    yield from codes_once((reason.code for reason in rule.reasons), "reasons")
    yield from codes_once((reason.code for reason in rule.leaving), "leaving")


def _check_care(rule: CrowdCare, _path: str) -> Iterable[Problem]:
    yield from codes_once((task.code for task in rule.tasks), "tasks")


POSTS = declare(
    Kind(
        code="floor.posts",
        title=_("Posts on the floor"),
        purpose=_("The four levels of diversion posts, their duties, and when an empty post is noted."),
        shape=Posts,
        shipped=Posts(
            10,
            (
                Post("greeter", 1, "迎宾咨询岗", "Greeter",
                     "主动询问每位进厅客户的需求，取号，指引到相应功能区。",
                     "Ask every arriving customer what they need, issue a number, show the way to the zone."),
                Post("guide", 2, "流动导购岗", "Roving guide",
                     "随身做预受理、核对材料；在各功能区和台席之间及时分流；简单业务走动办理。",
                     "Fill in pre-acceptance, check papers, move people between zones, handle simple business on the move."),
                Post("duty", 3, "值班经理岗", "Duty manager's post",
                     "客流高峰时监督、指导现场分流。",
                     "At peak times watch over and direct diversion."),
                Post("guard", 4, "保安协助岗", "Guard",
                     "协助取号、指引自助终端、维持各功能区秩序。",
                     "Help with numbers and self-service devices, keep order in the zones."),
            ),
        ),
        source="QUE-13…17, QUE-31",
        permission=Permission.HALL_CONFIGURE,
        check=_check_posts,
        position=30,
    )
)  # fmt: skip
PREACCEPTANCE = declare(
    Kind(
        code="floor.preacceptance",
        title=_("Pre-acceptance forms"),
        purpose=_("What a guide writes down before the customer is called, by business."),
        shape=Preacceptance,
        shipped=Preacceptance(
            (
                FormField("plan/change", "now", "现用套餐", "Plan now"),
                FormField("plan/change", "wanted", "想换的套餐", "Plan wanted", is_required=True),
                FormField("plan/change", "from", "何时生效", "In force from", FieldKind.CHOICE, "立即,下月 1 日"),
                FormField("new/open", "kind", "入网方式", "Kind", FieldKind.CHOICE, "套卡,选号入网"),
                FormField("new/open", "plan", "意向套餐", "Plan wanted"),
                FormField("new/open", "by", "办理人", "Who comes", FieldKind.CHOICE, "本人,代办", is_required=True),
                FormField("card/transfer", "both", "双方是否到场", "Both parties here", FieldKind.CHOICE, "都到场,只到一方",
                          is_required=True),
                FormField("card/transfer", "debt", "有无欠费", "Unpaid bills", FieldKind.CHOICE, "无,有,待查"),
                FormField("broadband/install", "speed", "意向速率", "Speed wanted", FieldKind.CHOICE, "300M,500M,1000M"),
                FormField("broadband/install", "day", "希望上门日期", "Day wanted", FieldKind.DATE),
            )
        ),
        source="QUE-26, QUE-27, QUE-32, QUE-33",
        permission=Permission.CATALOGUE_CONFIGURE,
        check=_check_fields,
        position=31,
    )
)  # fmt: skip
DIVERTING = declare(
    Kind(
        code="floor.diverting",
        title=_("Reasons on the floor"),
        purpose=_("What guides choose from when they show another way or leave a post."),
        shape=Diverting,
        shipped=Diverting(
            (
                Named("simple", "业务简单，自助更快", "Simple: faster by oneself"),
                Named("crowded", "排队人多", "Many people wait"),
                Named("wants", "客户愿意自助", "The customer likes to"),
                Named("restricted", "分流业务", "Business with another way"),
            ),
            (
                Named("relief", "换岗", "Relieved"),
                Named("break", "用餐、休息", "Break"),
                Named("called", "临时调配", "Called elsewhere"),
                Named("end", "下班", "End of work"),
            ),
        ),
        source="QUE-11, QUE-18, QUE-20, QUE-31",
        permission=Permission.HALL_CONFIGURE,
        check=_check_reasons,
        position=32,
    )
)
CROWD_CARE = declare(
    Kind(
        code="floor.crowd_care",
        title=_("Crowd care"),
        purpose=_("What is done for people when many of them wait."),
        shape=CrowdCare,
        shipped=CrowdCare(
            10,
            15,
            (
                CareTask("water", "为等候客户递水", "Offer water"),
                CareTask("order", "维持秩序，疏导通道", "Keep order, keep the ways free", is_for_guards=True),
                CareTask("ask", "再次询问需求，能分流的分流", "Ask again what people need"),
                CareTask("tell", "告知预计等候时间并致歉", "Tell the expected wait and apologise"),
            ),
        ),
        source="QUE-41",
        permission=Permission.HALL_CONFIGURE,
        check=_check_care,
        position=33,
    )
)


def offer_lists() -> None:
    """Offer the list of businesses that forms can be for."""
    offer("floor.businesses", _businesses)


def _businesses(path: str) -> list[Choice]:
    rows = BusinessType.objects.filter(
        business_class__unit__path__in=prefixes(path), is_active=True, business_class__is_active=True
    ).order_by("business_class__position", "position")
    choices: dict[str, str] = {}
    for kind, code, kind_name, name in rows.values_list("business_class__code", "code", "business_class__name", "name"):
        choices.setdefault(kind, kind_name)
        choices[f"{kind}/{code}"] = f"{kind_name} · {name}"
    return list(choices.items())
