"""Masks and forms: exact values, awkward input, and what no text may let through."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingting.foundation.privacy.rules import (
    DataKind,
    id_number_of,
    is_id_number,
    is_mobile,
    masked,
    masked_number,
    masked_text,
    name_of,
    one_form,
    phone_of,
)

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    ("kind", "entered", "shown"),
    [
        (DataKind.PHONE, "13812345678", "138****5678"),
        (DataKind.PHONE, "＋８６ １３８ １２３４ ５６７８", "138****5678"),
        (DataKind.PHONE, "020-8877 6655", "020****6655"),
        (DataKind.PHONE, "88776655", "****6655"),
        (DataKind.PHONE, "10086", "*****"),
        (DataKind.PHONE, "+852 9123 4567", "+85*****4567"),
        (DataKind.NAME, "王芳", "王**"),
        (DataKind.NAME, "欧阳娜娜", "欧**"),
        (DataKind.NAME, "王", "**"),
        (DataKind.NAME, "阿依古丽·买买提", "阿**"),
        (DataKind.NAME, "John Smith", "J**"),
        (DataKind.ID_NUMBER, "440106199001011234", "4401**********1234"),
        (DataKind.ID_NUMBER, "11010519491231002x", "1101**********002X"),
        (DataKind.ID_NUMBER, "E12345678", "E******78"),
        (DataKind.ID_NUMBER, "A12", "***"),
        (DataKind.EMAIL, "wang.fang@example.com", "w**@example.com"),
        (DataKind.EMAIL, "not an address", "**"),
        (DataKind.ADDRESS, "广州市天河区天河路1号3栋502", "广州市天河区****"),
        (DataKind.ADDRESS, "天河路1号", "****"),
        (DataKind.TEXT, "回电13812345678", "回电138****5678"),
        *[(kind, "  ", "") for kind in DataKind],
    ],
)
def test_what_may_be_seen_of_a_value(kind, entered, shown):
    assert masked(kind, entered) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话13800138000。", "电话138****8000。"),
        ("tel:138-0013-8000", "tel:138****8000"),
        ("138 0013 8000/139 0013 9000", "138****8000/139****9000"),
        ("１３８００１３８０００", "138****8000"),
        ("+86 13800138000", "138****8000"),
        ("008613800138000", "138****8000"),
        ("(020)88776655 或 0755-26771234", "020****6655 或 075*****1234"),
        ("身份证440106 19900101 123X", "身份证4401**********123X"),
        ("身份证44010619900101123ｘ", "身份证4401**********123X"),
        ("旧证130503670401001", "旧证1305*******1001"),
        ("卡号6222 0210 0111 6245 702", "卡号6222***********5702"),
        ("邮箱zhang.san@example.com.cn谢谢", "邮箱z**@example.com.cn谢谢"),
        ("zhang＠example.com", "z**@example.com"),
        ("录音-13812345678-2026年1月5日", "录音-138****5678-2026年1月5日"),
        (".zhang@example.com,", ".**@example.com,"),
        ("a@b", "a@b"),
        ("拨10086或400-810-0086", "拨10086或400-810-0086"),
        ("工单20261122131849已办结", "工单20261122131849已办结"),
        ("2026-11-22 13:18:49,123 INFO 12 items", "2026-11-22 13:18:49,123 INFO 12 items"),
        ("套餐129元,流量30GB,2026年1月5日", "套餐129元,流量30GB,2026年1月5日"),
        ("0193a1b2-1111-7222-8333-444455556666", "0193a1b2-1111-7222-8333-444455556666"),
        ("12800138000不是手机号", "12800138000不是手机号"),
        ("", ""),
    ],
)
def test_what_stays_of_a_free_text(text, shown):
    assert masked_text(text) == shown


@pytest.mark.parametrize("sign", ["a", "1", "a.", "1 ", "-", "@", "a@", "(0", "f-", "0-"])
def test_no_text_makes_the_look_at_it_slow(sign):
    text = sign * (200_000 // len(sign))
    began = time.perf_counter()
    assert len(masked_text(text)) <= len(text)
    assert time.perf_counter() - began < 5  # measured: 0.15 s at most; a square would take minutes


WORDS = st.text(alphabet="请回电给客户，谢谢。 abc\n:/", max_size=12)


@given(
    WORDS,
    mobiles,
    WORDS,
    st.sampled_from(["", "+86", "+86 ", "86"]),
    st.sampled_from(["", " ", "-", "－"]),
    st.booleans(),
)
def test_a_mobile_number_never_stays_in_a_text(before, number, after, code, apart, is_wide):
    written = code + apart.join((number[:3], number[3:7], number[7:]))
    shown = masked_text(before + (written.translate(FULL_WIDTH) if is_wide else written) + after)
    assert number not in re.sub(
        r"\D", "", shown.translate({ord(w): str(n) for n, w in enumerate("０１２３４５６７８９")})
    )
    assert masked_number(number) in shown
    assert shown.startswith(before[: max(0, len(before) - 1)])


@given(st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True), WORDS)
def test_an_identity_number_never_stays_in_a_text(number, before):
    before = re.sub(r"[a-z]+$", "", before)  # a letter at its side makes it another kind of number
    assert masked_text(f"{before}{number}，") == f"{before}{masked_number(number)}，"


@given(
    st.text(alphabet=st.characters(exclude_categories=("N", "C")), max_size=60).filter(
        lambda text: "@" not in text and "＠" not in text
    )
)
def test_a_text_without_digits_and_addresses_stays_as_it_is(text):
    assert masked_text(text) == text


@given(
    mobiles, st.sampled_from(["", " ", "-", "　"]), st.sampled_from(["", "+86", "86", "0086", "＋86 "]), st.booleans()
)
def test_a_mobile_number_has_one_form_however_it_is_written(number, apart, code, is_wide):
    written = code + apart.join((number[:3], number[3:7], number[7:]))
    written = written.translate(FULL_WIDTH) if is_wide else written
    assert (phone_of(written), is_mobile(written)) == (number, True)


@given(st.text(max_size=30), st.sampled_from(DataKind))
def test_one_form_of_one_form_is_itself(text, kind):
    once = one_form(kind, text)
    assert one_form(kind, once) == once


@given(
    st.text(max_size=40), st.sampled_from([kind for kind in DataKind if kind not in (DataKind.TEXT, DataKind.EMAIL)])
)
def test_a_mask_hides_at_least_two_signs(text, kind):
    shown = masked(kind, text)
    assert shown == "" if not text.strip() else shown.count("*") >= 2


@pytest.mark.parametrize(
    ("entered", "is_right"),
    [
        ("11010519491231002X", True), ("11010519491231002x", True), (" 110105 19491231 002X ", True),
        ("１１０１０５１９４９１２３１００２Ｘ", True), ("440524188001010014", True), ("440524188001010015", False),
        ("010105194912310021", False), ("130503670401001", False), ("", False),
    ],
)  # fmt: skip
def test_the_check_character_tells_a_right_identity_number(entered, is_right):
    assert is_id_number(entered) is is_right


def test_names_are_found_as_people_write_them():
    assert name_of("　王　芳 ") == name_of("王 芳") == "王 芳"
    assert id_number_of("e 1234-5678") == "E12345678"
