"""Small logs for tests, written by hand or drawn at random; and the way to the shared real data."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from yingting.domains.queueing.tables import TICKET_LOG
from yingting.foundation.lake import mapping as mappings
from yingting.foundation.lake.importing import ImportOrder, ImportOutcome, import_log
from yingting.foundation.lake.store import Lake

NOW = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)
ZH_HEAD = "号码,业务,取号时间,叫号时间,开始时间,结束时间,窗口,工号,状态"
ZH_ROWS = (
    "A001,缴费,2026-02-02 09:00:00,2026-02-02 09:05:00,2026-02-02 09:05:20,2026-02-02 09:07:20,1,1001,办结",
    "A002,缴费,2026-02-02 09:01:00,2026-02-02 09:11:00,2026-02-02 09:11:30,2026-02-02 09:15:30,2,1002,办结",
    "A003,缴费,2026-02-02 09:02:00,2026-02-02 09:12:01,2026-02-02 09:12:30,2026-02-02 09:13:00,1,1001,办结",
    "A004,缴费,2026-02-02 09:03:00,,,,,,弃号",
    "A005,缴费,2026-02-02 09:04:00,2026-02-02 09:20:00,,,1,1001,过号",
)


def zh_log(*rows: str, head: str = ZH_HEAD) -> str:
    return "\n".join((head, *(rows or ZH_ROWS))) + "\n"


def write(path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def take(lake: Lake, path: Path, mapping: mappings.Mapping | str = "queue-machine-zh", **how: object) -> ImportOutcome:
    chosen = mappings.preset(mapping, TICKET_LOG) if isinstance(mapping, str) else mapping
    how.setdefault("hall", "H01" if mapping == "queue-machine-zh" else None)
    return import_log(lake, ImportOrder(path, TICKET_LOG, chosen, **{"now": NOW, **how}))


def contents(lake: Lake) -> dict[str, bytes]:
    """Every file of the lake, to show that nothing changed."""
    return {str(path.relative_to(lake.root)): path.read_bytes() for path in lake.root.rglob("*") if path.is_file()}


def shared(*parts: str) -> Path:
    """Return a file of the shared real data; skip where it is not there."""
    root = os.environ.get("YINGTING_SHARED")
    folder = Path(root) if root else Path(__file__).resolve().parents[4].parent / "shared"
    path = folder.joinpath("data", *parts)
    if not path.exists():
        pytest.skip("the shared real data is not here: set YINGTING_SHARED to its folder")
    return path
