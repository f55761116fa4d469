"""What the tests of the customer's screens share: an open hall and paired devices."""

from yingting.domains.queueing.actions import calling, issuing, serving, sessions
from yingting.domains.queueing.queries.setup import hall_now
from yingting.foundation.people.access import actor_for_person
from yingting.foundation.people.models import Person
from yingting.foundation.people.pairing import make_pairing_code
from yingting.foundation.sites.models import Device, Hall
from yingting.kernel.clocks import system_now


def set_clock(hall, instant):
    """Let the hall's clock run from this instant on."""
    row = Hall.objects.get(pk=hall)
    Hall.objects.filter(pk=hall).update(
        clock_anchor_real=system_now(), clock_anchor_hall=instant, config_version=row.config_version + 1
    )


def person(staff_no):
    return actor_for_person(Person.objects.get(staff_no=staff_no))


def new_code(hall, kind, name="屏 1", printer=""):
    """A device of the hall with a pairing code that is good now."""
    device = Device.objects.create(hall_id=hall, kind=kind, name=name, printer=printer)
    return device, make_pairing_code(device=device.pk, actor=person("9901"), now=system_now())


def pair(client, hall, kind, **device):
    """Pair the test client as a device, through the page."""
    row, code = new_code(hall, kind, **device)
    answer = client.post("/device/", {"code": code})
    assert answer.status_code == 200, answer.content.decode()
    return row


class Hands:
    """The staff of the cast at work, at the hall's own time."""

    def __init__(self, cast):
        self.cast = cast
        self.seats = {}

    @property
    def now(self):
        return hall_now(self.cast.hall)

    def open(self, number, staff_no="1001"):
        clerk = person(staff_no)
        self.seats[number] = (
            clerk,
            sessions.open_counter(hall=self.cast.hall, counter=self.cast.counters[number], actor=clerk, now=self.now),
        )

    def issue(self, business="fee", **more):
        return issuing.issue_ticket(
            hall=self.cast.hall, business=self.cast.businesses[business], actor=person("1101"), now=self.now, **more
        )

    def call(self, number):
        clerk, seat = self.seats[number]
        return calling.call_next(hall=self.cast.hall, session=seat.id, counter=seat.counter, actor=clerk, now=self.now)

    def start(self, number, ticket):
        serving.start_handling(hall=self.cast.hall, ticket=ticket, actor=self.seats[number][0], now=self.now)

    def finish(self, number, ticket):
        serving.finish(hall=self.cast.hall, ticket=ticket, actor=self.seats[number][0], now=self.now)

    def serve(self, number, ticket):
        self.start(number, ticket)
        self.finish(number, ticket)

    def recall(self, number, ticket):
        calling.recall(hall=self.cast.hall, ticket=ticket, actor=self.seats[number][0], now=self.now)

    def miss(self, number, ticket):
        calling.mark_no_show(hall=self.cast.hall, ticket=ticket, actor=self.seats[number][0], now=self.now)
