"""Learning from closed cases and suggesting: by the nearest model that carries, never by itself, counted when taken."""

import datetime as dt

import pytest
from django.test import override_settings

from yingting.domains.cases.actions import handling
from yingting.domains.cases.actions.registering import Intake, register
from yingting.domains.detection.actions.teaching import teach
from yingting.domains.detection.facade import suggest
from yingting.domains.detection.models import SuggestionModel
from yingting.domains.detection.queries import suggestions
from yingting.domains.detection.queries.rules_in_force import SUGGESTING
from yingting.domains.detection.rules.shapes import Suggesting, Verdict
from yingting.domains.detection.tests.conftest import H01, H02
from yingting.domains.detection.tests.test_learning import examples
from yingting.foundation.journal.models import Fact
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
CODES = {"network": "network.broadband", "fees": "fees.bill", "service": "service.manner"}


def ruled(number, at, **numbers):
    RuleVersion.objects.create(
        kind=SUGGESTING.code, unit=Unit.objects.get(path="GD/"), number=number, valid_from=at.date(),
        body=as_body(SUGGESTING, Suggesting(**{"least_each": 5, "confidence": 40, **numbers})), written_at=at,
    )  # fmt: skip


@pytest.fixture
def history(complaints, now):
    """Ninety closed complaints of three categories, and rules small enough for them."""
    ruled(1, now - DAY, least_cases=60)
    return complaints.closed([(one.text, CODES[one.category]) for one in examples(90)], now)


def learnt(actor_of, now, unit="GD/"):
    return teach(unit=unit, actor=actor_of("9901"), now=now)


def test_a_model_of_the_province_serves_its_halls(history, actor_of, now):
    assert suggest("宽带断网，请尽快处理", H01, now.date()) == []
    assert learnt(actor_of, now + DAY) is Verdict.CARRIES
    (code, sure), *others = suggest("宽带断网，请尽快处理", H01, now.date())
    assert code == "network.broadband"
    assert 0.4 <= sure <= 1
    assert all(0.4 <= one <= sure for _code, one in others)
    assert suggest("  ", H01, now.date()) == []
    (line,) = suggestions.models_for(actor_of("1301"))
    assert (line.number, line.verdict, line.is_in_use, line.first_day) == (1, Verdict.CARRIES, True, now.date())
    assert line.figures["baseline"] < line.figures["low"] < line.figures["accuracy"]
    fact = Fact.objects.get(kind="suggestion_model.learnt")
    assert fact.data == {"unit": "GD/", "number": 1, "verdict": "carries", "learnt": 72, "measured": 18}


def test_open_cases_and_those_of_other_units_teach_nothing(history, complaints, actor_of, now):
    complaints.closed([("宽带断网", "network.broadband")] * 40, now, unit=H02)
    complaints.some(2, now, unit=H02)
    assert learnt(actor_of, now + DAY, unit=H02) is Verdict.FEW_CASES
    figures = SuggestionModel.objects.get().figures
    assert figures["learnt"] + figures["measured"] == 40


def test_the_latest_model_decides_even_when_it_says_nothing(history, actor_of, now):
    learnt(actor_of, now + DAY)
    ruled(2, now + DAY, least_cases=500)
    assert learnt(actor_of, now + 2 * DAY) is Verdict.FEW_CASES
    assert suggest("宽带断网，请尽快处理", H01, now.date()) == []
    assert [len(bytes(one.numbers)) for one in SuggestionModel.objects.all()] == [0, 0]


def test_without_its_secret_a_model_says_nothing(history, actor_of, now, settings):
    learnt(actor_of, now + DAY)
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert suggest("宽带断网，请尽快处理", H01, now.date())[0][0] == "network.broadband"
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[]):
        assert suggest("宽带断网，请尽快处理", H01, now.date()) == []


@pytest.mark.parametrize(
    ("who", "code"), [("1001", "access.refused"), ("9001", "access.refused"), ("2001", "hall.unknown")]
)
def test_who_may_not_configure_cases_has_nothing_learnt(cast, actor_of, now, who, code):
    with pytest.raises(Refusal) as told:
        teach(unit=H01, actor=actor_of(who), now=now)
    assert told.value.code == code
    assert (SuggestionModel.objects.count(), Fact.objects.filter(kind="suggestion_model.learnt").count()) == (0, 0)


def test_how_often_a_suggestion_was_taken_is_counted(history, actor_of, now):
    learnt(actor_of, now + DAY)
    later = now + 2 * DAY
    intake = {"unit": H01, "channel": "counter", "text": "宽带断网"}
    taken = Intake(**intake, category="network.broadband", suggested="network.broadband")
    plain = Intake(**intake, category="network.broadband")
    case = [register(intake=one, actor=actor_of("1001"), now=later).id for one in (taken, plain)][1]
    handling.classify(case=case, category="other", suggested="fees.bill", actor=actor_of("1001"), now=later)
    (line,) = suggestions.models_for(actor_of("9001"))
    found = suggestions.taken_since(line)
    assert (found.proposed, found.taken) == (2, 1)


def test_a_model_is_learnt_anew_when_its_rule_says_so(history, actor_of, now):
    learnt(actor_of, now + DAY)
    assert suggestions.due_anew(now + 30 * DAY) == []
    assert suggestions.due_anew(now + 31 * DAY) == ["GD/"]
