"""What happened to a case, told in sentences: no kind of fact is left out by oversight."""

import datetime as dt
from dataclasses import is_dataclass

import pytest

from yingting.domains.cases import facts
from yingting.domains.cases.actions import following, remedies, tracing
from yingting.domains.cases.queries.desk import desk_of
from yingting.domains.cases.queries.timeline import BY_THE_CUSTOMER, MEANT, SENTENCES, SILENT
from yingting.domains.cases.tests.stories import H01, answered, id_of, minutes, verified
from yingting.foundation.journal.catalogue import kind_of
from yingting.kernel.actors import Actor, ActorKind

KINDS = {
    kind_of(one): one for one in vars(facts).values() if is_dataclass(one) and one.__module__ == facts.__name__
}  # fmt: skip


def test_every_kind_of_fact_has_a_sentence_or_is_named_as_silent():
    assert len(KINDS) > 40
    assert SENTENCES.keys() | SILENT.keys() == KINDS.keys()
    assert not SENTENCES.keys() & SILENT.keys()
    assert {*BY_THE_CUSTOMER, *MEANT} <= SENTENCES.keys()


def test_every_sentence_asks_only_for_what_its_fact_has():
    for kind, sentence in [*SENTENCES.items(), *BY_THE_CUSTOMER.items()]:
        assert sentence % dict.fromkeys(KINDS[kind].__dataclass_fields__, "") is not None, kind
        assert MEANT.get(kind, {}).keys() <= KINDS[kind].__dataclass_fields__.keys(), kind


@pytest.mark.django_db
def test_linked_actions_findings_and_what_the_customer_did_are_told_with_who_did_it(cast, actor_of, now):
    case = verified(actor_of, now)
    answered(case, actor_of, now)
    duty = actor_of("1201")
    plan = remedies.Plan(
        "corrective", "更换宣传单页", H01, id_of("1101"), id_of("1201"), now.date() + dt.timedelta(days=7)
    )
    remedy = remedies.set_remedy(case=case.id, plan=plan, actor=actor_of("1301"), now=minutes(now, 17))
    remedies.submit(remedy=remedy, note="已换", actor=actor_of("1101"), now=minutes(now, 18))
    remedies.check(remedy=remedy, is_done=False, note="还有一处", actor=duty, now=minutes(now, 19))
    tracing.find(case=case.id, found=tracing.Found(cause="none"), actor=actor_of("1301"), now=minutes(now, 20))
    customer = Actor(ActorKind.CUSTOMER, case.id, "customer")
    following.rate(satisfied=4, solved="yes", actor=customer, now=minutes(now, 21))
    events = desk_of(duty, case.id, minutes(now, 22)).events
    assert [(one.sentence, one.by) for one in events[:5]] == [
        ("客户评价：已解决，满意度 4 分（满分 5 分）", "客户"),
        ("提出责任认定：无责任人，原因：无", "陈刚 1301"),
        ("关联措施：退回重做", "赵敏 1201"),
        ("关联措施：报告已完成", "李明 1101"),
        ("关联措施：李明 1101 于 2026-01-12 前完成，由 赵敏 1201 核实", "陈刚 1301"),
    ]
