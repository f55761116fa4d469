"""The processes that every installation begins with: steps, limits, and what closing needs.

Limits with a legal basis are marked so and never pause; the others are assumptions of ours, to be set by each province.
"""

from __future__ import annotations

import datetime as dt

from yingting.domains.cases.rules.processes import (
    CaseKind,
    ClockRule,
    Gate,
    Level,
    Mark,
    Need,
    Process,
    Step,
    StepRole,
)
from yingting.kernel.worktime.limits import Limit, Unit

N, R = Need, StepRole
ORDER_35 = "电信用户申诉处理办法（工业和信息化部令第35号）"
ORDER_35_SINCE = dt.date(2016, 7, 30)
SAMR_20 = "市场监督管理投诉举报处理暂行办法（国家市场监督管理总局令第20号）"
SAMR_20_SINCE = dt.date(2022, 3, 24)


def _hours(amount: int) -> Limit:
    return Limit(amount, Unit.WORKING_HOURS)


def _minutes(amount: int) -> Limit:
    return Limit(amount, Unit.WORKING_MINUTES)


def _days(amount: int) -> Limit:
    return Limit(amount, Unit.WORKING_DAYS, counts_start_day=False)


def _by_law(amount: int, unit: Unit, basis: str, since: dt.date) -> Limit:
    return Limit(amount, unit, counts_start_day=False, is_statutory=True, basis=basis, in_force_since=since)


FULL_RECORD = (N.PRODUCT, N.REASON, N.DEMAND, N.CATEGORY)  # CMP-32; the model is asked for where there is one
CLOSING = Gate((N.RESULT, N.ANSWER, N.CALLBACK, N.CAUSE, N.FINDING))
_ANSWER_IN = ClockRule(
    "answer", "答复用户", "Answer to the customer",
    _by_law(15, Unit.DAYS, f"{ORDER_35}：企业应在15日内答复用户投诉", ORDER_35_SINCE),
)  # fmt: skip


def _verify(limit: Limit, *follow: str) -> Step:
    return Step(
        "verify", "核实", R.VERIFY, "Verify",
        "核对系统记录、录音和凭证，确认投诉内容是否属实（属实、部分属实、不属实）。",
        "Check records, recordings and vouchers: is it true, partly true or false?",
        post="duty_manager", limit=limit, needs=(N.VERIFICATION,), next=follow,
    )  # fmt: skip


def _answer(limit: Limit, *follow: str) -> Step:
    return Step(
        "answer", "答复", R.ANSWER, "Answer",
        "把处理结果告知客户，并确认客户已收到；只改状态不算答复。",
        "Tell the customer the result and make sure that it arrived; a status is no answer.",
        post="duty_manager", limit=limit, needs=(N.RESULT, N.ANSWER), next=follow,
    )  # fmt: skip


def _call_back(limit: Limit, post: str = "hall_manager") -> Step:
    return Step(
        "call_back", "回访", R.CALL_BACK, "Call back",
        "由未经办的人回访：是否解决、是否满意；未接通的换时段再打。",
        "Somebody who did not handle it calls: is it solved, is the customer satisfied? Not reached: try at another hour.",
        post=post, limit=limit, needs=(N.CALLBACK, N.CAUSE, N.FINDING),
    )  # fmt: skip


