"""Drafts: their figures, ranking, shortcomings, duties; what an editor may change."""

import datetime as dt
from dataclasses import replace

import pytest

from yingting.foundation.lake.targets import TARGETS, TargetRow, Targets
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.kernel.refusals import Refusal
from yingting.reporting.bulletins.contracts import from_json, to_json
from yingting.reporting.bulletins.drafting import (
    DraftText,
    DutyText,
    create_draft,
    discard_draft,
    figures_in,
    made_of,
    measure_again,
    save_draft,
)  # fmt: skip
from yingting.reporting.bulletins.kinds import BULLETINS, SHIPPED
from yingting.reporting.bulletins.models import Bulletin, Duty
from yingting.reporting.bulletins.reading import document_for
from yingting.reporting.bulletins.rules import BulletinKind, BulletinRule, Column, RowsOf
from yingting.reporting.bulletins.tests.conftest import FIRST, slow
from yingting.reporting.tests.days import put

pytestmark = pytest.mark.django_db
H01, H02, H03 = (f"GD/GZ/TH/{code}/" for code in ("H01", "H02", "H03"))


def cell(figures, path, key):
    row = next(row for row in figures.rows if row.path == path)
    return row.cells[figures.indicators.index(key)]


@pytest.mark.req("RPT-02")
def test_a_draft_has_values_with_cases_verdicts_and_what_was_before(draft):
    figures = figures_in(draft())
    assert [row.path for row in figures.rows] == [H01, H02, H03]
    fast, late, few = (cell(figures, path, "queueing.wait_mean") for path in (H01, H02, H03))
    assert (fast.value, fast.n, fast.verdict, fast.before) == (300.0, 200, "challenge", None)
    assert (late.value, late.n, late.verdict) == (600.0, 200, "target")  # ten minutes exactly are within
    assert (few.value, few.n, few.verdict) == (None, 5, "unrated")
    assert cell(figures, H02, "queueing.wait_within_limit").value == 0.5
    assert (figures.before_first, figures.before_last) == (dt.date(2025, 11, 1), dt.date(2025, 11, 30))


def test_the_time_before_is_measured_too(draft):
    earlier = draft("five-day", day=FIRST + dt.timedelta(days=7))
    assert (earlier.first, earlier.last) == (dt.date(2025, 12, 6), dt.date(2025, 12, 10))
    found = cell(figures_in(earlier), H02, "queueing.wait_mean")
    assert (found.value, found.before, found.before_n) == (600.0, 600.0, 100)


@pytest.mark.req("RPT-02")
def test_who_has_too_few_cases_is_listed_apart_and_never_ranked(draft):
    ranking = figures_in(draft()).ranking
    assert [(one.path, one.band) for one in ranking.ranks] == [(H01, 1), (H02, 2)]
    assert [(one.rank_low, one.rank_high) for one in ranking.ranks] == [(1, 1), (2, 2)]
    assert [(one.path, one.n, one.why) for one in ranking.unrated] == [(H03, 5, "too_few_cases")]
    assert all(one.low <= one.value <= one.high for one in ranking.ranks if one.path == H02)


def test_units_that_cannot_be_told_apart_share_a_band(draft, month):
    from yingting.domains.queueing.evidence import SHELF
    from yingting.reporting.tests.days import visit

    for back in range(10):  # H01 now is as slow as H02
        day = FIRST + dt.timedelta(days=back)
        put(SHELF.lake(), "H01", day, [visit("H01", day, n, wait_s=900.0 if n % 2 else 300.0) for n in range(20)])
    ranking = figures_in(draft()).ranking
    assert {(one.band, one.rank_low, one.rank_high) for one in ranking.ranks} == {(1, 1, 2)}


def test_units_below_are_ranked_as_wholes(month, actor_of, now):
    city = Unit.objects.get(code="GZ")
    row = create_draft(unit=city.pk, kind="monthly", day=FIRST, actor=actor_of("9001"), now=now)
    figures = figures_in(row)
    assert [one.path for one in figures.rows] == ["GD/GZ/TH/"]
    assert [(one.path, one.n) for one in figures.ranking.ranks] == [("GD/GZ/TH/", 405)]
    assert cell(figures, "GD/GZ/TH/", "queueing.wait_mean").value == pytest.approx(
        (200 * 300 + 200 * 600 + 5 * 300) / 405
    )


