"""Looking at a page: axe's findings, whether it fits its screen, and pictures for who wants to see for themselves."""

import os
from pathlib import Path

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"


def serious(page):
    """Return axe's serious and critical findings, and whether the page is wider than its screen.

    axe runs as an evaluation of the driver, so the page's own content policy stays on.
    """
    page.wait_for_timeout(200)  # transitions over
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    listed = [
        (row["id"], [node["html"][:160] for node in row["nodes"]])
        for row in found
        if row["impact"] in ("serious", "critical")
    ]
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return listed + (["wider than the screen"] if wide else [])


def picture(page, name, **more):
    """Keep a picture in the folder that YINGTING_PICTURES names; nowhere otherwise."""
    if folder := os.environ.get("YINGTING_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", **more)
