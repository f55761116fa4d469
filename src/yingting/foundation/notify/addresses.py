"""Addresses of channels: what may be entered, how it is sealed, and what of it may be seen.

An address is an apprise URL. The web addresses that WeCom, DingTalk and Feishu show for a robot are understood as they are.
apprise itself is not imported here: pages check an address by its form, the worker finds out whether it works.
"""

from __future__ import annotations

import re

from django.conf import settings

from yingting.kernel.sealing import seal, unseal
from yingting.kernel.words import gettext_noop as _

_PURPOSE = "notify.address"
PHONE = "{phone}"  # stands for the customer's number in the address of a gateway to customers
# What the house sends to, by the scheme of the address. SMS gateways without a scheme of their own take json, form or xml.
SCHEMES: dict[str, str] = {
    "wecombot": _("WeCom robot"),
    "dingtalk": _("DingTalk robot"),
    "feishu": _("Feishu robot"),
    "lark": _("Lark robot"),
    "mailto": _("E-mail"),
    "mailtos": _("E-mail"),
    "twilio": _("SMS gateway"),
    "bulksms": _("SMS gateway"),
    "clicksend": _("SMS gateway"),
    "smseagle": _("SMS gateway"),
    "smseagles": _("SMS gateway"),
    "json": _("SMS gateway or web hook"),
    "jsons": _("SMS gateway or web hook"),
    "form": _("SMS gateway or web hook"),
    "forms": _("SMS gateway or web hook"),
    "xml": _("SMS gateway or web hook"),
    "xmls": _("SMS gateway or web hook"),
}
_ROBOTS = (
    (re.compile(r"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=([\w-]+)"), "wecombot://{}"),
    (re.compile(r"https://oapi\.dingtalk\.com/robot/send\?access_token=(\w+)"), "dingtalk://{}"),
    (re.compile(r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([\w-]+)"), "feishu://{}"),
    (re.compile(r"https://open\.larksuite\.com/open-apis/bot/v2/hook/([\w-]+)"), "lark://{}"),
)


def address_from(entered: str) -> str | None:
    """Return the address that somebody entered as an apprise URL; None when the house does not send there.

    >>> address_from(" https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=ab-12 ")
    'wecombot://ab-12'
    >>> address_from("file:///etc/passwd"), address_from("json://")
    (None, None)
    """
    text = entered.strip()
    for pattern, template in _ROBOTS:
        if match := pattern.fullmatch(text):
            return template.format(match.group(1))
    scheme, _sep, rest = text.partition("://")
    return f"{scheme.lower()}://{rest}" if scheme.lower() in SCHEMES and rest.strip("/") else None


def is_for_customers(address: str) -> bool:
    """Does an address lead to customers, one by one? Then it says where their number goes.

    >>> is_for_customers("jsons://gateway/send?:to={phone}"), is_for_customers("wecombot://ab-12")
    (True, False)
    """
    return PHONE in address


def seal_address(address: str) -> str:
    """Return an address as the database keeps it."""
    return seal(address, settings.SECRET_KEY, _PURPOSE)


def unseal_address(sealed: str) -> str | None:
    """Return a kept address; None when the installation's secret has changed since, so that it must be entered again."""
    return unseal(sealed, [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)], _PURPOSE)


def masked(address: str) -> str:
    """Return what may be seen of an address: its scheme, and the last four characters of a long one.

    >>> masked("wecombot://693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa"), masked("json://h/")
    ('wecombot://…5aaa', 'json://…')
    """
    scheme, _sep, rest = address.partition("://")
    return f"{scheme}://…{rest[-4:] if len(rest) >= 16 else ''}"
