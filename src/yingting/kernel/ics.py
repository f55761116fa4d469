"""Dates for a calendar on a phone: the few lines of iCalendar (RFC 5545) that duties need."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One date of a calendar. The same `uid` with a higher `sequence` takes the place of the older one in the phone.

    `ends` None: it was taken away, and the phone removes it. Instants know their zone. `remind_min`: the phone itself reminds so
    many minutes before; None: it does not.
    """

    uid: str
    starts: dt.datetime
    ends: dt.datetime | None
    title: str
    place: str = ""
    words: str = ""
    sequence: int = 0
    remind_min: int | None = None


def uid(host: str, *parts: str) -> str:
    """Return a uid that stays the same for the same parts, and tells nobody what they are.

    >>> uid("hall.example", "1001", "2026-01-05") == uid("hall.example", "1001", "2026-01-05")
    True
    """
    digest = hashlib.sha256("\n".join((host, *parts)).encode()).hexdigest()
    return f"{digest[:32]}@{host}"


def calendar(entries: Iterable[Entry], *, product: str, stamp: dt.datetime) -> str:
    """Return the entries as an iCalendar text: UTC times, lines of at most 75 octets, CRLF.

    `product` names what wrote it. Raises ValueError when the stamp has no time zone.

    >>> text = calendar([], product="-//Yingting//Roster//EN", stamp=dt.datetime(2026, 1, 5, tzinfo=dt.UTC))
    >>> text.splitlines()[0], text.splitlines()[-1]
    ('BEGIN:VCALENDAR', 'END:VCALENDAR')
    """
    if stamp.tzinfo is None:
        raise ValueError("the stamp has no time zone")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{product}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for entry in entries:
        lines += ["BEGIN:VEVENT", f"UID:{entry.uid}", f"DTSTAMP:{_utc(stamp)}", f"SEQUENCE:{entry.sequence}"]
        lines += [*_told(entry), "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return "".join(part + "\r\n" for line in lines for part in _folded(line))


def _told(entry: Entry) -> list[str]:
    starts = f"DTSTART:{_utc(entry.starts)}"
    if entry.ends is None:
        return [starts, f"SUMMARY:{_escaped(entry.title)}", "STATUS:CANCELLED"]
    lines = [starts, f"DTEND:{_utc(entry.ends)}", f"SUMMARY:{_escaped(entry.title)}"]
    lines += [f"LOCATION:{_escaped(entry.place)}", "STATUS:CONFIRMED"]
    if entry.words:
        lines.append(f"DESCRIPTION:{_escaped(entry.words)}")
    if entry.remind_min is not None:
        trigger = f"TRIGGER:-PT{entry.remind_min}M"
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_escaped(entry.title)}", trigger, "END:VALARM"]
    return lines


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for plain, safe in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        text = text.replace(plain, safe)
    return text


def _folded(line: str) -> list[str]:
    """Return the line in parts of at most 75 octets, those after the first begun by a space; no character is cut."""
    parts, part, room = [], "", 75
    for letter in line:
        size = len(letter.encode())
        if size > room:
            parts.append(part)
            part, room = " ", 74
        part += letter
        room -= size
    return [*parts, part]
