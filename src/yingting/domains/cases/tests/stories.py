"""Cases as tests need them: a counter complaint on its way, and closed."""

import datetime as dt

from yingting.domains.cases.actions import closing, customers, handling, holding, tracing
from yingting.domains.cases.actions.registering import Intake, register
from yingting.foundation.people.models import Person

H01 = "GD/GZ/TH/H01/"
PHONE = "13800005678"


def id_of(staff_no):
    return Person.objects.get(staff_no=staff_no).pk


def minutes(now, n):
    return now + dt.timedelta(minutes=n)


def complaint(actor_of, now, by="1001", **more):
    """A counter complaint that 1001 has just written down, or another person, with more of what is known."""
    given = {"category": "fees.unaware", "phone": PHONE, "name": "王小明", **more}
    intake = Intake(H01, "counter", "办套餐时没有说明合约期", **given)
    return register(intake=intake, actor=actor_of(by), now=now)


def verified(actor_of, now):
    """1001 took it in, 1201 found it true and is about to solve it on the spot (minute 9)."""
    return taken_in(complaint(actor_of, now), actor_of, now)


def taken_in(case, actor_of, now):
    """The way of `verified`, for a complaint of 1001 that is there already."""
    clerk, duty = actor_of("1001"), actor_of("1201")
    holding.accept(case=case.id, actor=clerk, now=minutes(now, 1))
    words = {"product": "畅享套餐", "reason": "没有说明合约期", "demand": "取消"}
    handling.fill(case=case.id, words=words, actor=clerk, now=minutes(now, 2))
    handling.move(case=case.id, to="verify", actor=clerk, now=minutes(now, 3))
    holding.offer(case=case.id, receiver=duty.person, reason="请核实", actor=clerk, now=minutes(now, 4))
    holding.answer_offer(case=case.id, accepts=True, actor=duty, now=minutes(now, 5))
    handling.verify(case=case.id, verification="true", actor=duty, now=minutes(now, 8))
    handling.move(case=case.id, to="on_the_spot", actor=duty, now=minutes(now, 9))
    return case


def answered(case, actor_of, now):
    """1201 solved and answered it; 1301 is to call back (minute 16)."""
    duty = actor_of("1201")
    said = customers.Told("为您取消,多收的退回", "face", minutes(now, 12), is_consent=True)
    customers.tell(case=case.id, told=said, actor=duty, now=minutes(now, 12))
    handling.fill(case=case.id, words={"result": "已取消并退费"}, actor=duty, now=minutes(now, 13))
    closing.settle(case=case.id, result="solved", actor=duty, now=minutes(now, 13))
    handling.classify(case=case.id, cause="person", actor=duty, now=minutes(now, 13))
    handling.move(case=case.id, to="answer", actor=duty, now=minutes(now, 14))
    answer = customers.Told("已取消合约,退回 30 元", "face", minutes(now, 15), is_answer=True)
    customers.tell(case=case.id, told=answer, actor=duty, now=minutes(now, 15))
    handling.move(case=case.id, to="call_back", actor=duty, now=minutes(now, 16))


def called_back(case, actor_of, now):
    """1301 reached the customer and said that nobody is answerable (minute 22): it may be closed."""
    call = customers.Call("reached", "yes", 5)
    customers.call_back(case=case.id, call=call, actor=actor_of("1301"), now=minutes(now, 21))
    tracing.find(case=case.id, found=tracing.Found(cause="none"), actor=actor_of("1301"), now=minutes(now, 22))


def closed(actor_of, now):
    """A complaint that 1301 closed in minute 23."""
    case = verified(actor_of, now)
    answered(case, actor_of, now)
    called_back(case, actor_of, now)
    closing.close(case=case.id, actor=actor_of("1301"), now=minutes(now, 23))
    return case
