"""The administrator tries calling rules out on those who wait, in a real browser; axe looks at the page in both languages."""

import json

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.journeys.looking import looked_at, picture

from yingting.domains.queueing.queries.calling_rules import CALLING
from yingting.domains.queueing.rules.calling import CallingRule, CallingRules, Take, When
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.sites.models import Unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = CallingRules(
    max_wait_min=20,
    rules=(
        CallingRule("宽带人多", when=When.WAITING, at_least=3, queues=("C",)),
        CallingRule("轮流", take=Take.RATIO, ratio="A:2 B:1"),
    ),
)


@pytest.fixture
def line(hands):
    for n, business in enumerate(("fee", "fee", "open", "fee", "install", "open", "install", "fee", "install", "sim")):
        hands.issue(business, care=n == 7, priority=hands.cast.priorities["vip"] if n == 5 else None)


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "按新规则"), ("en", "by the proposal")])
@pytest.mark.parametrize("width", [1280, 800])
def test_who_would_move_is_on_one_page(page_of, line, language, words, width):
    address = reverse("queueing:calling-preview", args=["H01"])
    page = page_of("9901", f"{address}?counter=3", language=language, size=(width, 800))
    page.eval_on_selector(
        "input[name=body]", "(field, body) => { field.value = body }", json.dumps(as_body(CALLING, RULES))
    )
    page.click("form.try button")
    page.wait_for_selector(f"text={words}")
    assert page.locator(".calls").nth(1).locator("li strong").all_inner_texts()[:3] == ["Z001", "C001", "A001"]
    expect(page.locator(".up")).to_have_count(2)
    assert looked_at(page, f"calling-{language}-{width}") == []


def test_the_editor_hands_the_rule_over_to_the_preview(page_of, line):
    unit = Unit.objects.get(code="H01").pk
    page = page_of("9901", f"{reverse('rulebook:rule-new', args=['queueing.calling'])}?unit={unit}")
    picture(page, "calling-editor", full_page=True)
    page.select_option("select[name=otherwise]", "arrival")
    with page.context.expect_page() as opened:
        page.click("button[formtarget=_blank]")
    opened.value.wait_for_selector("text=按新规则")
    assert "最先到" in opened.value.content()
