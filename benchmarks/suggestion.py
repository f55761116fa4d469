"""How well categories are suggested on real complaints, beside always naming the commonest; and what the parts cost.

    python benchmarks/suggestion.py [--cases N]

Needs the shared real complaints (YINGTING_SHARED names their folder); where they are missing it says so. They have no category:
`yingting.domains.detection.tests.real` tells which targets stand for one, and why none of them is one. `--cases N` (20,000)
sizes the second part: texts made up from parts, for the time that learning, one suggestion, a look for unusual numbers and
texts nearly the same take.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingting.web.settings")

from yingting.domains.detection.rules.alike import batches
from yingting.domains.detection.rules.counting import by_cell, days_needed, look
from yingting.domains.detection.rules.guessing import as_bytes
from yingting.domains.detection.rules.learning import Example, learn
from yingting.domains.detection.rules.shapes import HotIssues, NearTexts, Suggesting
from yingting.domains.detection.tests.real import TARGETS, real_titles

T = TypeVar("T")
KEY = b"benchmark"
SIGNS = "宽带网速断线账单扣费套餐营业员态度排队等候信号基站开通取消退订流量合约办理解释安装师傅上门时间"


def timed(what: str, act: Callable[[], T]) -> T:
    began = time.perf_counter()
    result = act()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {what:<58} {time.perf_counter() - began:8.2f} s   peak {peak:6.0f} MB")
    return result


def on_real_complaints() -> None:
    titles = real_titles()
    if titles is None:
        print("the shared real complaints are not here: set YINGTING_SHARED to their folder")
        return
    print(f"{len(titles)} real complaints; learnt from the earlier ones, measured on the latest fifth\n")
    print(
        f"  {'target':<14}{'measured':>9}{'accuracy':>10}{'baseline':>10}{'macro F1':>10}{'baseline':>10}{'top 3':>8}{'conf. off':>11}  says"
    )
    for name, target in TARGETS.items():
        learnt = learn([Example(*target(one)) for one in titles], Suggesting(), KEY)
        f = learnt.figures
        print(
            f"  {name:<14}{f.measured:>9}{f.accuracy:>10.3f}{f.baseline:>10.3f}{f.macro_f1:>10.3f}{f.baseline_f1:>10.3f}"
            f"{f.top3:>8.3f}{f.off:>11.3f}  {learnt.verdict.value}"
        )


def made_up(n: int) -> list[Example]:
    draw = random.Random(1)
    parts = {f"c{code}": ["".join(draw.choices(SIGNS, k=6)) for _n in range(12)] for code in range(24)}
    made = []
    for _n in range(n):
        code = draw.choice(tuple(parts))
        made.append(Example("，".join([*draw.sample(parts[code], 2), "".join(draw.choices(SIGNS, k=40))]), code))
    return made


def costs(n: int) -> None:
    print(f"\n{n:,} texts made up, 24 categories")
    told = made_up(n)
    learnt = timed("learn, measure, learn anew", lambda: learn(told, Suggesting(), KEY))
    assert learnt.model is not None
    print(f"  {'kept numbers':<58} {len(as_bytes(learnt.model)) / 1e6:8.2f} MB")
    timed("1,000 suggestions", lambda: [learnt.model.of(one.text, KEY) for one in told[:1000]])
    near = NearTexts()
    texts = {at: one.text for at, one in enumerate(told)}
    timed(
        "texts nearly the same", lambda: batches(texts, alike=near.alike / 100, size=near.size, shortest=near.shortest)
    )
    rule, last, draw = HotIssues(), dt.date(2026, 1, 5), random.Random(2)
    days = days_needed(rule.windows, rule.weeks)
    rows = [
        (
            f"P/C{hall % 20}/D{hall % 100}/H{hall}/",
            f"c{draw.randrange(24)}",
            last - dt.timedelta(days=draw.randrange(days)),
            1,
        )
        for hall in (draw.randrange(1000) for _n in range(200_000))
    ]
    cells = timed("count 200,000 cases of 1,000 halls by place and category", lambda: by_cell(rows, {}, last, days))
    found = timed(
        "test them all",
        lambda: look(
            cells,
            {},
            windows=rule.windows,
            weeks=rule.weeks,
            minimum=rule.minimum,
            share=rule.by_chance / 100,
            last=last,
        ),
    )
    print(f"  {found.cells:,} combinations tested, {len(found.issues)} issues where nothing had changed")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=20_000)
    on_real_complaints()
    costs(parser.parse_args().cases)


if __name__ == "__main__":
    main()
