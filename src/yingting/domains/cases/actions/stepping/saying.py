"""What is said inside a step to a person whom a finding concerns."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.cases.actions.stepping.turns import Turn
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify

MY_FINDINGS = "/cases/findings/mine/"


def tell_of_finding(
    taken: Turn, person: UUID, title: str, about: str, body: str = "", due_at: dt.datetime | None = None
) -> None:
    """Tell a person of something about a finding that concerns them; it stands on their page of findings. `about`: the finding and what
    became of it, told once.
    """
    telling = Telling(
        "case.finding", title, Severity.WARNING, {"number": taken.case.number}, body, about, MY_FINDINGS,
        due_at,
    )  # fmt: skip
    notify(people=[person], telling=telling, actor=taken.actor, now=taken.now)
