"""Looking at a page: axe's findings, whether it fits its screen, and pictures for who wants to see for themselves."""

import os
from functools import cache
from pathlib import Path

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
# What the page fetches by itself is there, and nothing moves any more. (Endless animations go on.)
AT_REST = """async () => {
  const end = Date.now() + 3000;
  while (document.querySelector(".htmx-request") && Date.now() < end) await new Promise((go) => setTimeout(go, 10));
  for (const motion of document.getAnimations()) if (motion.effect.getComputedTiming().endTime < Infinity) motion.finish();
  await new Promise((go) => setTimeout(go, 20));
}"""
# The rules whose breach is serious or critical, and whether the page is wider than its screen.
LOOK = """async () => {
  const grave = (rule) => ["serious", "critical"].includes(rule.impact);
  const wanted = (rule) => rule.enabled && grave(rule) && !rule.tags.includes("experimental");
  const values = axe._audit.rules.filter(wanted).map((rule) => rule.id);
  const found = (await axe.run(document, {resultTypes: ["violations"], runOnly: {type: "rule", values}})).violations;
  const listed = found.filter(grave).map((row) => [row.id, row.nodes.map((node) => node.html.slice(0, 160))]);
  return document.documentElement.scrollWidth > innerWidth ? [...listed, "wider than the screen"] : listed;
}"""


@cache
def _axe():
    return AXE.read_text(encoding="utf-8")


def serious(page):
    """Return axe's serious and critical findings, and whether the page is wider than its screen.

    axe runs as an evaluation of the driver, so the page's own content policy stays on.
    """
    page.wait_for_load_state()
    page.evaluate(AT_REST)
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(_axe())
    return page.evaluate(LOOK)


def picture(page, name, **more):
    """Keep a picture in the folder that YINGTING_PICTURES names; nowhere otherwise."""
    if folder := os.environ.get("YINGTING_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", **more)


def looked_at(page, name):
    """Keep a picture of the whole page and return what is serious on it."""
    page.wait_for_load_state()
    picture(page, name, full_page=True)
    return serious(page)


def fits(page):
    """Nothing sticks out to the side, and what a thumb taps is large enough."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = page.evaluate(
        """() => [...document.querySelectorAll('main button, .guide-foot button, dialog[open] button, dialog[open] .tap, main select')]
        .filter(b => b.checkVisibility()).map(b => [b.textContent.trim(), b.getBoundingClientRect().height])
        .filter(([, height]) => height > 0 && height < 47.5)"""
    )
    assert small == []