@pytest.mark.req("RPT-02")
def test_shortcomings_are_the_worst_gaps_each_with_a_duty(month, unit, draft):
    targets = Targets(
        (TargetRow("queueing.wait_mean", "target", 8), TargetRow("queueing.wait_within_limit", "target", 80))
    )
    RuleVersion.objects.create(
        kind=TARGETS.code, unit=unit, number=1, valid_from=dt.date(2025, 1, 1), body=as_body(TARGETS, targets),
        author_label="test", written_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
    )  # fmt: skip
    row = draft()
    figures = figures_in(row)
    assert [(one.path, one.indicator, round(one.gap, 6)) for one in figures.shorts] == [
        (H02, "queueing.wait_within_limit", 0.375), (H02, "queueing.wait_mean", 0.25),
    ]  # fmt: skip
    assert figures.missed == 2
    duties = list(Duty.objects.filter(bulletin=row).order_by("position"))
    assert [(one.about, one.role.key, one.unit.path, one.due) for one in duties] == [
        (0, "hall_manager", H02, dt.date(2026, 1, 20)), (1, "hall_manager", H02, dt.date(2026, 1, 20)),
    ]  # fmt: skip
    assert duties[0].what == "体育西营业厅等候达标率为50.0 %，目标80.0 %：查明原因，落实整改。"
    assert "本期未达标2项" in document_for(row)[0].opening


@pytest.mark.req("RPT-04")
def test_an_assessment_has_figures_and_a_ranking(draft):
    row = draft("assessment")
    document, _text = document_for(row)
    assert (len(document.heads), len(document.lines), [one.band for one in document.ranks]) == (
        5,
        3,
        ["第 1 档", "第 2 档"],
    )


def test_a_unit_issues_only_the_kinds_of_its_level(draft):
    with pytest.raises(Refusal) as no:
        draft("annual")
    assert no.value.code == "bulletin.no_kind"


