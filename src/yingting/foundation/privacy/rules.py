"""PURE: what personal data is, how it is written in one form, and what of it may be seen.

A mask errs on the safe side: what looks like a telephone or identity number in a free text is hidden, whoever wrote it how.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum


class DataKind(StrEnum):
    """Kinds of personal data, as columns hold them."""

    PHONE = "phone"
    ID_NUMBER = "id_number"
    NAME = "name"
    EMAIL = "email"
    ADDRESS = "address"
    TEXT = "text"


HIDDEN = "**"
# Weights and check characters of GB 11643-1999 (ISO 7064, MOD 11-2).
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"

# ------------------------------------------------------------------------------------------------ one form
_DASHES = re.compile(r"[\s‐-―−()·.-]")
_MOBILE = re.compile(r"1[3-9]\d{9}")


def phone_of(entered: str) -> str:
    """Return a telephone number in one form: ASCII digits, mainland mobiles without country code, others as "+…" or digits.

    >>> [phone_of(text) for text in ("+86 138 0013-8000", "１３８００１３８０００", "0086-13800138000", "(020) 8877 6655")]
    ['13800138000', '13800138000', '13800138000', '02088776655']
    """
    text = _DASHES.sub("", unicodedata.normalize("NFKC", entered))
    text = re.sub(r"^00", "+", re.sub(r"(?!^\+)[^\d]", "", text))
    return re.sub(r"^(\+86|86)(?=1[3-9]\d{9}$)", "", text)


def is_mobile(entered: str) -> bool:
    """Is this a mainland mobile number?

    >>> is_mobile("+86 138 0013 8000"), is_mobile("12800138000")
    (True, False)
    """
    return _MOBILE.fullmatch(phone_of(entered)) is not None


def id_number_of(entered: str) -> str:
    """Return an identity or passport number in one form: no spaces, ASCII, capital letters.

    >>> id_number_of(" 11010519491231002x ")
    '11010519491231002X'
    """
    text = _DASHES.sub("", unicodedata.normalize("NFKC", entered)).upper()
    return unicodedata.normalize("NFKC", text)  # capitals may come apart


def is_id_number(entered: str) -> bool:
    """Is this a resident identity number of 18 digits with the right check character?

    >>> is_id_number("11010519491231002X"), is_id_number("110105194912310021")
    (True, False)
    """
    text = id_number_of(entered)
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", text, flags=re.ASCII):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=False))
    return _CHECKS[total % 11] == text[-1]


def name_of(entered: str) -> str:
    """Return a person's name in one form: NFKC, trimmed, one space between parts, the dot of long names always the same.

    >>> name_of("　王 芳 "), name_of("阿依古丽•买买提")
    ('王 芳', '阿依古丽·买买提')
    """
    text = re.sub(r"[•・∙‧]", "·", unicodedata.normalize("NFKC", entered))
    return " ".join(text.split())


def text_of(entered: str) -> str:
    """Return a text in one form: NFKC, trimmed, small letters, one space between words."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", entered).lower())
    return " ".join(text.split())


_FORMS: dict[DataKind, Callable[[str], str]] = {
    DataKind.PHONE: phone_of, DataKind.ID_NUMBER: id_number_of, DataKind.NAME: name_of,
}  # fmt: skip


def one_form(kind: DataKind, entered: str) -> str:
    """Return a value in the one form by which its kind is searched."""
    return _FORMS.get(kind, text_of)(entered)


# ------------------------------------------------------------------------------------------------ masks
def _between(text: str, head: int, tail: int) -> str:
    hidden = len(text) - head - tail
    return f"{text[:head]}{'*' * hidden}{text[-tail:] if tail else ''}" if hidden >= 2 else "*" * max(len(text), 2)


def masked_number(digits: str) -> str:
    """Return what may be seen of a telephone or identity number: less of a short one.

    >>> [masked_number(text) for text in ("13800138000", "440106199001011234", "02088776655", "88776655", "10086")]
    ['138****8000', '4401**********1234', '020****6655', '****6655', '*****']
    """
    if len(digits) >= 15:
        return _between(digits, 4, 4)
    if len(digits) >= 11:
        return _between(digits, 3, 4)
    return _between(digits, 0, 4) if len(digits) >= 7 else "*" * max(len(digits), 2)


