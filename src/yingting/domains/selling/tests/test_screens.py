"""Every address of selling, for everybody; the panels as the clerk uses them; the pages."""

import pytest
from django.conf import settings
from django.urls import reverse

from yingting.domains.queueing.models import Ticket
from yingting.domains.selling.models import IdleMark, RecommendationRecord
from yingting.domains.selling.tests.conftest import FULL, YES
from yingting.domains.selling.urls import urlpatterns
from yingting.foundation.people.models import Person

EVERYBODY = ("1001", "1002", "1101", "1201", "1301", "2001", "9001", "9901")


def answers(*codes):
    return dict(zip(EVERYBODY, codes, strict=True))


OWN_TICKET = answers(200, 403, 403, 403, 403, 404, 403, 403)
OWN_SEAT = answers(200, 403, 403, 403, 403, 404, 403, 403)
# name: (what its address takes, method, what each gets)
TABLE = {
    "ticket-panel": ("ticket", "get", OWN_TICKET),
    "answer": ("ticket", "post", OWN_TICKET),
    "ticket": ("ticket", "get", answers(200, 403, 403, 200, 200, 404, 403, 200)),
    "idle-panel": ("session", "get", OWN_SEAT),
    "mark": ("session", "post", OWN_SEAT),
    "once": (None, "get", answers(*[200] * 8)),
    "hall-line": ("code", "get", answers(403, 403, 403, 200, 200, 404, 403, 200)),
    "mine": ("code", "get", answers(200, 200, 403, 200, 403, 404, 403, 200)),
    "hall": ("code", "get", answers(403, 403, 403, 200, 200, 404, 403, 200)),
}


def sign_in(client, staff_no):
    client.force_login(Person.objects.get(staff_no=staff_no))


