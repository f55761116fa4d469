"""Every settings page and every method, for everybody: one table, checked to be complete."""

import datetime as dt

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from yingting.domains.queueing.models import PriorityClass, Queue
from yingting.foundation.calendars.models import Notice
from yingting.foundation.catalogue.models import BusinessClass, Equipment
from yingting.foundation.journal.models import Fact
from yingting.foundation.notify.addresses import seal_address
from yingting.foundation.notify.models import Channel, Delivery
from yingting.foundation.people.models import ApiToken, Person, Role, RoleGrant
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Counter, Device, OpeningException, OpeningSpan, Unit, Zone
from yingting.planning.cast import PASSWORD

# What the clerk (1001), the outsider (2001), the hall manager (1301) and the administrator (9901) get on GET.
# A record outside one's part of the tree does not exist (404); a place in view without the right says so (403).
OWN_HALL = {"1001": 403, "2001": 404, "1301": 200, "9901": 200}
ANYWHERE = {"1001": 403, "2001": 403, "1301": 200, "9901": 200}
ABOVE = {"1001": 404, "2001": 404, "1301": 404, "9901": 200}  # the province's things
ABOVE_LIST = {"1001": 403, "2001": 403, "1301": 403, "9901": 200}
STAFF_OF_HALL = {"1001": 403, "2001": 404, "1301": 403, "9901": 200}

