"""Customer files in numbers, for benchmarks: made up in bulk, past the ORM; and what is measured of them."""

from __future__ import annotations

import csv
import datetime as dt
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from yingting.foundation.customers.importing import Order, import_list
from yingting.foundation.customers.models import Consent, Contact, Customer, ManagerTerm, Standing, Tag
from yingting.foundation.customers.searching import search as look_for
from yingting.foundation.people.access import actor_for_person
from yingting.foundation.people.models import Person
from yingting.foundation.privacy.fields import Sealed, search_key
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.sites.models import Unit
from yingting.kernel.clocks import system_now
from yingting.kernel.ids import new_id, new_short_secret
from yingting.kernel.sealing import fingerprint, seal, unseal
from yingting.planning.cast import raise_curtain

SEALED, HALLS, PIECE, FULL = 1000, 200, 20_000, 20
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
WEIGHTS, CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"


def phone_of(n: int) -> str:
    return str(13_000_000_000 + n * 7 % 1_000_000_007)


def id_number_of(n: int) -> str:
    body = f"440106{19500101 + n % 500_000:08d}{n % 1000:03d}"
    return body + CHECKS[sum(w * int(d) for w, d in zip(WEIGHTS, body, strict=True)) % 11]


def _halls() -> list[Unit]:
    top = Unit.objects.get(code="TH")
    return [
        Unit.objects.create(code=f"B{n:03d}", name=f"厅{n}", parent=top, level="hall", path=f"{top.path}B{n:03d}/")
        for n in range(HALLS)
    ]


def fill(count: int) -> dict:
    """Make files up; the indexes are made after the rows, as a bulk load does."""
    raise_curtain()
    began = time.perf_counter()
    units = [unit.pk for unit in _halls()]
    indexes = list(Customer._meta.indexes)
    with connection.schema_editor() as editor:
        for index in indexes:
            editor.remove_index(Customer, index)
    with transaction.atomic():
        for piece in _pieces(_rows(count, units)):
            _write(piece)
    with connection.schema_editor() as editor:
        for index in indexes:
            editor.add_index(Customer, index)
    _beside(count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"files": Customer.objects.count(), "seconds": time.perf_counter() - began, **_sizes()}


COLUMNS = (
    "id", "unit_id", "is_company", "name", "name_key", "phone", "phone_key", "id_number", "id_number_key", "card", "segment",
    "level", "language", "born_year", "customer_since", "monthly_fen", "is_left_alone", "state", "merged_into_id", "source",
    "source_key", "registered_at", "last_seen_on", "class_due_on", "version",
)  # fmt: skip


def _rows(count: int, units: list) -> Iterator[tuple]:
    secret, chance = settings.SECRET_KEY, random.Random(1)
    names = [f"{one}{two}{three}" for one in SURNAMES for two in GIVEN for three in ("", *GIVEN[:4])][:SEALED]
    people = [seal(name, secret, "customers.name") for name in names]
    name_keys = [fingerprint(name, secret, "name") for name in names]
    phones = [seal(phone_of(n), secret, "customers.phone") for n in range(SEALED)]
    numbers = [seal(id_number_of(n), secret, "customers.id_number") for n in range(SEALED)]
    is_sqlite = connection.vendor == "sqlite"
    as_id: Callable = (lambda one: one.hex) if is_sqlite else (lambda one: one)
    units, now, day = [as_id(one) for one in units], system_now(), system_now().date()
    segments, levels = ("public",) * 17 + ("big", "industry", "business"), ("standard",) * 8 + ("silver", "gold")
    for n in range(count):
        name = chance.randrange(SEALED)
        has_number = n % 3 > 0
        yield (
            as_id(new_id()), units[n % HALLS], False, people[name], name_keys[name], phones[n % SEALED],
            fingerprint(phone_of(n), secret, "phone"), numbers[n % SEALED] if has_number else "",
            fingerprint(str(n), secret, "id_number") if has_number else "", new_short_secret(), segments[n % 20],
            levels[n % 10], "", None, None, None, False, "active", None, "import:BOSS", f"{n:040d}", now,
            day - dt.timedelta(days=n % 500), None, 1,
        )  # fmt: skip


