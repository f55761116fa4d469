"""Walk-ins of a demo who are known: they show their card at the kiosk, and their ticket is linked to their file.

Who of the day's customers is a known one is drawn apart, so the twin's draw of the day stays as it is: a star customer has a file
of a class that is called early, everybody else one that changes nothing in the line. A person comes once a day.
"""

from __future__ import annotations

from uuid import UUID

import numpy as np

from yingting.domains.queueing.queries.customer_classes import class_for
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.domains.queueing.rules.knowing import KnownBy
from yingting.foundation.customers.finding import known
from yingting.foundation.customers.models import Customer as File
from yingting.foundation.customers.models import FileState
from yingting.foundation.sites.models import Hall
from yingting.planning.customers import Customer
from yingting.planning.known_people import DEMO
from yingting.planning.stage import Stage

HOW = KnownBy.CARD  # needs count for a card, which nobody else has, and not for a number that is typed
_CARE, _STAR, _PLAIN = "care", "star", "plain"
# Which share of the customers of each kind lets itself be known.
_SHARES = {_CARE: 0.35, _STAR: 0.9, _PLAIN: 0.1}


class Regulars:
    """The known customers of one hall, each at most once a day."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._files: dict[str, list[UUID]] = {}

    def begin_day(self) -> None:
        """Shuffle those who may come today; in the middle of a day the same again."""
        self._dice = np.random.default_rng([self._stage.seed, self._stage.day.toordinal(), 8])
        setup = fresh_setup(self._stage.hall)
        unit = Hall.objects.values_list("unit", flat=True).get(pk=self._stage.hall)
        rows = File.objects.filter(unit=unit, state=FileState.ACTIVE, is_company=False, source=DEMO.code)
        self._files = {_CARE: [], _STAR: [], _PLAIN: []}
        for file in known(rows.order_by("registered_at", "id").values_list("pk", flat=True)).values():
            granted = class_for(setup, file, HOW, self._stage.day)
            self._files[_PLAIN if granted is None else _CARE if granted.is_care else _STAR].append(file.id)
        for files in self._files.values():
            files.sort()
            self._dice.shuffle(files)

    def file_of(self, customer: Customer) -> UUID | None:
        """Return the file of a customer who lets itself be known, None for all others."""
        kind = _CARE if customer.is_care else _STAR if customer.is_star else _PLAIN
        files = self._files.get(kind)
        return files.pop() if files and self._dice.uniform() < _SHARES[kind] else None
