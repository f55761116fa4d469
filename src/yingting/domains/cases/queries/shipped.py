"""The channels and lists that every installation begins with (processes: shipped_processes). They are data: each may be edited by
unit and date.
"""

from __future__ import annotations

import datetime as dt

from yingting.domains.cases.rules.around import (
    Band,
    Categories,
    Category,
    Channel,
    Channels,
    Handling,
    Ladder,
    ListNames,
    ProcessNames,
)
from yingting.domains.cases.rules.bringing import ANY, CaseList, ListColumn, ListField, ListValue
from yingting.domains.cases.rules.ladder import Deed, Rung
from yingting.domains.cases.rules.oversight import Age, Standing, Support
from yingting.domains.cases.rules.penalties import Measure, Penalties
from yingting.domains.cases.rules.processes import Level
from yingting.kernel.shapes import Named

NAMES = ProcessNames(
    (
        Named("grumble", "抱怨苗头", "Grumble"),
        Named("counter", "现场投诉", "Complaint in the hall"),
        Named("transferred", "转派投诉", "Transferred complaint"),
        Named("appeal", "用户申诉", "Appeal to the regulator"),
        Named("12315", "12315 转办", "Case of 12315"),
        Named("support", "内部支撑", "Internal support"),
        Named("violation", "违规案件", "Violation"),
        Named("rectification", "整改", "Rectification"),
        Named("suggestion", "建议", "Suggestion"),
        Named("fault", "设备故障", "Equipment fault"),
    )
)
CHANNELS = Channels(
    (
        Channel("counter", "柜台", "Counter", "counter"),
        Channel("page", "扫码网页", "Phone page", "counter", is_public=True),
        Channel("hotline", "客服热线", "Hotline", "transferred", has_number=True),
        Channel("letter", "意见簿、来信", "Book or letter", "counter"),
        Channel("visit", "来访", "Visit", "counter"),
        Channel("12315", "12315", "12315", "12315", has_number=True, needs_reply=True, is_outside=True),
        Channel(
            "miit", "工信部申诉", "Appeal to the ministry", "appeal", has_number=True, needs_reply=True, is_outside=True
        ),
        Channel(
            "consumers",
            "消费者协会",
            "Consumer association",
            "appeal",
            has_number=True,
            needs_reply=True,
            is_outside=True,
        ),
        Channel("media", "媒体", "Media", "appeal", needs_reply=True, is_outside=True),
        Channel("supervision", "监督电话", "Supervision phone", "transferred", has_number=True),
        Channel("supervisor", "社会监督员", "Social supervisor", "transferred"),
        Channel("staff", "员工", "Staff", "suggestion"),
        Channel("inspection", "检查", "Inspection", "rectification"),
        Channel("detection", "系统发现", "Found by the house", "violation"),
    )
)
STAFF_RULES = "员工奖惩条例（具体条款由各省填写）"
CATEGORIES = Categories(
    (
        Category("fees", "资费", "Fees"),
        Category("fees.unaware", "不知情开通", "Opened unawares", "fees"),
        Category("fees.bill", "账单有误", "Wrong bill", "fees"),
        Category("fees.cancel", "退订困难", "Hard to cancel", "fees"),
        Category("service", "服务", "Service"),
        Category("service.wait", "排队时间长", "Long wait", "service"),
        Category("service.manner", "服务态度", "Manner", "service"),
        Category("service.passed", "推诿", "Passed from one to the next", "service"),
        Category("service.forced", "强制分流、搭售", "Forced to another way or sale", "service"),
        Category("network", "网络", "Network"),
        Category("network.broadband", "宽带故障", "Broadband fault", "network"),
        Category("network.mobile", "手机信号", "Mobile signal", "network"),
        Category("install", "装移机", "Installation"),
        Category("install.late", "未按时上门", "Not on time", "install"),
        Category("privacy", "个人信息", "Personal data"),
        Category("rule", "五条禁令", "Five prohibitions"),
        Category("rule.1", "泄露或交易客户信息", "Leaking or selling customer data", "rule"),
        Category("rule.2", "违法信息或未经同意的广告", "Unlawful or unwanted messages", "rule"),
        Category("rule.3", "未经确认开通或变更业务", "Opening or changing without consent", "rule"),
        Category("rule.4", "纵容增值服务商侵害客户", "Letting service providers harm customers", "rule"),
        Category("rule.5", "纵容渠道商侵害客户", "Letting channel partners harm customers", "rule"),
        Category("device", "设备", "Device"),
        Category("system", "系统与账务", "Systems and billing"),
        Category("system.desk", "受理系统", "Service system", "system"),
        Category("system.billing", "账务、出账", "Accounts and billing", "system"),
        Category("system.data", "客户资料、业务数据有误", "Wrong data", "system"),
        Category("support", "后台支撑", "Support by the back office"),
        Category("support.planning", "规划", "Planning", "support"),
        Category("support.network", "网络规划", "Network planning", "support"),
        Category("support.business", "业务支撑", "Business support", "support"),
        Category("support.budget", "预算管控", "Budget", "support"),
        Category("support.marketing", "营销策划", "Marketing", "support"),
        Category("support.guidance", "检查指导", "Inspection and guidance", "support"),
        Category("support.evaluation", "接受评价", "Being evaluated", "support"),
        Category("support.culture", "文化建设", "Culture", "support"),
        Category("support.experience", "经验推广", "Spreading what works", "support"),
        Category("other", "其他", "Other"),
    ),
    (
        Named("person", "人员操作", "A person's mistake"),
        Named("pushed", "推诿客户", "The customer was sent away"),
        Named("process", "流程缺陷", "A fault of the process"),
        Named("system", "系统故障", "A fault of a system"),
        Named("network", "网络质量", "Quality of the network"),
        Named("policy", "政策、资费设计", "Policy or tariff"),
        Named("partner", "合作方", "A partner"),
        Named("customer", "客户误解", "A misunderstanding"),
        Named("none", "无", "None"),
    ),
    (
        Named("light", "一般", "Light"),
        Named("serious", "较重", "Serious"),
        Named("grave", "重大", "Grave"),
    ),
)
HANDLING = Handling(
    bands=(
        Band("morning", "上午", "Morning", dt.time(8)),
        Band("noon", "中午", "Noon", dt.time(12)),
        Band("afternoon", "下午", "Afternoon", dt.time(14)),
        Band("evening", "晚上", "Evening", dt.time(18)),
    ),
    outcomes=(
        Named("reached", "已接通", "Reached"),
        Named("refused", "拒访", "Refused"),
        Named("no_answer", "无人接听", "No answer"),
        Named("wrong", "号码有误", "Wrong number"),
    ),
    unreached=("no_answer", "wrong"),
    manners=(
        Named("polite", "态度谦恭礼貌", "Polite and modest"),
        Named("quick", "处理迅速", "Quick"),
        Named("thorough", "考虑周到", "Thorough"),
    ),
    waits=(
        Named("papers", "等客户补材料", "The customer brings papers"),
        Named("customer", "等客户回复", "The customer replies"),
        Named("outside", "等外部单位", "Others reply"),
    ),
)
LADDER = Ladder(
    (
        Rung("", (), 50, Level.HALL, "hall_manager", Deed.TELL),
        Rung("", (), 80, Level.DISTRICT, "service_manager", Deed.TELL),
        Rung("", (), 100, Level.CITY, "service_manager", Deed.TELL),
        Rung("grave", (), 30, Level.DISTRICT, "service_manager", Deed.TELL),
        Rung("grave", (), 60, Level.CITY, "service_manager", Deed.TELL),
        Rung("grave", (), 100, Level.PROVINCE, "service_manager", Deed.MEETING),
    )
)