def _pieces(rows: Iterator[tuple]) -> Iterator[list[tuple]]:
    piece: list[tuple] = []
    for row in rows:
        piece.append(row)
        if len(piece) == PIECE:
            yield piece
            piece = []
    if piece:
        yield piece


def _write(rows: list[tuple]) -> None:
    table, columns = Customer._meta.db_table, ", ".join(COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join("?" for _ in COLUMNS)
            plain = [tuple(str(one) if isinstance(one, dt.date) else one for one in row) for row in rows]
            connection.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", plain)
            return
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def _beside(count: int) -> None:
    """Consents, tags, contacts, standings and a manager for one file in twenty."""
    now, person, unit = system_now(), Person.objects.get(staff_no="1301"), Unit.objects.get(code="B000")
    keys = Customer.objects.order_by("pk").values_list("pk", flat=True)
    last, wanted = None, max(count // FULL, 2000)
    while wanted > 0:
        some = list((keys.filter(pk__gt=last) if last else keys)[: PIECE // 4])
        if not some:
            break
        last, wanted = some[-1], wanted - len(some)
        with transaction.atomic():
            for code in ("care", "marketing"):
                rows = [Consent(customer_id=one, purpose=code, notice=0, how="counter", given_at=now) for one in some]
                Consent.objects.bulk_create(rows)
            for what in ("segment", "level"):
                Standing.objects.bulk_create(
                    [Standing(customer_id=one, what=what, code="public", since=now) for one in some]
                )
            Tag.objects.bulk_create([Tag(customer_id=one, code="mornings", since=now) for one in some])
            ManagerTerm.objects.bulk_create([ManagerTerm(customer_id=one, person=person, since=now) for one in some])
            words = Sealed(seal("已联系", settings.SECRET_KEY, "customers.contact"), "customers.contact", DataKind.TEXT)
            Contact.objects.bulk_create(
                [
                    Contact(
                        customer_id=one,
                        unit=unit,
                        channel="phone",
                        is_ours=True,
                        about="care",
                        words=words,
                        by=person,
                        at=now,
                    )
                    for one in some
                    for _n in range(3)
                ]
            )


def _sizes() -> dict:
    table = Customer._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA page_count")
            pages = cursor.fetchone()[0]
            cursor.execute("PRAGMA page_size")
            return {"table_mb": pages * cursor.fetchone()[0] >> 20, "index_mb": 0}
        cursor.execute("SELECT pg_table_size(%s), pg_indexes_size(%s)", [table, table])
        rows, indexes = cursor.fetchone()
        return {"table_mb": rows >> 20, "index_mb": indexes >> 20}


# ------------------------------------------------------------------------------------------------ what is measured
def quantiles(seconds: list[float]) -> dict:
    some = sorted(seconds)
    return {"p50": statistics.median(some) * 1000, "p95": some[int(len(some) * 0.95)] * 1000, "most": some[-1] * 1000}


def _timed(act: Callable[[int], object], wanted: list[int]) -> dict:
    seconds = []
    for n in wanted:
        began = time.perf_counter()
        act(n)
        seconds.append(time.perf_counter() - began)
    return quantiles(seconds)


def _counted(act: Callable[[], object]) -> int:
    """How many statements it takes."""
    statements = []
    with connection.execute_wrapper(lambda execute, sql, *rest: statements.append(sql) or execute(sql, *rest)):
        act()
    return len(statements)


def sealing(n: int = 20_000) -> dict:
    """How many values a second one core seals, opens, and fingerprints."""
    secret = settings.SECRET_KEY
    sealed = seal(phone_of(1), secret, "customers.phone")
    acts = {
        "seal": lambda k: seal(phone_of(k), secret, "customers.phone"), "open": lambda _k: unseal(sealed, [secret], "customers.phone"),
        "key": lambda k: fingerprint(phone_of(k), secret, "phone"),
    }  # fmt: skip
    found = {}
    for name, act in acts.items():
        began = time.perf_counter()
        for k in range(n):
            act(k)
        found[name] = n / (time.perf_counter() - began)
    return found


def _client() -> Client:
    client = Client()
    client.force_login(Person.objects.get(staff_no="9001"))
    return client


def search(count: int, tries: int) -> dict:
    """Phones looked for among all files, each another one: bare, by the house, and through the page."""
    chance, actor = random.Random(2), actor_for_person(Person.objects.get(staff_no="9001"))
    table, cursor = Customer._meta.db_table, connection.cursor()
    keys = {n: search_key(DataKind.PHONE, phone_of(n)) for n in (chance.randrange(count) for _ in range(3 * tries))}
    wanted = list(keys)
    thirds = [wanted[place::3] for place in range(3)]

    def bare(n: int) -> None:
        cursor.execute(f"SELECT id FROM {table} WHERE phone_key = %s", [keys[n]])
        assert len(cursor.fetchall()) == 1

    def house(n: int) -> None:
        assert len(look_for(by=DataKind.PHONE, value=phone_of(n), actor=actor, now=system_now()).files) == 1

    client = _client()

    def whole(n: int) -> None:
        answer = client.post("/customers/", {"by": "phone", "value": phone_of(n)})
        assert answer.status_code == 200
        assert answer.content.count(b"cust-who") == 1

    for act in (bare, house, whole):
        act(wanted[0])
    queries = _counted(lambda: whole(wanted[1]))
    is_sqlite = connection.vendor == "sqlite"
    cursor.execute(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}SELECT id FROM {table} WHERE phone_key = %s", ["x"])
    plan = " / ".join(str(row[-1]).strip() for row in cursor.fetchall())[:120]
    return {
        "bare": _timed(bare, thirds[0]), "look": _timed(house, thirds[1]), "page": _timed(whole, thirds[2]),
        "queries": queries, "plan": plan,
    }  # fmt: skip


def page(count: int, tries: int) -> dict:
    """The page of a file that has everything, the page of all that goes with it (visits, cases, care …), the desk's list of one hall."""
    client, chance = _client(), random.Random(3)
    full = list(Consent.objects.order_by("pk").values_list("customer", flat=True)[: 4 * tries : 2])
    chance.shuffle(full)
    client.get(f"/customers/{full[0]}/")
    queries = _counted(lambda: client.get(f"/customers/{full[0]}/"))
    file = _timed(lambda n: client.get(f"/customers/{full[n]}/"), list(range(1, min(tries, len(full)))))
    client.get(f"/relations/customers/{full[0]}/")
    whole = _timed(lambda n: client.get(f"/relations/customers/{full[n]}/"), list(range(1, min(tries, len(full)))))
    hall = Unit.objects.get(code="B000").path
    client.get(f"/customers/?unit={hall}")
    desk = _timed(lambda _n: client.get(f"/customers/?unit={hall}"), list(range(40)))
    return {"file": file, "whole": whole, "desk": desk, "queries": queries, "count": count}


def taken_in(rows: int) -> dict:
    """A list of new customers: checked, taken in, and once more."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        with path.open("w", encoding="gb18030", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["客户编号", "姓名", "手机号", "证件号码", "月均消费", "入网时间"])
            for n in range(rows):
                name = f"{SURNAMES[n % 20]}{GIVEN[n // 20 % 20]}{GIVEN[n // 400 % 20]}"
                writer.writerow([f"C{n}", name, str(15_000_000_000 + n * 13), id_number_of(n), n % 300, "2020-01-01"])
        actor, now = actor_for_person(Person.objects.get(staff_no="1301")), system_now()
        seconds = []
        for dry_run in (True, False, False):
            began = time.perf_counter()
            order = Order(path, "GD/GZ/TH/H01/", "bench", dry_run=dry_run)
            found = import_list(order=order, actor=actor, now=now)
            seconds.append(time.perf_counter() - began)
            if not dry_run and len(seconds) == 2:
                taken = found.taken
    return {"rows": rows, "taken": taken, "dry": seconds[0], "seconds": seconds[1], "again": seconds[2]}
