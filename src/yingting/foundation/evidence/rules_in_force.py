"""The rule of proof objects, declared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from yingting.foundation.days import local_day
from yingting.foundation.evidence.shapes import ProofRule
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare
from yingting.foundation.rulebook.reading import in_force
from yingting.kernel.words import gettext_noop as _


def _problems(rule: ProofRule, _path: str) -> Iterable[Problem]:
    if not rule.formats:
        yield "formats", _("Choose at least one format."), {}


PROOFS = declare(
    Kind(
        code="evidence.proofs",
        title=_("Proof: photos, recordings, documents"),
        purpose=_("Which files may be uploaded as proof, how large, how many, and whether photos keep their place."),
        shape=ProofRule,
        shipped=ProofRule(),
        source=_("No text names these; they are ours. Taking the place out of photos follows PIPL art. 6: no more than needed."),
        permission=Permission.HALL_CONFIGURE,
        check=_problems,
        position=86,
    )
)  # fmt: skip


def proof_rule(path: str, now: dt.datetime) -> ProofRule:
    """Return the rule of proof objects for a unit."""
    return in_force(PROOFS, path=path, day=local_day(now)).rule