COUNTER = Process(
    CaseKind.COMPLAINT,
    (
        Step(
            "take_in", "安抚受理", R.TAKE_IN, "Calm and take in",
            "先安抚客户情绪，请到一旁就座，听完不打断；平复后再登记诉求。",
            "Calm the customer first: a seat aside, listen to the end; then write down what they ask for.",
            "“您先别着急，请坐，我来帮您处理。您说的情况我都记下来了，我复述一遍，您看对不对。”",
            post="duty_manager", limit=_minutes(10), needs=FULL_RECORD, next=("verify",),
        ),
        _verify(_minutes(30), "on_the_spot", "promise"),
        Step(
            "on_the_spot", "现场解决", R.HANDLE, "Solve on the spot",
            "提出解决方案，征得客户同意后当场办理。", "Propose a solution and carry it out with the customer's consent.",
            post="duty_manager", limit=_minutes(30), needs=(N.CONSENT, N.RESULT), next=("answer", "promise"),
        ),
        Step(
            "promise", "承诺处理", R.HANDLE, "Promise and handle",
            "不能当场解决的，承诺时间，逐级上报，按指导意见处理。",
            "What cannot be solved at once: promise a time, report level by level, handle as guided.",
            post="hall_manager", limit=_days(2), needs=(N.PROMISE, N.RESULT), next=("answer",),
        ),
        _answer(_days(1), "call_back"),
        _call_back(_days(3)),
    ),
    (
        _ANSWER_IN,
        ClockRule("inner", "内部时限", "Internal limit", _days(5), Mark.RECEIVED, Mark.ANSWERED),
        ClockRule("accept", "受理", "Acceptance", _minutes(30), Mark.REGISTERED, Mark.ACCEPTED),
    ),
    CLOSING,
    ORDER_35, ORDER_35_SINCE,
)  # fmt: skip
TRANSFERRED = Process(
    CaseKind.COMPLAINT,
    (
        Step(
            "take_in", "接单", R.TAKE_IN, "Take over",
            "核对转派内容，缺项当日补问；不属本单位的写明理由退回，不得搁置。",
            "Check what was transferred, ask for what is missing today; what is not ours goes back with the reason.",
            post="duty_manager", limit=_hours(4), needs=FULL_RECORD, next=("verify",),
        ),
        _verify(_days(1), "handle"),
        Step(
            "handle", "处理", R.HANDLE, "Handle", "联系客户，说明核实情况和处理方案，按方案处理。",
            "Contact the customer, explain what was found and what will be done, do it.",
            post="duty_manager", limit=_days(2), needs=(N.RESULT,), next=("answer",),
        ),
        _answer(_days(1), "call_back"),
        _call_back(_days(3)),
    ),
    (
        _ANSWER_IN,
        ClockRule("inner", "内部时限", "Internal limit", _days(5), Mark.RECEIVED, Mark.ANSWERED),
        ClockRule("accept", "受理", "Acceptance", _hours(4), Mark.REGISTERED, Mark.ACCEPTED),
    ),
    CLOSING,
    ORDER_35, ORDER_35_SINCE,
)  # fmt: skip
APPEAL = Process(
    CaseKind.APPEAL,
    (
        Step(
            "take_in", "登记申诉", R.TAKE_IN, "Register the appeal",
            "登记申诉编号、收到时间和要求答复的时间；调出原投诉，一并处理。",
            "Note the appeal's number, when it was received and when a reply is due; bring the earlier complaint in.",
            post="service_manager", level=Level.CITY, limit=_hours(4), needs=FULL_RECORD, next=("verify",),
        ),
        _verify(_days(2), "handle"),
        Step(
            "handle", "处理协商", R.HANDLE, "Handle and settle", "由专人与用户协商，形成书面意见；重大的提交办公会。",
            "A named person settles it with the customer and writes it down; grave ones go to the management meeting.",
            post="service_manager", level=Level.CITY, limit=_days(5), needs=(N.RESULT,), proofs=1, next=("answer",),
        ),
        _answer(_days(2), "call_back"),
        _call_back(_days(3), "service_manager"),
    ),
    (
        ClockRule(
            "reply", "答复申诉受理机构", "Reply to the appeal body", Limit(10, Unit.DAYS, counts_start_day=False),
            Mark.RECEIVED, Mark.ANSWERED,
        ),
        ClockRule("inner", "内部时限", "Internal limit", _days(5), Mark.RECEIVED, Mark.ANSWERED),
    ),
    CLOSING,
    ORDER_35, ORDER_35_SINCE,
)  # fmt: skip
MARKET_12315 = Process(
    CaseKind.APPEAL,
    (
        Step(
            "take_in", "登记转办", R.TAKE_IN, "Register",
            "登记12315编号和平台收到时间；投诉和举报合在一起的分开登记。",
            "Note the number and when the platform received it; a complaint and a report in one are registered apart.",
            post="service_manager", level=Level.CITY, limit=_hours(4), needs=FULL_RECORD, next=("verify",),
        ),
        _verify(_days(2), "handle"),
        Step(
            "handle", "处理调解", R.HANDLE, "Handle and mediate", "配合调解，形成书面意见并回传平台。",
            "Take part in the mediation, write the result down and send it to the platform.",
            post="service_manager", level=Level.CITY, limit=_days(5), needs=(N.RESULT,), proofs=1, next=("answer",),
        ),
        _answer(_days(2), "call_back"),
        _call_back(_days(3), "service_manager"),
    ),
    (
        ClockRule(
            "mediation", "调解期限", "Mediation",
            _by_law(45, Unit.WORKING_DAYS, f"{SAMR_20}第二十一条：受理之日起45个工作日内未达成协议的终止调解", SAMR_20_SINCE),
            Mark.RECEIVED, Mark.CLOSED,
        ),
        ClockRule("inner", "内部时限", "Internal limit", _days(5), Mark.RECEIVED, Mark.ANSWERED),
    ),
    CLOSING,
    SAMR_20, SAMR_20_SINCE,
)  # fmt: skip
SUPPORT = Process(
    CaseKind.SUPPORT,
    (
        Step(
            "take_in", "受理支撑", R.TAKE_IN, "Accept", "后台确认由谁负责、何时答复；不属本部门的当日写明应找谁。",
            "The back office says who is in charge and when it will answer; if it is not theirs, whom to ask, the same day.",
            post="service_manager", level=Level.DISTRICT, limit=_hours(4), needs=(N.CATEGORY,), next=("handle",),
        ),
        Step(
            "handle", "处理", R.HANDLE, "Handle", "解决问题，写明原因和以后怎样避免。",
            "Solve it; write down the cause and how to avoid it.",
            post="service_manager", level=Level.DISTRICT, limit=_days(2), needs=(N.RESULT, N.CAUSE), next=("answer",),
        ),
        Step(
            "answer", "前台评价", R.CHECK, "Rated by the front line", "提出人确认是否解决并评价。",
            "Who asked says whether it is solved, and rates it.",
            post="duty_manager", limit=_days(2), needs=(N.ANSWER,),
        ),
    ),
    (
        ClockRule("accept", "受理", "Acceptance", _hours(4), Mark.REGISTERED, Mark.ACCEPTED),
        ClockRule("inner", "内部时限", "Internal limit", _days(3), Mark.REGISTERED, Mark.CLOSED),
    ),
    Gate((N.RESULT, N.ANSWER)),
    "后台支撑前台的内部制度（由各省自定）",
)  # fmt: skip
VIOLATION = Process(
    CaseKind.VIOLATION,
    (
        Step(
            "take_in", "登记线索", R.TAKE_IN, "Register", "写明违反五条禁令的哪一条、工号、时间和证据。",
            "Which of the five prohibitions, whose staff number, when, with what proof.",
            post="service_manager", level=Level.DISTRICT, limit=_days(1), needs=(N.CATEGORY, N.REASON), proofs=1, next=("verify",),
        ),
        Step(
            "verify", "调查", R.VERIFY, "Investigate", "听取当事人说明，调取记录，核实情况。",
            "Hear the person, look at the records, find out what happened.",
            post="service_manager", level=Level.DISTRICT, limit=_days(5), needs=(N.VERIFICATION,), next=("handle",),
        ),
        Step(
            "handle", "认定责任", R.HANDLE, "Find who is answerable", "认定责任并告知当事人；当事人可以提出异议。",
            "Find who is answerable and tell the person, who may object.",
            post="service_manager", level=Level.CITY, limit=_days(5), needs=(N.FINDING, N.RESULT), next=("check",),
        ),
        Step(
            "check", "处理通报", R.CHECK, "Decide and warn", "异议期满或异议有结论后，按员工奖惩条例作出处理决定；全员通报警示，逐人签收。",
            "Once the time to object is over, or the objection decided: decide by the staff rules, then warn everybody by a notice.",
            post="service_manager", level=Level.CITY, limit=_days(15), needs=(N.PENALTY, N.NOTICE),
        ),
    ),
    (ClockRule("inner", "内部时限", "Internal limit", _days(30), Mark.REGISTERED, Mark.CLOSED),),
    Gate((N.RESULT, N.FINDING, N.PENALTY, N.NOTICE)),
    "服务五条禁令：发现一起、查处一起，按员工奖惩条例严肃处理并全员通报警示",
)  # fmt: skip
RECTIFICATION = Process(
    CaseKind.RECTIFICATION,
    (
        Step(
            "take_in", "下达整改", R.TAKE_IN, "Order", "写明问题、责任人、标准和期限。",
            "What is wrong, who is in charge, which standard, until when.",
            post="hall_manager", limit=_days(1), needs=(N.REASON, N.CATEGORY, N.PROMISE), next=("handle",),
        ),
        Step(
            "handle", "整改", R.HANDLE, "Put right", "按标准整改，拍照留证。", "Put it right by the standard, with photos.",
            post="hall_manager", limit=Limit(60, Unit.DAYS, counts_start_day=False), needs=(N.RESULT,), proofs=1, next=("check",),
        ),
        Step(
            "check", "验收", R.CHECK, "Check", "由未经办的人到现场验收；不合格退回重做。",
            "Somebody who did not do it checks on the spot; what fails goes back.",
            post="service_manager", level=Level.DISTRICT, limit=_days(5), needs=(N.VERIFICATION,), next=("handle", "effect"),
        ),
        Step(
            "effect", "回头看", R.EFFECT, "Look again", "到期再看：问题是否再犯，指标是否好转。",
            "Look again later: did it come back, did the figures get better?",
            post="service_manager", level=Level.DISTRICT, limit=Limit(30, Unit.DAYS, counts_start_day=False), needs=(N.EFFECT,),
        ),
    ),
    (),
    Gate((N.RESULT, N.EFFECT)),
    "营业厅服务质量整改要求：硬件1个月、软件3个月、管理2个月；此处取2个月",
)  # fmt: skip
SUGGESTION = Process(
    CaseKind.SUGGESTION,
    (
        Step(
            "take_in", "登记建议", R.TAKE_IN, "Take in", "谢谢提出人；相同的合并，各自留名。",
            "Thank who suggested it; the same ones go together, each keeps its name.",
            post="hall_manager", limit=_days(2), needs=(N.CATEGORY,), next=("handle",),
        ),
        Step(
            "handle", "评估", R.HANDLE, "Judge", "写明采纳与否和理由；采纳的落实到人和日期。",
            "Say whether it is adopted and why; who does it and by when.",
            post="service_manager", level=Level.DISTRICT, limit=_days(10), needs=(N.RESULT,), next=("answer",),
        ),
        Step(
            "answer", "答复", R.ANSWER, "Answer", "告诉提出人结果。", "Tell who suggested it what came of it.",
            post="hall_manager", limit=_days(2), needs=(N.ANSWER,), next=("effect",),
        ),
        Step(
            "effect", "看效果", R.EFFECT, "Look at the effect", "采纳的看前后对比，未采纳的写明。",
            "Adopted: compare before and after. Not adopted: say so.",
            post="service_manager", level=Level.DISTRICT, limit=Limit(60, Unit.DAYS, counts_start_day=False), needs=(N.EFFECT,),
        ),
    ),
    (ClockRule("answer", "答复提出人", "Answer", _days(15), Mark.REGISTERED, Mark.ANSWERED),),
    Gate((N.RESULT, N.ANSWER, N.EFFECT)),
    "“我为服务进一言”征集办法（由各省自定）",
)  # fmt: skip
FAULT = Process(
    CaseKind.FAULT,
    (
        Step(
            "take_in", "报修", R.TAKE_IN, "Report", "写明哪台设备、什么现象、是否影响办理。",
            "Which device, what it does, whether customers are affected.",
            post="duty_manager", limit=_minutes(30), needs=(N.PRODUCT, N.REASON), next=("handle",),
        ),
        Step(
            "handle", "修复", R.HANDLE, "Repair", "修复或先用备机。", "Repair it, or put a spare one in its place.",
            post="hall_manager", limit=_hours(8), needs=(N.RESULT, N.CAUSE), next=("check",),
        ),
        Step(
            "check", "确认", R.CHECK, "Confirm", "报修人确认能用。", "Who reported it confirms that it works.",
            post="duty_manager", limit=_hours(4), needs=(N.VERIFICATION,),
        ),
    ),
    (ClockRule("inner", "内部时限", "Internal limit", _days(2), Mark.REGISTERED, Mark.CLOSED),),
    Gate((N.RESULT,)),
    "营业厅设备维护的内部制度（由各省自定）",
)  # fmt: skip

GRUMBLE = Process(
    CaseKind.GRUMBLE,
    (
        Step(
            "soothe", "安抚化解", R.TAKE_IN, "Calm and settle",
            "当场安抚、说明或解决，写明怎样化解；化解不了的，转为投诉。",
            "Calm, explain or solve it on the spot and write down how; what cannot be settled becomes a complaint.",
            "“让您久等了，实在抱歉。您先坐，我马上帮您看一下。”",
            post="duty_manager", limit=_minutes(30), needs=(N.RESULT,),
        ),
    ),
    (ClockRule("inner", "内部时限", "Internal limit", _days(1), Mark.REGISTERED, Mark.CLOSED),),
    Gate((N.RESULT,)),
    "CMP-31",
)  # fmt: skip

PROCESSES = {
    "grumble": GRUMBLE, "counter": COUNTER, "transferred": TRANSFERRED, "appeal": APPEAL, "12315": MARKET_12315, "support": SUPPORT,
    "violation": VIOLATION, "rectification": RECTIFICATION, "suggestion": SUGGESTION, "fault": FAULT,
}  # fmt: skip
