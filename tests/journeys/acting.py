"""What journeys do on a page and around it: the clock of the halls, the door, keys, what the stream would tell."""

import re

from yingting.planning.cast import PASSWORD


def stand_at(instant):
    """Let the clocks of all halls stand still at this instant."""
    from django.db.models import F

    from yingting.foundation.sites.models import Hall

    Hall.objects.update(
        clock_anchor_real=instant, clock_anchor_hall=instant, clock_speed=0, config_version=F("config_version") + 1
    )


def sign_in(page, staff_no, path="/"):
    """Sign in at the door, as people do, and go on to a page (whose scripts have run)."""
    page.goto(f"/sign-in/?next={path}")
    page.fill("[name=username]", staff_no)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter", no_wait_after=True)  # the next line has more patience
    page.wait_for_url(re.compile(rf"https?://[^/]+{re.escape(path)}$"))  # not the door, whose address ends so, too


def shown(page, selector, **more):
    """Wait until this is on the page and the page's deferred scripts have run: what is shown may come before they listen."""
    page.wait_for_selector(selector, **more)
    page.wait_for_load_state()


def press(page, *keys):
    """Press keys, each when the page listens. While an earlier press is on its way the counter takes no other: so is a
    clerk's hand.
    """
    for key in keys:
        shown(page, "body:not(:has(#screen[aria-busy=true]))", state="attached")
        page.keyboard.press(key)


def state(page, name):
    """Wait until the counter's screen shows this state."""
    shown(page, f"#screen [data-state='{name}']")


def changed(*pages):
    """The stream process is not there in a test: tell the pages what it would."""
    for page in pages:
        page.evaluate("document.body.dispatchEvent(new CustomEvent('yingting:changed', {bubbles: true}))")
