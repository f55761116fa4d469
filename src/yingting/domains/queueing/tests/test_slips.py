"""Slips: what stands on them, the bytes that reach a printer, and that there is one a ticket."""

import socket
import threading
from contextlib import contextmanager

import pytest
from django.utils import translation

from yingting.domains.queueing.models import Ticket
from yingting.domains.queueing.printing.layout import RowKind, SlipContent, columns_of, slip_rows, wrapped
from yingting.domains.queueing.printing.printer import PrinterFailed, printer_address, send, slip_bytes
from yingting.domains.queueing.rules import slip_id
from yingting.domains.queueing.tests.screens import pair
from yingting.foundation.journal.recording import facts_of

KEY = "0123456789abcdef0123456789abcdef"
CUT = b"\x1dV\x00"
CONTENT = SlipContent(
    hall="天河路营业厅", number="A003", business="携号转网", zone="综合区", is_care=True, ahead=3, low_min=6, high_min=10,
    papers=("本人身份证原件", "授权码短信"), issued="2026-01-05 10:00", link="http://hall.example/t/abc/",
)  # fmt: skip


@contextmanager
def loopback_printer():
    """A TCP socket that takes slips like a printer; yields its address and the list of slips it got."""
    slips = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)
    stop = threading.Event()

    def listen():
        while not stop.is_set():
            try:
                line, _ = server.accept()
            except TimeoutError:
                continue
            with line:
                line.settimeout(2)
                got = b""
                while chunk := line.recv(65536):
                    got += chunk
            slips.append(got)

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}", slips
    finally:
        stop.set()
        thread.join()
        server.close()


def a_dead_address():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"tcp://127.0.0.1:{server.getsockname()[1]}"


def test_a_slip_tells_number_place_range_papers_and_where_to_follow():
    with translation.override("zh-hans"):
        rows = slip_rows(CONTENT)
    assert [(row.kind.value, row.text) for row in rows] == [
        ("text", "天河路营业厅"), ("lead", "爱心通道"), ("number", "A003"), ("lead", "携号转网"),
        ("lead", "前面还有 3 位\n约 6–10 分钟"), ("text", "请在综合区等候"), ("rule", ""), ("text", "请备好："),
        ("text", "□ 本人身份证原件"), ("text", "□ 授权码短信"), ("rule", ""), ("qr", "http://hall.example/t/abc/"),
        ("small", "扫码查看排队进度"), ("small", "2026-01-05 10:00"),
    ]  # fmt: skip


def test_a_slip_promises_no_minutes_when_no_counter_is_open():
    from dataclasses import replace

    with translation.override("en"):
        rows = slip_rows(replace(CONTENT, low_min=None, high_min=None, ahead=1, papers=(), zone="", is_care=False))
    assert rows[3].text == "1 person ahead\nNo counter is open for this yet"
    assert [row.kind for row in rows].count(RowKind.RULE) == 1


def test_the_bytes_are_gb18030_with_a_native_qr_code_and_one_cut():
    with translation.override("zh-hans"):
        content = slip_bytes(slip_rows(CONTENT), printer_address("tcp://127.0.0.1"))
    assert content.startswith(b"\x1b@")
    assert content.count(b"\x1c&" + "携号转网".encode("gb18030") + b"\n\x1c.") == 1
    assert b"\x1d!3\x1c&A003\n" in content  # four times as wide and high
    assert b"1P0http://hall.example/t/abc/" in content
    assert content.endswith(CUT)
    assert content.count(CUT) == 1


def test_a_printer_that_draws_no_qr_gets_a_picture():
    content = slip_bytes(slip_rows(CONTENT), printer_address("tcp://127.0.0.1?qr=image"))
    assert b"http://hall.example" not in content
    assert b"\x1dv0" in content
    assert len(content) > 1000


@pytest.mark.parametrize("columns", [48, 32])
def test_no_line_is_wider_than_the_paper(columns):
    assert [
        columns_of(line)
        for line in wrapped("广东省广州市天河区天河路营业厅" * 3, columns)
        if columns_of(line) > columns
    ] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10.0.0.7:9100",
        "tcp://",
        "tcp://h:port",
        "usb://04b8",
        "usb://x:y",
        "file:///etc/passwd",
        "tcp://h?columns=9",
    ],
)
def test_an_unusable_address_is_known_as_such(text):
    with pytest.raises(PrinterFailed) as no:
        printer_address(text)
    assert no.value.why == "unusable_address"


def test_a_usb_printer_that_is_not_there_is_unreachable():
    with pytest.raises(PrinterFailed) as no:
        send(b"x", printer_address("usb://dead:beef"))
    assert no.value.why == "unreachable"


@pytest.mark.req("QUE-01")
def test_a_double_tap_prints_one_slip(client, open_hall, print_at_once):
    with loopback_printer() as (address, slips):
        pair(client, open_hall.hall, "kiosk", name="取号机 1", printer=address)
        answers = [
            client.post("/kiosk/issue/", {"business": open_hall.businesses["open"], "key": KEY}) for _ in range(3)
        ]
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        ticket = Ticket.objects.get()
        assert client.get(f"/kiosk/slip/{ticket.pk}/").json() == {"state": "printed"}
    assert len(slips) == 1
    assert b"B001" in slips[0]
    assert f"/t/{ticket.secret}/".encode() in slips[0]
    assert slips[0].endswith(CUT)
    assert [fact["kind"] for fact in facts_of(slip_id(ticket.pk))] == ["slip.requested", "slip.printed"]


def test_a_dead_printer_costs_the_customer_nothing(client, open_hall, print_at_once):
    pair(client, open_hall.hall, "kiosk", name="取号机 1", printer=a_dead_address())
    answer = client.post("/kiosk/issue/", {"business": open_hall.businesses["fee"], "key": KEY})
    assert answer.status_code == 200
    ticket = Ticket.objects.get()
    assert ticket.state == "waiting"
    assert client.get(f"/kiosk/slip/{ticket.pk}/").json() == {"state": "failed"}
    assert facts_of(slip_id(ticket.pk))[1]["data"] == {"ticket": str(ticket.pk), "why": "unreachable"}


def test_a_kiosk_without_a_printer_prints_nothing_and_says_to_note_the_number(client, open_hall, print_at_once):
    pair(client, open_hall.hall, "kiosk", name="取号机 1")
    answer = client.post("/kiosk/issue/", {"business": open_hall.businesses["fee"], "key": KEY})
    assert "请记下号码或扫码" in answer.content.decode()
    ticket = Ticket.objects.get()
    assert client.get(f"/kiosk/slip/{ticket.pk}/").json() == {"state": "none"}
    assert facts_of(slip_id(ticket.pk)) == []


def test_the_browser_prints_the_same_rows(client, hands):
    issued = hands.issue("open")
    page = client.get(f"/t/{issued.secret}/slip/", headers={"Accept-Language": "zh-CN"}).content.decode()
    for text in ("B001", "新号入网", "□ 本人身份证原件", f"/t/{issued.secret}/qr.svg"):
        assert text in page