# name: (keys of the address, expected on GET, what GET answers when allowed but the page only takes POST)
GET_POST, GET, POST = ("GET", "POST"), ("GET",), ("POST",)
TABLE = {
    "admin-start": ((), ANYWHERE, GET),
    "editing:overview": ((), ANYWHERE, GET),
    "sites:units": ((), ANYWHERE, GET),
    "sites:unit": (("hall_unit",), OWN_HALL, GET_POST),
    "sites:below": (("hall_unit",), OWN_HALL, GET),
    "sites:unit-new": (("district",), ABOVE, GET_POST),
    "sites:hall-new": (("district",), ABOVE, GET_POST),
    "sites:unit-move": (("hall_unit",), {**OWN_HALL, "1301": 404}, GET_POST),
    "sites:unit-retire": (("hall_unit",), OWN_HALL, GET_POST),
    "sites:halls": ((), ANYWHERE, GET),
    "sites:hall": (("hall",), OWN_HALL, GET_POST),
    "sites:zones": (("hall",), OWN_HALL, GET),
    "sites:zone-new": (("hall",), OWN_HALL, GET_POST),
    "sites:zone": (("hall", "zone"), OWN_HALL, GET_POST),
    "sites:zone-retire": (("hall", "zone"), OWN_HALL, GET_POST),
    "sites:hours": (("hall",), OWN_HALL, GET),
    "sites:span-new": (("hall", "weekly"), OWN_HALL, GET_POST),
    "sites:span": (("hall", "weekly", "span"), OWN_HALL, GET_POST),
    "sites:span-remove": (("hall", "weekly", "span"), OWN_HALL, GET_POST),
    "sites:devices": (("hall",), OWN_HALL, GET),
    "sites:device-new": (("hall",), OWN_HALL, GET_POST),
    "sites:device": (("hall", "device"), OWN_HALL, GET_POST),
    "sites:device-pair": (("hall", "device"), OWN_HALL, POST),
    "sites:device-revoke": (("hall", "device"), OWN_HALL, GET_POST),
    "catalogue:equipment": (("hall",), OWN_HALL, GET),
    "catalogue:equipment-new": (("hall",), OWN_HALL, GET_POST),
    "catalogue:equipment-item": (("hall", "equipment"), OWN_HALL, GET_POST),
    "catalogue:equipment-retire": (("hall", "equipment"), OWN_HALL, GET_POST),
    "queueing:calling-preview": (("hall",), OWN_HALL, GET_POST),
    "queueing:setup-counters": (("hall",), OWN_HALL, GET),
    "queueing:setup-counter-new": (("hall",), OWN_HALL, GET_POST),
    "queueing:setup-counter": (("hall", "counter"), OWN_HALL, GET_POST),
    "queueing:setup-counter-retire": (("hall", "counter"), OWN_HALL, GET_POST),
    "queueing:setup-queues": (("hall",), OWN_HALL, GET),
    "queueing:setup-queue-new": (("hall",), OWN_HALL, GET_POST),
    "queueing:setup-queue": (("hall", "queue"), OWN_HALL, GET_POST),
    "queueing:setup-queue-retire": (("hall", "queue"), OWN_HALL, GET_POST),
    "queueing:setup-skills": (("hall",), OWN_HALL, GET_POST),
    "queueing:person-skills": (("clerk",), STAFF_OF_HALL, GET_POST),
    "queueing:setup-priorities": ((), ABOVE_LIST, GET),
    "queueing:setup-priorities-shipped": ((), ABOVE_LIST, POST),
    "queueing:setup-priority-new": ((), ABOVE_LIST, GET_POST),
    "queueing:setup-priority": (("priority",), ABOVE_LIST, GET_POST),
    "queueing:setup-priority-retire": (("priority",), ABOVE, GET_POST),
    "catalogue:classes": ((), ABOVE_LIST, GET),
    "catalogue:class-new": ((), ABOVE_LIST, GET_POST),
    "catalogue:class": (("class",), ABOVE_LIST, GET_POST),
    "catalogue:class-retire": (("class",), ABOVE, GET_POST),
    "catalogue:type-new": (("class",), ABOVE, GET_POST),
    "catalogue:type": (("type",), ABOVE, GET_POST),
    "catalogue:type-retire": (("type",), ABOVE, GET_POST),
    # Places and terms of appointments are the duty manager's, too: the list shows those kinds only.
    "rulebook:rules": ((), {**ANYWHERE, "2001": 200}, GET),
    "rulebook:rule": (("kind",), ANYWHERE, GET),
    "rulebook:rule-new": (("kind",), ANYWHERE, GET_POST),
    "rulebook:rule-preview": (("kind", "hall"), {"1001": 403, "2001": 403}, POST),
    "rulebook:rule-ask": (("kind",), {"1001": 403, "2001": 403}, POST),
    "rulebook:rule-withdraw": (("version",), {"1001": 403, "2001": 403, "1301": 404, "9901": 200}, GET_POST),
    "cases:processes": ((), ABOVE_LIST, GET),
    "cases:documents": ((), ABOVE_LIST, GET),
    "cases:process": ((), ABOVE_LIST, GET),
    "cases:process-compare": ((), ABOVE_LIST, GET),
    "cases:process-preview": (("district",), ABOVE_LIST, GET_POST),
    "calendars:year": ((), ANYWHERE, GET),
    "calendars:notices": ((), ANYWHERE, GET),
    "calendars:notice": (("country", "year"), ABOVE_LIST, GET_POST),
    "people:people": ((), ABOVE_LIST, GET),
    "people:person-new": ((), ABOVE_LIST, GET_POST),
    "people:person": (("clerk",), {**STAFF_OF_HALL, "2001": 403}, GET_POST),
    "people:person-retire": (("clerk",), STAFF_OF_HALL, GET_POST),
    "people:password": (("clerk",), STAFF_OF_HALL, GET_POST),
    "people:grant-new": (("clerk",), STAFF_OF_HALL, GET_POST),
    "people:grant-remove": (("clerk", "grant"), STAFF_OF_HALL, GET_POST),
    "people:token-new": (("clerk",), STAFF_OF_HALL, GET_POST),
    "people:token-revoke": (("clerk", "token"), STAFF_OF_HALL, GET_POST),
    "people:roles": ((), ABOVE_LIST, GET),
    "people:role-new": ((), ABOVE_LIST, GET_POST),
    "people:role": (("role",), ABOVE_LIST, GET_POST),
    "channels:channels": ((), ABOVE_LIST, GET),
    "channels:channel-new": ((), ABOVE_LIST, GET_POST),
    "channels:channel": (("channel",), {**STAFF_OF_HALL, "2001": 403}, GET_POST),
    "channels:channel-retire": (("channel",), STAFF_OF_HALL, GET_POST),
    "channels:channel-test": (("channel",), STAFF_OF_HALL, POST),
    "channels:channel-results": (("channel",), STAFF_OF_HALL, GET),
}


