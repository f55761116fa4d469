"""Help at the ticket machine: numbers taken with help against those taken without (SLF-03)."""

import pytest

from yingting.domains.floor.actions.caring import give_assist
from yingting.domains.queueing.actions.issuing import issue_ticket
from yingting.domains.queueing.tests.screens import Hands, person, set_clock
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.access import actor_for_device
from yingting.foundation.sites.models import Device
from yingting.reporting.channels.tables import ASSIST_PREFIXES, fold_assists


@pytest.mark.req("SLF-03")
def test_a_day_tells_numbers_taken_at_the_machine_with_and_without_help(cast, now):
    set_clock(cast.hall, now)
    hands = Hands(cast)
    kiosk = actor_for_device(Device.objects.create(hall_id=cast.hall, kind="kiosk", name="取号机"))
    for _ in range(3):
        issue_ticket(hall=cast.hall, business=cast.businesses["fee"], actor=kiosk, now=hands.now)
    hands.issue(channel="guide")
    for kind in ("ticket", "kiosk"):
        give_assist(hall=cast.hall, kind=kind, actor=person("1101"), now=hands.now)
    facts = [
        fact
        for fact in Fact.objects.order_by("subject", "version").values("kind", "business_day", "data")
        if fact["kind"].startswith(ASSIST_PREFIXES)
    ]
    [row] = fold_assists(facts, "H01")
    assert (row["kiosk_tickets"], row["assisted"]) == (3, 1)
    assert fold_assists([], "H01") == []
