"""The page on which lists are taken in: who may, what is told, and that a check writes nothing."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from yingting.domains.cases.models import Case, ImportRun
from yingting.domains.cases.tests.stories import H01
from yingting.domains.cases.tests.test_bringing import CLOSED, HEAD, OPEN
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall

pytestmark = pytest.mark.django_db


def sent(client, *lines, step="check", unit=H01, staff="1301", **more):
    client.force_login(Person.objects.get(staff_no=staff))
    file = SimpleUploadedFile("list.csv", "\n".join((HEAD, *lines, "")).encode())
    return client.post("/cases/import/", {"file": file, "mapping": "complaints_zh", "unit": unit, "step": step, **more})


@pytest.mark.parametrize(("staff", "status"), [("1001", 403), ("2001", 403), ("1301", 200), ("9001", 200)])
def test_who_supervises_cases_sees_the_page(cast, client, staff, status):
    client.force_login(Person.objects.get(staff_no=staff))
    assert client.get("/cases/import/").status_code == status


def test_nobody_sees_it_without_signing_in(cast, client):
    assert client.get("/cases/import/").status_code == 302


def test_a_list_for_a_unit_outside_ones_part_of_the_tree_is_refused(cast, client):
    assert sent(client, OPEN, unit="GD/", step="take").status_code == 404
    assert Case.objects.count() == 0


def test_a_check_writes_nothing_and_the_list_is_then_taken(cast, client):
    told = sent(client, CLOSED, OPEN).content.decode()
    assert "仅做检查" in told
    assert Case.objects.count() == 0
    answer = sent(client, CLOSED, OPEN, step="take")
    assert (answer.status_code, Case.objects.count()) == (200, 2)
    assert "清单已导入" in answer.content.decode()


def test_bad_rows_are_named_and_the_good_ones_taken_only_if_asked(cast, client):
    bad = OPEN.replace("柜台", "传真")
    refused = sent(client, CLOSED, bad, step="take")
    assert (refused.status_code, Case.objects.count()) == (422, 0)
    assert "“传真”" in refused.content.decode()
    assert sent(client, CLOSED, bad, step="take", take_good="on").status_code == 200
    assert Case.objects.count() == 1


def test_a_form_without_a_file_says_so(cast, client):
    client.force_login(Person.objects.get(staff_no="1301"))
    answer = client.post("/cases/import/", {"mapping": "complaints_zh", "unit": H01, "step": "take"})
    assert (answer.status_code, Case.objects.count()) == (422, 0)


def test_a_list_is_taken_at_the_time_of_the_halls_not_of_the_system(cast, client, now):
    ahead = now + dt.timedelta(days=4_000)
    Hall.objects.update(clock_anchor_real=ahead, clock_anchor_hall=ahead, clock_speed=0)
    assert sent(client, CLOSED, step="take").status_code == 200
    assert ImportRun.objects.get().at == ahead