def admin_names(resolver=None, prefix="", namespace=""):
    """Every named address below /admin/."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from admin_names(entry, route, inner)
        elif isinstance(entry, URLPattern) and route.startswith("admin/"):
            yield f"{namespace}{entry.name}"


@pytest.fixture
def keys(cast, now):
    hall, clerk = cast.hall, Person.objects.get(staff_no="1001")
    unit = Unit.objects.get(code="H01")
    return {
        "hall": "H01",
        "channel": Channel.objects.create(name="群", unit=unit, sealed=seal_address("wecombot://key")).pk,
        "kind": "service.limits",
        "version": RuleVersion.objects.create(
            kind="service.limits",
            unit=Unit.objects.get(parent=None),
            number=1,
            valid_from=dt.date(2200, 1, 1),
            body={},
            author_label="x",
            written_at=now,
        ).pk,
        "weekly": "weekly",
        "country": "CN",
        "year": 2027,
        "hall_unit": Unit.objects.get(code="H01").pk,
        "district": Unit.objects.get(code="TH").pk,
        "zone": Zone.objects.filter(hall=hall).first().pk,
        "span": OpeningSpan.objects.filter(hall=hall).first().pk,
        "device": Device.objects.create(hall_id=hall, kind="kiosk", name="大门").pk,
        "equipment": Equipment.objects.create(hall_id=hall, kind="payment", name="缴费机 9").pk,
        "counter": cast.counters["1"],
        "queue": cast.queues["A"],
        "priority": cast.priorities["vip"],
        "class": BusinessClass.objects.first().pk,
        "type": cast.businesses["fee"],
        "clerk": clerk.pk,
        "grant": RoleGrant.objects.get(person=clerk).pk,
        "token": ApiToken.objects.create(person=clerk, name="x", digest="0" * 64, created_at=now).pk,
        "role": Role.objects.get(key="clerk").pk,
    }


def counts():
    models = (
        BusinessClass,
        Channel,
        Counter,
        Delivery,
        Device,
        Equipment,
        Notice,
        OpeningException,
        OpeningSpan,
        Person,
        PriorityClass,
        Queue,
        Role,
        Unit,
        Zone,
    )
    return [model.objects.count() for model in models] + [Fact.objects.count()]


def test_the_table_lists_every_settings_page():
    assert set(admin_names()) == set(TABLE)


def test_anonymous_visitors_are_sent_to_sign_in(client, keys):
    before = counts()
    for name, (wanted, _expected, _methods) in TABLE.items():
        url = reverse(name, args=[keys[key] for key in wanted])
        for method in ("GET", "POST", "PUT", "DELETE"):
            response = client.generic(method, url)
            assert (response.status_code, response["Location"].split("?")[0]) == (302, "/sign-in/"), (name, method)
    assert counts() == before


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize("staff_no", ["1001", "2001", "1301", "9901"])
def test_everybody_sees_exactly_what_the_table_says(client, keys, staff_no):
    assert client.login(staff_no=staff_no, username=staff_no, password=PASSWORD)
    before, wrong = counts(), []
    for name, (wanted, expected, methods) in TABLE.items():
        url = reverse(name, args=[keys[key] for key in wanted])
        should = expected.get(staff_no) if "GET" in methods else 405
        if (got := client.get(url).status_code) != should:
            wrong.append((name, "GET", got, should))
        for method in ("PUT", "PATCH", "DELETE"):
            if (got := client.generic(method, url).status_code) != 405:
                wrong.append((name, method, got, 405))
    assert wrong == []
    assert counts() == before


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize("staff_no", ["1001", "2001", "1301"])
def test_a_post_where_the_page_is_refused_is_refused_and_changes_nothing(client, keys, staff_no):
    assert client.login(username=staff_no, password=PASSWORD)
    before, wrong = counts(), []
    for name, (wanted, expected, methods) in TABLE.items():
        if expected.get(staff_no, 200) == 200:
            continue
        url = reverse(name, args=[keys[key] for key in wanted])
        should = expected[staff_no] if "POST" in methods else 405
        if (got := client.post(url, {"name": "x"}).status_code) != should:
            wrong.append((name, got, should))
    assert wrong == []
    assert counts() == before


@pytest.mark.parametrize("staff_no", ["1301", "9901"])
def test_an_empty_form_comes_back_with_its_errors(client, keys, staff_no):
    """Confirmations (retire, remove, revoke) need no field and act on an empty POST, so they stay out of this."""
    assert client.login(username=staff_no, password=PASSWORD)
    acting = ("retire", "remove", "revoke", "pair", "shipped", "skills", "password", "withdraw", "preview", "test")
    before, wrong = counts(), []
    for name, (wanted, expected, methods) in TABLE.items():
        if expected.get(staff_no) != 200 or "POST" not in methods or name.endswith(acting):
            continue
        response = client.post(reverse(name, args=[keys[key] for key in wanted]), {})
        if response.status_code != 422:
            wrong.append((name, response.status_code))
    assert wrong == []
    assert counts() == before


def test_things_of_another_hall_are_not_found_through_the_own_hall(client, keys, cast):
    assert client.login(username="1301", password=PASSWORD)
    foreign = {
        "sites:zone": Zone.objects.filter(hall=cast.other_hall).first().pk,
        "queueing:setup-counter": Counter.objects.filter(hall=cast.other_hall).first().pk,
        "queueing:setup-queue": Queue.objects.filter(hall=cast.other_hall).first().pk,
        "sites:device": Device.objects.create(hall_id=cast.other_hall, kind="board", name="屏").pk,
    }
    for name, pk in foreign.items():
        assert client.get(reverse(name, args=["H01", pk])).status_code == 404, name
        assert client.get(reverse(name, args=["H02", pk])).status_code == 404, name
    span = OpeningSpan.objects.filter(hall=cast.other_hall).first()
    assert client.post(reverse("sites:span-remove", args=["H01", "weekly", span.pk])).status_code == 404
    assert OpeningSpan.objects.filter(pk=span.pk).exists()
    assert dt.time(8, 30) == span.opens
