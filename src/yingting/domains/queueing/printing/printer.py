"""Bring slip rows onto paper with ESC/POS, over the network or USB.

A slip is rendered as a whole before the first byte travels, so a rendering fault never leaves half a slip on the paper.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from yingting.domains.queueing.printing.layout import RowKind, SlipRow, columns_of, wrapped

if (
    TYPE_CHECKING
):  # escpos takes half a second to load: only the first slip waits for it, not every web process at start
    from escpos.printer import Dummy

# A customer stands before the kiosk: a printer that does not answer in this time counts as failed.
TIMEOUT_S = 2.0
# FS & switches a printer to Chinese characters, FS . back; every GB18030 printer knows both.
_CHINESE_ON, _CHINESE_OFF = b"\x1c\x26", b"\x1c\x2e"
_SIZES = {RowKind.NUMBER: 4, RowKind.LEAD: 2, RowKind.TEXT: 1, RowKind.SMALL: 1}


class PrinterFailed(Exception):
    """The slip did not come out. `why` is a code for the journal: unreachable, broken_off, unusable_address."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class PrinterAddress:
    """Where a device's slips come out, and what that printer can do.

    Written as `tcp://10.0.0.7:9100` or `usb://04b8:0202`; `?columns=32` for 58 mm paper (48 is 80 mm), `?qr=image` for a
    printer that cannot draw QR codes itself.
    """

    scheme: str
    host: str = ""
    port: int = 9100
    vendor: int = 0
    product: int = 0
    columns: int = 48
    draws_qr: bool = True


def printer_address(text: str) -> PrinterAddress:
    """Return the address that an administrator wrote. Raises PrinterFailed unusable_address.

    >>> printer_address("tcp://10.0.0.7:9100").port, printer_address("usb://04b8:0202?columns=32").vendor
    (9100, 1208)
    """
    try:
        url = urlsplit(text.strip())
        options = parse_qs(url.query)
        columns = int(options.get("columns", ["48"])[0])
        draws_qr = options.get("qr", ["native"])[0] != "image"
        if url.scheme == "tcp" and url.hostname and 16 <= columns <= 64:
            return PrinterAddress("tcp", url.hostname, url.port or 9100, columns=columns, draws_qr=draws_qr)
        if url.scheme == "usb" and 16 <= columns <= 64:
            vendor, product = url.netloc.split(":")
            return PrinterAddress("usb", "", 0, int(vendor, 16), int(product, 16), columns, draws_qr)
    except ValueError:
        pass
    raise PrinterFailed("unusable_address")


def slip_bytes(rows: Iterable[SlipRow], address: PrinterAddress) -> bytes:
    """Return the ESC/POS bytes of a whole slip, cut included."""
    from escpos.printer import Dummy

    paper = Dummy()
    paper.hw("INIT")
    for row in rows:
        _put(paper, row, address)
    paper.cut()
    return bytes(paper.output)


def _put(paper: Dummy, row: SlipRow, address: PrinterAddress) -> None:
    paper.set(align="center" if row.centred else "left", bold=row.kind is RowKind.NUMBER, normal_textsize=True)
    if row.kind is RowKind.RULE:
        paper.text("-" * address.columns + "\n")
    elif row.kind is RowKind.QR:
        if address.draws_qr:
            paper.qr(row.text, native=True, size=6)
        else:
            paper.qr(row.text, size=4, image_arguments={"center": False, "impl": "bitImageRaster"})
        paper.text("\n")
    else:
        size = _SIZES[row.kind]
        # A lead that is too long for double width keeps double height only.
        wide = size if columns_of(row.text) * size <= address.columns or row.kind is RowKind.NUMBER else 1
        paper.set(custom_size=True, width=wide, height=size)
        paper._raw(_CHINESE_ON)
        for line in wrapped(row.text, address.columns // wide):
            paper._raw(line.encode("gb18030") + b"\n")
        paper._raw(_CHINESE_OFF)


def send(content: bytes, address: PrinterAddress) -> None:
    """Send a rendered slip to its printer, waiting a short time only. Raises PrinterFailed."""
    if address.scheme == "tcp":
        _send_tcp(content, address)
    else:
        _send_usb(content, address)


def _send_tcp(content: bytes, address: PrinterAddress) -> None:
    # Not escpos' own Network printer: it leaves its socket open when the printer does not answer, and knows no IPv6.
    try:
        line = socket.create_connection((address.host, address.port), timeout=TIMEOUT_S)
    except OSError as error:
        raise PrinterFailed("unreachable") from error
    try:
        with line:
            line.sendall(content)
            line.shutdown(socket.SHUT_WR)
    except OSError as error:
        raise PrinterFailed("broken_off") from error


def _send_usb(content: bytes, address: PrinterAddress) -> None:
    from escpos.exceptions import Error as EscposError
    from escpos.printer import Usb

    printer = Usb(address.vendor, address.product, timeout=int(TIMEOUT_S * 1000))
    try:
        printer.open()
    except (EscposError, OSError, RuntimeError, ValueError) as error:  # ValueError: no USB library here
        raise PrinterFailed("unreachable") from error
    try:
        printer._raw(content)
    except (EscposError, OSError, AssertionError) as error:
        raise PrinterFailed("broken_off") from error
    finally:
        printer.close()
