"""Words of selling that several of its screens need."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from yingting.domains.selling.rules import Result

RESULTS: dict[Result, Promise] = {
    Result.ACCEPTED: pgettext_lazy("recommendation", "Accepted"),
    Result.INTERESTED: pgettext_lazy("recommendation", "Interested"),
    Result.DECLINED: pgettext_lazy("recommendation", "Declined"),
    Result.UNSUITABLE: pgettext_lazy("recommendation", "Not suitable"),
    Result.STOPPED: pgettext_lazy("recommendation", "Not asked any more"),
}
