"""After any sequence of verbs the facts of the journal say the same as the tables (but for what facts leave out on purpose)."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from yingting.domains.shifts import facade
from yingting.domains.shifts.actions.absences import end_off_post, enter_absence, set_off_post, withdraw_absence
from yingting.domains.shifts.actions.people import enter_licence, remove_licence, set_terms
from yingting.domains.shifts.actions.wishing import make_wish, withdraw_wish
from yingting.domains.shifts.contracts import OwnTerms
from yingting.domains.shifts.models import Absence, Licence, OffPost, PersonTerms, Roster, Wish
from yingting.domains.shifts.rules import AbsenceKind, OffPostReason, Wanted
from yingting.domains.shifts.tests.conftest import WEEK, day
from yingting.foundation.journal.models import Fact
from yingting.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db

PEOPLE = ("1001", "1002", "1201")


def folded():
    """The state that the facts tell: by subject."""
    rows = {}
    for fact in Fact.objects.filter(kind__startswith="shifts.").order_by("id"):
        told, subject = fact.data, str(fact.subject)
        match fact.kind.removeprefix("shifts."):
            case "terms_set":
                values = (told["least_hours"], told["most_hours"], told["most_days"], told["rest_hours"])
                rows["terms", subject] = (told["person"], *values)
            case "absence_entered":
                rows["absence", subject] = (told["person"], told["first_day"], told["last_day"])
            case "absence_withdrawn":
                del rows["absence", subject]
            case "off_post_set":
                rows["off_post", subject] = (told["person"], told["since"], told["until"])
            case "off_post_ended":
                until = dt.date.fromisoformat(told["back_on"]) - dt.timedelta(days=1)
                rows["off_post", subject] = (*rows["off_post", subject][:2], until.isoformat())
            case "licence_entered":
                rows["licence", subject] = (told["person"], told["code"], told["valid_until"])
            case "licence_removed":
                del rows["licence", subject]
            case "wish_made":
                rows["wish", subject] = (told["person"], told["day"], told["wanted"], "open")
            case "wish_withdrawn":
                rows["wish", subject] = (*rows["wish", subject][:3], "withdrawn")
            case "wish_answered":
                rows["wish", subject] = (*rows["wish", subject][:3], told["state"])
            case "roster_drafted":
                rows["roster", subject] = (told["first_day"], "draft")
            case "roster_published":
                rows["roster", subject] = (told["first_day"], "published")
                if told["replaced"]:
                    rows["roster", told["replaced"]] = (told["first_day"], "replaced")
            case "cell_set":
                assert rows["roster", subject][1] == "draft"
            case other:
                pytest.fail(f"nobody folds {other}")
    return rows


def stored():
    """The same from the tables."""
    text = lambda value: None if value is None else str(value)  # noqa: E731 - a name for dates and ids
    rows = {
        ("terms", str(row.pk)): (str(row.person_id), row.least_hours, row.most_hours, row.most_days, row.rest_hours)
        for row in PersonTerms.objects.all()
    }
    for row in Absence.objects.filter(is_withdrawn=False):
        rows["absence", str(row.pk)] = (str(row.person_id), str(row.first_day), str(row.last_day))
    for row in OffPost.objects.all():
        rows["off_post", str(row.pk)] = (str(row.person_id), str(row.since), text(row.until))
    for row in Licence.objects.all():
        rows["licence", str(row.pk)] = (str(row.person_id), row.code, str(row.valid_until))
    for row in Wish.objects.all():
        rows["wish", str(row.pk)] = (str(row.person_id), str(row.day), row.wanted, row.state)
    for row in Roster.objects.all():
        rows["roster", str(row.pk)] = (str(row.first_day), row.state)
    return rows


class Hand:
    """Does something by chance; what is refused is left."""

    def __init__(self, plan, seed):
        self.plan, self.lot, self.hall = plan, random.Random(seed), plan.cast.hall

    def row(self, model):
        return self.lot.choice([None, *model.objects.order_by("pk").values_list("pk", flat=True)])

    def step(self):
        verbs = (
            self.terms, self.absence, self.back_from_absence, self.off_post, self.back, self.licence, self.no_licence, self.wish,
            self.no_wish, self.answer, self.draft, self.cell, self.publish,
        )  # fmt: skip
        verb = self.lot.choice(verbs)
        who = self.lot.choice(PEOPLE)
        try:
            verb(who, {"hall": self.hall, "person": self.plan.cast.people[who], **self.plan.may()})
        except Refusal:
            return ""
        return verb.__name__

    def days(self):
        first = day(self.lot.randrange(0, 14))
        return first, first + dt.timedelta(days=self.lot.randrange(0, 4))

    def terms(self, who, where):
        row = PersonTerms.objects.filter(person__staff_no=who).first()
        terms = OwnTerms(most_days=self.lot.choice([None, 3, 4]))
        set_terms(**where, terms=terms, expected_version=row.version if row else 0)

    def absence(self, _who, where):
        first, last = self.days()
        enter_absence(**where, kind=AbsenceKind.SICK, first_day=first, last_day=last, words="")

    def back_from_absence(self, _who, where):
        withdraw_absence(hall=where["hall"], absence=self.row(Absence), **self.plan.may())

    def off_post(self, _who, where):
        since, until = self.days()
        reason = self.lot.choice(list(OffPostReason))
        set_off_post(**where, reason=reason, since=since, until=self.lot.choice([None, until]), words="x")

    def back(self, _who, where):
        end_off_post(
            hall=where["hall"], off_post=self.row(OffPost), back_on=self.days()[0], words="x", **self.plan.may()
        )

    def licence(self, _who, where):
        enter_licence(**where, code=self.lot.choice(["counter", "realname"]), valid_until=self.days()[1])

    def no_licence(self, _who, where):
        remove_licence(hall=where["hall"], licence=self.row(Licence), **self.plan.may())

    def wish(self, who, _where):
        make_wish(day=self.days()[0], wanted=self.lot.choice(list(Wanted)), **self.plan.may(who))

    def no_wish(self, who, _where):
        withdraw_wish(wish=self.row(Wish), **self.plan.may(who))

    def answer(self, _who, where):
        facade.answer_wish(
            hall=where["hall"], wish=self.row(Wish), granted=self.lot.random() < 0.5, words="x", **self.plan.may()
        )

    def draft(self, _who, _where):
        held = facade.roster_of(self.hall, WEEK, "draft")
        cells = [self.plan.cell(who, n, self.lot.choice(["early", "late", ""])) for who in PEOPLE for n in range(7)]
        self.plan.draft(*cells, expected=held.version if held else None)

    def cell(self, who, _where):
        held = facade.roster_of(self.hall, WEEK, "draft")
        if held:
            self.plan.set(held.id, who, self.lot.randrange(7), self.lot.choice(["noon", ""]), version=held.version)

    def publish(self, _who, _where):
        held = facade.roster_of(self.hall, WEEK, "draft")
        if held:
            self.plan.publish(held.id, version=held.version)


@pytest.mark.parametrize("seed", range(4))
def test_the_fold_of_the_journal_equals_the_tables_after_any_sequence(plan, seed):
    hand = Hand(plan, seed)
    done = {hand.step() for _n in range(90)}
    assert len(done) >= 10  # most of the thirteen verbs came to something
    assert "publish" in done
    assert folded() == stored()
