"""Boards of a province over the real server: how long a page takes with roll-ups of 2,000 halls behind it."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable
from statistics import median, quantiles

from house import SEED, House, house
from visits_made_up import YEAR, Size, build, hall_code

BOUND_S = 1.0
CITIES, DISTRICTS = 20, 5  # of a province, of a city
HALLS = """
from django.test import Client
from django.conf import settings
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall, Unit, UnitLevel
root = Unit.objects.get(level="province")
cities = [Unit(parent=root, level="city", code=f"C{{n}}", path=f"{{root.path}}C{{n}}/", name=f"市{{n}}") for n in range({cities})]
Unit.objects.bulk_create(cities)
districts = [Unit(parent=city, level="district", code=f"{{city.code}}D{{n}}", path=f"{{city.path}}D{{n}}/", name=f"区{{n}}")
             for city in cities for n in range({districts})]
Unit.objects.bulk_create(districts)
units = []
for place, code in enumerate({codes}):
    above = districts[place % len(districts)]
    units.append(Unit(parent=above, level="hall", code=code, path=f"{{above.path}}{{code}}/", name=f"厅{{code}}"))
Unit.objects.bulk_create(units)
Hall.objects.bulk_create([Hall(unit=unit, code=unit.code) for unit in units])
client = Client()
client.force_login(Person.objects.get(staff_no="9001"))
print(json.dumps({{"cookie": f"{{settings.SESSION_COOKIE_NAME}}={{client.cookies[settings.SESSION_COOKIE_NAME].value}}",
                   "city": cities[0].path, "district": districts[0].path, "hall": units[0].path}}))
"""
LEVEL = """
import time
from yingting.foundation.lake.declared import indicator_sets
from yingting.foundation.lake.rollups import Rollups
began = time.perf_counter()
sets = [found for found in indicator_sets() if not {rows} or found.rows in {rows}]
print(sum(Rollups(found).level() for found in sets), time.perf_counter() - began)
"""


def settle(built: House, halls: int, rows: tuple[str, ...] = ()) -> tuple[dict[str, str], int, float]:
    """Found a province of so many halls over the lake that is there, and roll up what it holds (some rows only, if named).

    Return what the pages are asked with, how many halls × days were rolled up, and the seconds that took.
    """
    built.python(SEED.format(counters=1))
    codes = [hall_code(number) for number in range(halls)]
    seed = json.loads(built.python("import json\n" + HALLS.format(cities=CITIES, districts=DISTRICTS, codes=codes)))
    made, seconds = built.python(LEVEL.format(rows=rows)).splitlines()[-1].split()
    return seed, int(made), float(seconds)


def measure_boards(halls: int, visits: int, pages: int, told: Callable[[int, int], None]) -> None:
    """Ask for the boards of a province, a city, a district and a hall over a month, one after the other, again and again."""
    with house("sqlite") as built:
        rows = build(built.folder / "lake", Size(halls, 1, visits), told, with_stints=True)
        built.python(
            "from django.core.management import call_command; call_command('collectstatic', verbosity=0, interactive=False)"
        )
        seed, made, seconds = settle(built, halls)
        print(
            f"\nboards: {halls:,} halls, {rows:,} visits of a month; roll-ups of {made:,} halls × days in {seconds:.0f} s"
        )
        built.start(workers=1)
        _measure_pages(built, seed, pages)


def _measure_pages(built: House, seed: dict[str, str], pages: int) -> None:
    span = f"from={YEAR}-01-01&to={YEAR}-01-31"
    print("  page               first s  median     p95   (at most 1 s)")
    for name, path in (
        ("province", "GD"),
        ("city", seed["city"]),
        ("district", seed["district"]),
        ("hall", seed["hall"]),
    ):
        took = [_get(built, f"/boards/of/{path.strip('/')}/?{span}", seed["cookie"]) for _ in range(pages + 1)]
        p95 = quantiles(took[1:], n=20)[-1]
        print(
            f"  {name:<16}{took[0]:9.2f}{median(took[1:]):9.2f}{p95:8.2f}   {p95 / BOUND_S:.2f} of the bound",
            flush=True,
        )


def _get(built: House, address: str, cookie: str) -> float:
    request = urllib.request.Request(f"http://127.0.0.1:{built.port}{address}", headers={"Cookie": cookie})
    began = time.perf_counter()
    with urllib.request.urlopen(request, timeout=120) as answer:
        text = answer.read().decode()
    took = time.perf_counter() - began
    if "board-lines" not in text:
        raise SystemExit(f"no board at {address}")
    return took
