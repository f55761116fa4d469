"""The public staff board: stars by ratings, name and photo with consent alone, gone at once when it is withdrawn (PRF-21)."""

import datetime as dt
import io

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from PIL import Image

from yingting.domains.queueing.actions import moving
from yingting.domains.queueing.evidence import SHELF
from yingting.domains.queueing.tests.screens import Hands, set_clock
from yingting.foundation.customers.models import Consent
from yingting.foundation.editing.rulebook.actions import publish_rule
from yingting.foundation.evidence.models import Proof, ProofErased
from yingting.foundation.people.models import Person
from yingting.foundation.rulebook.kinds import kinds
from yingting.foundation.sites.models import Hall, Unit
from yingting.kernel.actors import Actor, ActorKind
from yingting.reporting.stars import board as boards
from yingting.reporting.stars.shown import STAR_BOARD, StarBoard, StarLevel, WithoutConsent

BOARD = "/stars/H01/"


@pytest.fixture
def open_hall(cast, now):
    cache.clear()
    set_clock(cast.hall, now)
    return cast


@pytest.fixture
def rated(open_hall, monkeypatch):
    """王芳 (1001) and 1002 have their ratings."""
    monkeypatch.setattr(boards, "ratings", lambda *_: {"1001": 4.9, "1002": 4.4, "1101": 3.0, "7777": 5.0})
    return open_hall


@pytest.fixture
def own(client, rated):
    """王芳 at her own page."""
    client.force_login(Person.objects.get(staff_no="1001"))

    def press(what, **more):
        return client.post("/stars/", {"press": what, **more})

    return press


def photo(colour="red"):
    body = io.BytesIO()
    Image.new("RGB", (40, 40), colour).save(body, "JPEG")
    body.seek(0)
    body.name = "wang fang 13900000001.jpg"
    return body


FORM = "01890000-0000-7000-8000-000000000001"


def seen(client):
    """The board as a customer's phone shows it, which nobody has signed in on."""
    client.logout()
    return client.get(BOARD)


@pytest.mark.req("PRF-21")
def test_without_consent_there_are_stars_and_a_staff_number_and_nobody_named(client, rated):
    page = seen(client).content.decode()
    assert "工号 1001" in page
    assert "王芳" not in page
    assert 'aria-label="5 星"' in page
    assert "<img" not in page
    assert "1101" not in page, "no stars, not on the board"
    assert page.index("1001") < page.index("1002")


@pytest.mark.req("PRF-21")
def test_name_and_photo_appear_with_consent_and_are_gone_at_once(client, own):
    assert own("photo", photo=photo(), form_id=FORM).status_code == 409, "no photo before the consent"
    assert not Proof.objects.exists()
    assert own("agree").status_code == 302
    assert own("photo", photo=photo(), form_id=FORM).status_code == 302
    person = Person.objects.get(staff_no="1001")
    page = seen(client).content.decode()
    assert "王芳" in page
    picture = reverse("reporting:star-picture", args=["H01", person.pk])
    assert picture in page
    assert client.get(picture).headers["Content-Type"] == "image/jpeg"
    client.force_login(person)
    assert own("withdraw").status_code == 302
    page = seen(client).content.decode()
    assert "王芳" not in page
    assert "工号 1001" in page
    assert client.get(picture).status_code == 404
    assert Consent.objects.get(person=person).ended_how == "own_page"
    assert ProofErased.objects.count() == Proof.objects.count() == 1


def test_another_photo_replaces_the_first_and_only_pictures_are_photos(client, own):
    own("agree")
    own("photo", photo=photo("red"), form_id=FORM)
    own("photo", photo=photo("blue"), form_id=FORM)
    assert (Proof.objects.count(), ProofErased.objects.count()) == (2, 1)
    text = io.BytesIO(b"%PDF-1.7 nothing to see")
    text.name = "photo.jpg"
    answer = own("photo", photo=text, form_id=FORM)
    assert answer.status_code == 422
    assert "不是照片" in answer.content.decode()
    assert own("photo", form_id=FORM).status_code == 422
    assert Proof.objects.count() == 2


def test_nobody_gives_or_takes_back_for_somebody_else(client, own, rated):
    own("agree")
    own("photo", photo=photo(), form_id=FORM)
    client.force_login(Person.objects.get(staff_no="1301"))
    client.post("/stars/", {"press": "withdraw"})
    assert Consent.objects.get().ended_at is None
    proof = Proof.objects.get()
    assert client.get(reverse("evidence:proofs", args=["people.photo", proof.record])).status_code == 404
    client.logout()
    assert client.post("/stars/", {"press": "agree"}).headers["Location"].startswith("/sign-in/")


def test_the_board_of_a_hall_that_shows_none_or_is_none(client, rated, actor_of, now):
    assert client.get("/stars/NOWHERE/").status_code == 404
    unit = Unit.objects.get(code="GD").pk
    levels = STAR_BOARD.shipped.levels
    for rule, status, shown in (
        (StarBoard(levels=levels, without_consent=WithoutConsent.NOTHING), 200, False),
        (StarBoard(is_public=False, levels=levels), 404, False),
    ):
        publish_rule(
            STAR_BOARD, unit=unit, rule=rule, valid_from=now.date(), actor=actor_of("9901"), now=now, reason="test"
        )
        answer = seen(client)
        assert answer.status_code == status
        assert ("1001" in answer.content.decode()) is shown


def test_more_stars_ask_for_more():
    check = kinds()["evidence.star_board"].check
    assert list(check(STAR_BOARD.shipped, "GD/")) == []
    assert [where for where, _s, _p in check(StarBoard(levels=(StarLevel(5, 4.0), StarLevel(4, 4.5))), "GD/")] == [
        "levels"
    ]


def test_ratings_are_those_of_the_lake_and_of_enough_customers(open_hall, tmp_path, monkeypatch, now):
    monkeypatch.setattr(settings, "LAKE_DIR", tmp_path / "lake")
    hands = Hands(open_hall)
    hands.open("1")
    for score in (5, 4):
        issued = hands.issue()
        hands.call("1")
        hands.serve("1", issued.id)
        customer = Actor(ActorKind.CUSTOMER, issued.id, "customer")
        moving.rate(hall=open_hall.hall, ticket=issued.id, score=score, actor=customer, now=hands.now)
    SHELF.fill(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=3))
    hall, tomorrow = Hall.objects.select_related("unit").get(pk=open_hall.hall), now.date() + dt.timedelta(days=1)
    assert boards.ratings(hall, StarBoard(least=2), tomorrow) == {"1001": 4.5}
    assert boards.ratings(hall, StarBoard(least=3), tomorrow) == {}