@pytest.mark.req("SAT-05")
def test_a_year_has_its_indicators_by_department_against_their_targets(month, actor_of, now):
    city = Unit.objects.get(code="GZ")
    row = create_draft(unit=city.pk, kind="annual", day=FIRST, actor=actor_of("9001"), now=now)
    assert (row.first, row.last) == (dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    document, _text = document_for(row)
    assert {head.owner for head in document.heads} == {"服务管理部", "市场部", "渠道部"}
    assert document.lines[0].marks[0].target == 600.0


@pytest.mark.req("RPT-08", "RPT-11")
@pytest.mark.parametrize("kind", ["warning", "trace", "exchange"])
def test_kinds_without_indicators_are_texts_with_duties(draft, actor_of, now, kind):
    row = draft(kind)
    assert (figures_in(row).rows, row.has_figures) == ((), False)
    duty = DutyText("班后会学习", dt.date(2026, 1, 9), staff_no="1301")
    text = DraftText("关于某事的通报", "事实如下。", "引以为戒。", (duty,))
    save_draft(bulletin=row.pk, text=text, actor=actor_of("9001"), now=now)
    document, _text = document_for(Bulletin.objects.get(pk=row.pk))
    assert (document.title, document.lines, document.duties[0].who) == ("关于某事的通报", (), "陈刚（1301）")


def test_measuring_again_keeps_what_was_written_about_shortcomings_that_are_still_there(
    month, unit, draft, actor_of, now
):
    from yingting.domains.queueing.evidence import SHELF

    test_shortcomings_are_the_worst_gaps_each_with_a_duty(month, unit, draft)
    row = Bulletin.objects.get()
    Duty.objects.filter(bulletin=row, about=0).update(reason="午间台席不足")
    for back in range(10):
        day = FIRST + dt.timedelta(days=back)
        put(SHELF.lake(), "H02", day, [slow(day, n) for n in range(20)])
    measure_again(bulletin=row.pk, actor=actor_of("9001"), now=now)
    row.refresh_from_db()
    assert cell(figures_in(row), H02, "queueing.wait_within_limit").value == 0
    by_indicator = {
        figures_in(row).shorts[one.about].indicator: one.reason for one in Duty.objects.filter(bulletin=row)
    }
    assert by_indicator == {"queueing.wait_within_limit": "午间台席不足", "queueing.wait_mean": ""}


@pytest.mark.parametrize(
    "duty",
    [
        DutyText("做", dt.date(2026, 1, 9)), DutyText("做", dt.date(2026, 1, 9), staff_no="0000"),
        DutyText(" ", dt.date(2026, 1, 9), staff_no="1301"), DutyText("做", dt.date(2026, 1, 9), role="hall_manager"),
        DutyText("做", dt.date(2026, 1, 9), staff_no="9901"),
    ],
    ids=["nobody", "unknown", "nothing to do", "a post without a unit", "outside the unit"],
)  # fmt: skip
def test_a_duty_needs_a_deed_and_somebody_of_the_unit(draft, actor_of, now, duty):
    row = draft("trace")
    with pytest.raises(Refusal) as no:
        save_draft(bulletin=row.pk, text=DraftText("新题", "", "", (duty,)), actor=actor_of("9001"), now=now)
    assert no.value.code == "bulletin.duty_unclear"
    assert Bulletin.objects.get(pk=row.pk).title == row.title


@pytest.mark.parametrize(("staff_no", "code"), [("1301", "hall.unknown"), ("1001", "hall.unknown")])
def test_only_who_issues_for_the_unit_drafts(draft, staff_no, code):
    with pytest.raises(Refusal) as no:
        draft(staff_no=staff_no)
    assert no.value.code == code
    assert not Bulletin.objects.exists()


def test_a_draft_can_be_thrown_away(draft, actor_of, now):
    row = draft("trace")
    discard_draft(bulletin=row.pk, actor=actor_of("9001"), now=now)
    assert not Bulletin.objects.exists()


def test_the_rule_is_checked_for_placeholders_and_what_may_be_ranked(db):
    good = SHIPPED.kinds[0]

    def problems(kind):
        return [words for _field, words, _params in BULLETINS.check(BulletinRule("服通", (kind,)), "GD/")]

    assert list(BULLETINS.check(SHIPPED, "GD/")) == []
    assert len(problems(replace(good, opening="{unit}{weather}"))) == 1
    assert len(problems(replace(good, closing="{value}"))) == 1  # only a duty speaks of a value
    assert len(problems(replace(good, ranked_by="queueing.tickets"))) == 1
    assert len(problems(replace(good, columns=(Column("queueing.tickets"),) * 2))) == 1


def test_a_draft_keeps_the_rule_that_it_was_made_with(draft, unit):
    row = draft("five-day")
    kind = BulletinKind("five-day", "五日表", levels=("district",), rows_of=RowsOf.HALLS)
    RuleVersion.objects.create(
        kind=BULLETINS.code, unit=unit, number=1, valid_from=dt.date(2025, 1, 1), author_label="test",
        body=as_body(BULLETINS, BulletinRule("天服", (kind,))), written_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
    )  # fmt: skip
    assert (made_of(row).word, made_of(row).version) == ("服通", 0)
    other = made_of(draft("five-day", day=FIRST + dt.timedelta(days=5)))
    assert (other.word, other.version, other.path) == ("天服", 1, "GD/GZ/TH/")
    assert from_json(type(other), to_json(other)) == other


def test_a_ranking_that_allows_for_the_mix_of_cases_says_so_and_what_was_measured(draft):
    row = draft("assessment")
    figures = figures_in(row)
    assert figures.ranking.mix == ()  # waits are compared as measured
    assert all(one.measured == one.value for one in figures.ranking.ranks)
    ranks = tuple(replace(one, value=0.75, measured=0.5) for one in figures.ranking.ranks)
    adjusted = replace(figures, ranking=replace(figures.ranking, ranks=ranks, mix=("business", "kind")))
    Bulletin.objects.filter(pk=row.pk).update(figures=to_json(adjusted))
    document, _text = document_for(Bulletin.objects.get(pk=row.pk))
    assert {one.value for one in document.ranks} == {"75.0 %（实测 50.0 %）"}
    assert "排名按相同的业务、类型结构折算；与目标相比仍以实测值为准。" in document.notes