L = ListField
LIST_NAMES = ListNames((Named("complaints_zh", "投诉清单（中文表头）", "List of complaints, Chinese headings"),))
LISTS = {
    "complaints_zh": CaseList(
        (
            ListColumn(L.NUMBER, "工单编号"),
            ListColumn(L.RECEIVED, "受理时间"),
            ListColumn(L.CHANNEL, "投诉渠道"),
            ListColumn(L.UNIT, "受理单位"),
            ListColumn(L.CATEGORY, "投诉类别"),
            ListColumn(L.TEXT, "投诉内容"),
            ListColumn(L.DEMAND, "客户诉求"),
            ListColumn(L.PRODUCT, "产品"),
            ListColumn(L.NAME, "客户姓名"),
            ListColumn(L.PHONE, "联系电话"),
            ListColumn(L.SUBSCRIBER, "投诉号码"),
            ListColumn(L.FIRST_ASKER, "受理工号"),
            ListColumn(L.OWNER, "处理工号"),
            ListColumn(L.STATUS, "状态"),
            ListColumn(L.RESULT, "处理结果"),
            ListColumn(L.ANSWERED, "答复时间"),
            ListColumn(L.CLOSED, "办结时间"),
        ),
        (
            ListValue(L.STATUS, "处理中", "open"), ListValue(L.STATUS, "未办结", "open"), ListValue(L.STATUS, "已办结", "closed"),
            ListValue(L.STATUS, "已归档", "closed"), ListValue(L.STATUS, "已撤诉", "withdrawn"),
            ListValue(L.RESULT, "已解决", "solved"), ListValue(L.RESULT, "部分解决", "partly"), ListValue(L.RESULT, "未解决", "not"),
            ListValue(L.CHANNEL, "柜台", "counter"), ListValue(L.CHANNEL, "营业厅", "counter"), ListValue(L.CHANNEL, "热线", "hotline"),
            ListValue(L.CHANNEL, "客服热线", "hotline"), ListValue(L.CHANNEL, "工信部", "miit"),
            ListValue(L.CHANNEL, "消协", "consumers"), ListValue(L.CATEGORY, "资费", "fees"), ListValue(L.CATEGORY, "服务", "service"),
            ListValue(L.CATEGORY, "网络", "network"), ListValue(L.CATEGORY, ANY, "other"),
        ),
    ),
}  # fmt: skip
STANDING = Standing((Age(1), Age(3), Age(7), Age(15), Age(30)))
SUPPORT_RATING = Support(
    (
        Named("flow", "流程优化", "Smooth process"),
        Named("interface", "责任界面清晰", "Clear who does what"),
        Named("first_asker", "首问负责", "First asked, answerable"),
        Named("proactive", "主动支撑", "Help before being asked"),
    )
)
PENALTIES = Penalties(
    tuple(
        Measure(code, name, name_en, STAFF_RULES)
        for code, name, name_en in (
            ("warning", "警告", "Warning"),
            ("criticism", "通报批评", "Criticism before all"),
            ("training", "待岗培训", "Off post, in training"),
            ("pay", "经济处理", "On the pay"),
            ("dismissal", "解除劳动合同", "End of the contract"),
        )
    )
)
