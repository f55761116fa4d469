"""The front door: sign-in with its brake, demo sign-ins, language, pages of refusal."""

import pytest
from django.test import Client
from django.urls import reverse

from yingting.foundation.people.models import Person
from yingting.planning.cast import MEMBERS, PASSWORD
from yingting.web import throttling


def _sign_in(client, staff_no="1001", password=PASSWORD, **more):
    return client.post(reverse("sign-in"), {"username": staff_no, "password": password, **more})


def _is_in(client):
    return "_auth_user_id" in client.session


def test_staff_number_and_password_open_the_house(cast, client):
    answer = _sign_in(client, next="/counter/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/counter/")
    page = client.get("/").content.decode()
    assert "王芳，您好" in page
    assert 'href="/counter/"' in page
    assert "营业员" in page


def test_a_foreign_target_is_not_followed(cast, client):
    assert _sign_in(client, next="https://elsewhere.example/").headers["Location"] == "/"


@pytest.mark.parametrize(
    ("staff_no", "password", "words"),
    [
        ("1001", "wrong", "工号或密码不对，请核对后再试。"),
        ("7777", PASSWORD, "工号或密码不对，请核对后再试。"),
        ("", "", "请输入工号和密码。"),
        ("1002", "", "请输入工号和密码。"),
    ],
)
def test_a_failed_sign_in_says_why_in_words(cast, client, staff_no, password, words):
    answer = _sign_in(client, staff_no, password)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not _is_in(client)


def test_an_inactive_person_does_not_get_in(cast, client):
    Person.objects.filter(staff_no="1001").update(is_active=False)
    assert _sign_in(client).status_code == 422
    assert not _is_in(client)


def test_ten_failures_mean_a_wait_even_for_the_right_password(cast, client):
    pages = [_sign_in(client, password=f"wrong-{n}").content.decode() for n in range(10)]
    assert ["还可试" in page for page in pages] == [False] * 6 + [True] * 3 + [False]
    answer = _sign_in(client)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "600")
    assert "请等十分钟再试" in answer.content.decode()
    assert not _is_in(client)
    assert _sign_in(client, "1201").status_code == 302  # another staff number is not held back
    assert _sign_in(Client(REMOTE_ADDR="10.0.0.9")).status_code == 302  # nor the same one from elsewhere


def test_a_sign_in_that_works_clears_the_count(cast, client):
    for n in range(9):
        _sign_in(client, password=f"wrong-{n}")
    assert _sign_in(client).status_code == 302
    assert throttling.tries_left("1001", "127.0.0.1") == 10


def test_demo_sign_ins_exist_in_a_demo_only(cast, client, settings):
    assert client.post(reverse("demo-sign-in"), {"staff_no": "1001"}).status_code == 404
    assert not _is_in(client)
    settings.DEMO = True
    answer = client.post(reverse("demo-sign-in"), {"staff_no": "1001", "next": "/counter/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/counter/")
    assert _is_in(client)


@pytest.mark.parametrize("staff_no", ["1002", "7777", ""])
def test_demo_sign_ins_are_for_the_cast_only(cast, client, settings, staff_no):
    settings.DEMO = True
    assert client.post(reverse("demo-sign-in"), {"staff_no": staff_no}).status_code == 404
    assert not _is_in(client)


def test_the_demo_s_first_page_lists_screens_and_the_whole_cast(cast, client, settings):
    settings.DEMO = True
    page = client.get("/").content.decode()
    assert all(f'value="{member.staff_no}"' in page for member in MEMBERS)
    assert all(words in page for words in ("台席", "厅内实况", "看不到本厅任何东西"))


def test_outside_a_demo_the_first_page_asks_to_sign_in(cast, client):
    answer = client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/")


def test_a_person_sees_only_the_screens_of_the_own_permissions(cast, client):
    client.force_login(Person.objects.get(staff_no="9001"))
    page = client.get("/").content.decode()
    assert 'href="/floor/"' in page
    assert 'href="/counter/"' not in page


def test_the_language_switch_is_a_post_and_is_kept(cast, client):
    assert client.get(reverse("language")).status_code == 405
    answer = client.post(reverse("language"), {"language": "en", "next": "/sign-in/"})
    assert answer.headers["Location"] == "/sign-in/"
    assert "Staff number" in client.get("/sign-in/").content.decode()


def test_a_person_s_own_language_is_used_after_sign_in(cast, client):
    Person.objects.filter(staff_no="1001").update(language="en")
    _sign_in(client)
    assert "Welcome" in client.get("/").content.decode()


def test_signing_out_is_a_post(cast, client):
    _sign_in(client)
    assert client.get(reverse("sign-out")).status_code == 405
    assert _is_in(client)
    client.post(reverse("sign-out"))
    assert not _is_in(client)


def test_refusal_pages_have_words_in_both_languages(cast, client):
    assert "没有这个页面" in client.get("/nowhere/").content.decode()
    client.cookies["yingting_language"] = "en"
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()


def test_a_form_without_its_token_is_refused_in_words(cast):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("sign-in"), {"username": "1001", "password": PASSWORD})
    assert answer.status_code == 403
    assert "这个页面已过期" in answer.content.decode()