def _masked_id(entered: str) -> str:
    text = id_number_of(entered)
    return masked_number(text) if len(text) >= 15 else _between(text, 1, 2)


def _masked_name(entered: str) -> str:
    text = name_of(entered)
    return f"{text[0]}{HIDDEN}" if len(text) > 1 else HIDDEN


def _masked_email(entered: str) -> str:
    name, at, place = entered.strip().rpartition("@")
    return f"{name[:1]}{HIDDEN}{at}{place}" if at and name else HIDDEN


def _masked_address(entered: str) -> str:
    text = text_of(entered)
    return f"{text[:6]}****" if len(text) > 10 else "****"


def masked(kind: DataKind, value: str) -> str:
    """Return what may be seen of a value. How long a name is stays hidden; nothing stays nothing.

    >>> [masked(kind, text) for kind, text in ((DataKind.PHONE, "+86 13812345678"), (DataKind.NAME, "王芳"),
    ...  (DataKind.ID_NUMBER, "440106199001011234"), (DataKind.EMAIL, "wang.fang@example.com"), (DataKind.NAME, ""))]
    ['138****5678', '王**', '4401**********1234', 'w**@example.com', '']
    """
    if not value.strip():
        return ""
    if kind is DataKind.PHONE:
        return masked_number(phone_of(value))
    return _MASKS[kind](value)


# ------------------------------------------------------------------------------------------------ free text
# An id of ours is left alone, then: e-mail; mobiles; 15 to 19 digits (identity, bank card); numbers with an area code.
# \d takes full-width digits as well. Groups may stand apart by one space or dash, as people write them.
_APART = r"[\s‐-―−－.·-]?"
_PERSONAL = re.compile(
    r"(?P<ours>[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})"
    # Looked for from where a word begins only, and never again from within: a long word must not cost its square.
    r"|(?P<email>(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++[@＠][A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)+)"
    rf"|(?P<mobile>(?<!\d)(?:(?:[+＋]|[0０]{{2}})?[8８][6６]{_APART})?[1１]{_APART}[3-9３-９](?:{_APART}\d){{9}}(?!\d))"
    rf"|(?P<long>(?<![\dA-Za-z])\d(?:{_APART}\d){{13,17}}{_APART}[\dXxＸｘ](?![\dA-Za-z]))"
    rf"|(?P<fixed>(?<!\d)[(（]?[0０]\d{{2,3}}[)）]?{_APART}\d{{3,4}}{_APART}\d{{4}}(?!\d))"
)


def _hide(match: re.Match[str]) -> str:
    found = match.group()
    if match.lastgroup == "ours":
        return found
    if match.lastgroup == "email":
        return _masked_email(unicodedata.normalize("NFKC", found))
    return masked_number(id_number_of(found) if match.lastgroup == "long" else phone_of(found))


def masked_text(text: str) -> str:
    """Return a text in which telephone numbers, identity and card numbers and e-mail addresses are hidden; the rest stays.

    >>> masked_text("请回电１３８ 0013 8000或138-0013-8000,证件440106199001011234,zhang.san@example.com")
    '请回电138****8000或138****8000,证件4401**********1234,z**@example.com'
    >>> masked_text("单号 20261122131849, 10086, 2026-11-22 13:18, 0193a1b2-1111-7222-8333-444455556666")
    '单号 20261122131849, 10086, 2026-11-22 13:18, 0193a1b2-1111-7222-8333-444455556666'
    """
    return _PERSONAL.sub(_hide, text)


_MASKS: dict[DataKind, Callable[[str], str]] = {
    DataKind.ID_NUMBER: _masked_id, DataKind.NAME: _masked_name, DataKind.EMAIL: _masked_email,
    DataKind.ADDRESS: _masked_address, DataKind.TEXT: masked_text,
}  # fmt: skip
