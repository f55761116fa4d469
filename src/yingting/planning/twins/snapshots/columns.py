"""The columns of a snapshot log: what they are, and the headings by which they are known."""

from __future__ import annotations

from collections.abc import Mapping

from yingting.kernel.words import gettext_noop as _

TITLES: Mapping[str, str] = {
    "at": _("Time of the look"),
    "date": _("Date of the look, if apart"),
    "waiting": _("People waiting"),
    "counters": _("Counters open"),
    "number": _("Number now served"),
    "given": _("Last number given out"),
    "queue": _("Queue"),
}
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "at": ("时间", "time", "datetime", "快照时间", "记录时间", "采集时间", "日期时间", "timestamp"),
    "date": ("日期", "date", "day"),
    "waiting": ("等候人数", "waiting", "等待人数", "排队人数", "people waiting"),
    "counters": ("开台数", "counters", "counters_open", "counters open", "开放台席", "开放窗口", "窗口数"),
    "number": ("当前号", "number", "num", "number served", "now serving", "当前叫号", "叫号"),
    "given": ("最后取号", "last_number", "last number", "given", "最新取号"),
    "queue": ("队列", "queue", "queue_id", "letter", "队列字母"),
}
REQUIRED = ("at", "counters")