def test_the_table_names_every_address():
    assert {pattern.name for pattern in urlpatterns} == set(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_everybody_gets_what_is_theirs(client, hall, name):
    takes, method, expected = TABLE[name]
    ticket = hall.at_counter()
    if name == "mark":
        hall.finish("3", ticket)
        hall.pass_(3)
    given = {"ticket": ticket, "session": hall.seats["3"][1].id, "code": "H01"}
    address = reverse(f"selling:{name}", args=[given[takes]] if takes else [])
    fields = {"part": "phone", "press": "done" if name == "mark" else "accepted", "task": "ask"}

    def ask():
        return client.post(address, fields) if method == "post" else client.get(address)

    answer = ask()
    assert (answer.status_code, answer.headers["Location"].startswith("/sign-in/")) == (302, True)
    got = {}
    for staff_no in EVERYBODY:
        sign_in(client, staff_no)
        got[staff_no] = ask().status_code
    assert got == expected
    written = (RecommendationRecord.objects.count(), IdleMark.objects.count())
    assert written == {"answer": (1, 0), "mark": (0, 1)}.get(name, (0, 0))


@pytest.mark.req("SAL-05")
@pytest.mark.req("SAL-02")
def test_the_clerk_sees_the_question_and_records_each_part_by_one_key(client, hall):
    ticket = hall.at_counter()
    sign_in(client, "1001")
    assert f'data-panel="/selling/tickets/{ticket}/panel/"' in client.get("/counter/").content.decode()
    page = client.get(f"/selling/tickets/{ticket}/panel/").content.decode()
    assert "您的手机用了多久？您有兴趣了解以旧换新吗？" in page
    assert 'data-keys="Digit1 Numpad1"' in page
    assert 'value="unsuitable:has"' in page

    def press(part, what):
        return client.post(f"/selling/tickets/{ticket}/answer/", {"part": part, "press": what}).content.decode()

    assert "您有兴趣了解更合适的套餐吗" in press("phone", "accepted")
    assert "您有兴趣了解宽带优惠吗" in press("plan", "unsuitable:has")
    done = press("broadband", "declined")
    assert "客户已谢绝" in done
    assert "selling-script" not in done
    again = client.post(f"/selling/tickets/{ticket}/answer/", {"show": "broadband"}).content.decode()
    assert "您有兴趣了解宽带优惠吗" in again
    assert RecommendationRecord.objects.get().is_full
    assert client.post(f"/selling/tickets/{ticket}/answer/", {"part": "phone", "press": "bought"}).status_code == 422
    assert RecommendationRecord.objects.get().version == 3


def test_before_the_customer_has_come_the_panel_is_empty_and_with_a_complaint_it_says_why(client, hall):
    hall.open("3")
    ticket = hall.issue("complain").id
    hall.call("3")
    sign_in(client, "1001")
    address = f"/selling/tickets/{ticket}/panel/"
    assert client.get(address).content.decode().strip() == ""
    hall.start("3", ticket)
    assert "此业务不做推荐" in client.get(address).content.decode()


def test_the_panel_speaks_english(client, hall):
    ticket = hall.at_counter()
    sign_in(client, "1001")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(f"/selling/tickets/{ticket}/panel/").content.decode()
    assert "Would you like to hear about trading it in?" in page
    assert "Phone" in page


def test_the_quiet_panel_shows_the_own_rate_and_the_task(client, hall):
    hall.served()
    seat = hall.seats["3"][1].id
    sign_in(client, "1001")
    address = f"/selling/counter/{seat}/panel/"
    assert f'data-panel="{address}"' in client.get("/counter/").content.decode()
    page = client.get(address).content.decode()
    assert "0/1" in page
    assert "1 张待补记" in page
    assert "现在没人等候" not in page
    hall.pass_(3)
    assert "问一位在厅内休息的客户" in client.get(address).content.decode()
    page = client.post(f"/selling/counter/{seat}/mark/", {"task": "ask", "press": "later"}).content.decode()
    assert "回一个答应过客户的电话" in page
    assert not IdleMark.objects.get().is_done


@pytest.mark.req("SAL-02")
def test_an_open_record_is_made_up_on_its_page_and_corrected_once_fixed(client, hall):
    ticket = hall.served()
    hall.pass_(60)
    sign_in(client, "1001")
    mine = client.get("/selling/H01/mine/").content.decode()
    assert "今天待补记" in mine
    address = f"/selling/tickets/{ticket}/"
    assert f'href="{address}"' in mine
    answer = client.post(address, dict.fromkeys(FULL, "interested"))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/selling/H01/mine/")
    assert (RecommendationRecord.objects.get().is_full, RecommendationRecord.objects.get().is_late) == (True, True)
    assert "今天待补记" not in client.get("/selling/H01/mine/").content.decode()
    hall.pass_(11)
    changed = {**dict.fromkeys(FULL, "interested"), "plan": "unsuitable:bound"}
    answer = client.post(address, changed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="unsuitable:bound" checked' in page
    assert client.post(address, {**changed, "why": "当时看错"}).status_code == 302
    assert "当时看错" in client.get(address).content.decode()


def test_the_supervisor_sees_who_has_open_records_but_makes_none_up(client, hall):
    ticket = hall.served()
    number = Ticket.objects.get(pk=ticket).number
    sign_in(client, "1201")
    page = client.get("/selling/H01/").content.decode()
    assert "王芳" in page
    assert number in page
    assert "0/1" in page
    assert "0/1" in client.get("/selling/H01/line/").content.decode()
    assert "<form" not in client.get(f"/selling/tickets/{ticket}/").content.decode().split("<main", 1)[1]
    answer = client.post(f"/selling/tickets/{ticket}/", {"phone": "accepted"})
    assert (answer.status_code, RecommendationRecord.objects.count()) == (422, 0)
    hall.record(ticket, {"phone": YES})
    assert client.post(f"/selling/tickets/{ticket}/", {"phone": "interested", "why": "核实"}).status_code == 302
    assert RecommendationRecord.objects.get(is_current=True).by_id == hall.cast.people["1201"]


def test_the_live_hall_carries_the_line(client, hall):
    sign_in(client, "1201")
    assert "/selling/H01/line/" in client.get("/floor/H01/").content.decode()
