"""Handlers at work over HTTP: each opens the queue, opens a case, writes into it, thinks; and some who all write into one case.

The queue and the case are the pages that a browser gets, with a session; writing goes by the API with the version read before.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field

from http_load import Connection, percentile

VIEWS = ("mine", "mine", "mine", "mine", "overdue", "all")
SEATS = """
import importlib
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from yingting.foundation.people.access import digest
from yingting.foundation.people.models import ApiToken
store = importlib.import_module(settings.SESSION_ENGINE).SessionStore
seats = []
for person in Person.objects.filter(staff_no__startswith="h0").order_by("staff_no"):
    session = store()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    ApiToken.objects.create(person=person, name="bench", digest=digest(f"t{person.staff_no}"), created_at=dt.datetime.now(dt.UTC))
    own = [str(one) for one in Case.objects.filter(owner=person).values_list("pk", flat=True)[:200]]
    seats.append(dict(cookie=f"{settings.SESSION_COOKIE_NAME}={session.session_key}", token=f"t{person.staff_no}", cases=own))
tell(seats=seats)
"""
# What the database says afterwards of a case that was written into: the count in its text, and its facts since.
AFTER = """
from yingting.domains.cases.models import Words
from yingting.foundation.journal.models import Fact
for case, before in json.loads({cases!r}).items():
    row = Case.objects.get(pk=case)
    tell(case=case, versions=row.version - before, facts=Fact.objects.filter(subject=case, kind="words.filled").count(),
         counted=int(Words.objects.get(case=case).product or 0))
"""


@dataclass(slots=True)
class Tally:
    """What the callers saw: seconds by kind of request, writes taken by case and refused, anything else that came back."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    taken: Counter[str] = field(default_factory=Counter)
    before: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    wrong: list[str] = field(default_factory=list)


async def _handler(port: int, seat: dict, until: float, think_s: float, tally: Tally, chance: random.Random) -> None:
    link = Connection("127.0.0.1", port, tally.seconds)
    await link.open()
    cookie, bearer = f"Cookie: {seat['cookie']}\r\n", f"Authorization: Bearer {seat['token']}\r\n"

    async def pause() -> bool:
        """Think; True while there is time for another step. Who is out of time goes, so that nobody presses at the end."""
        # The server closes a connection that says nothing for half a minute.
        await asyncio.sleep(min(chance.expovariate(1 / think_s), 20))
        return time.perf_counter() < until

    while await pause():
        status, page = await link.ask("queue", "GET", f"/cases/?which={chance.choice(VIEWS)}", cookie)
        if status != 200 or b"/cases/" not in page:
            tally.wrong.append(f"queue {status}")
        if not await pause():
            break
        case = chance.choice(seat["cases"])
        status, page = await link.ask("case", "GET", f"/cases/{case}/", cookie)
        if status != 200:
            tally.wrong.append(f"case {status}")
        if await pause():
            await _write(link, "write", case, bearer, tally)
    link.close()


async def _crowd(port: int, seat: dict, until: float, tally: Tally) -> None:
    """One of several browsers of one person, all counting on in the same case without a pause."""
    link, bearer = Connection("127.0.0.1", port, tally.seconds), f"Authorization: Bearer {seat['token']}\r\n"
    await link.open()
    while time.perf_counter() < until:
        await _write(link, "crowd", seat["cases"][0], bearer, tally)
    link.close()


async def _write(link: Connection, name: str, case: str, bearer: str, tally: Tally) -> None:
    """Read the case, count on by one in its text and write it back, if nobody wrote in between."""
    status, read = await link.ask(f"{name} read", "GET", f"/api/v1/cases/{case}", bearer)
    if status != 200:
        tally.wrong.append(f"{name} read {status}")
        return
    file = json.loads(read)
    tally.before.setdefault(case, file["version"])
    body = {"words": {"product": str(int(file["words"]["product"] or 0) + 1)}}
    head = f'{bearer}If-Match: "{file["version"]}"\r\n'
    status, said = await link.ask(name, "POST", f"/api/v1/cases/{case}/fill", head, body)
    if status == 200:
        tally.taken[case] += 1
    elif status == 409:
        tally.refused += 1
    else:
        tally.wrong.append(f"{name} {status} {said[:200]!r}")


async def work(port: int, seats: list[dict], seconds: float, think_s: float, tally: Tally) -> None:
    """Let all handlers work at once for so many seconds."""
    until = time.perf_counter() + seconds
    await asyncio.gather(
        *(_handler(port, seat, until, think_s, tally, random.Random(n)) for n, seat in enumerate(seats))
    )


async def press(port: int, seat: dict, seconds: float, crowd: int, tally: Tally) -> None:
    """Let a crowd of browsers of one handler write into one case, without a pause."""
    until = time.perf_counter() + seconds
    await asyncio.gather(*(_crowd(port, seat, until, tally) for _ in range(crowd)))


def told(tally: Tally) -> str:
    """Return the seconds in a line: how many, median, 95th and 99th of a hundred, in milliseconds."""
    return "; ".join(
        f"{name} {len(some):,}: p50 {percentile(some, 0.5) * 1000:.0f}, p95 {percentile(some, 0.95) * 1000:.0f}, "
        f"p99 {percentile(some, 0.99) * 1000:.0f} ms"
        for name, some in sorted(tally.seconds.items())
    )
