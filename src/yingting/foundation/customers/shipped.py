"""What is shipped of the rules of the customer file: segments, tags, notices, channels. Words in Chinese with their English."""

from __future__ import annotations

from yingting.foundation.customers.shapes import (
    ClassesRule,
    ContactRule,
    Level,
    NoticesRule,
    Purpose,
    RightsRule,
    Segment,
    TagKind,
    TagSort,
    TagsRule,
)
from yingting.kernel.shapes import Named

CLASSES = ClassesRule(
    segments=(
        Segment(
            "big", "大客户", "Big customers", "绿色通道，到厅即办", "按大客户协议价与专属优惠", "客户经理一对一，可上门办理",
            "Green channel, served on arrival", "Prices of the big-customer agreement", "One account manager, also on site",
        ),
        Segment(
            "important", "重要客户", "Important customers", "优先叫号", "重要客户保障优惠", "专人接待，全程跟踪",
            "Called first", "Conditions for vital services", "A named host who follows the matter through",
        ),
        Segment(
            "industry", "行业客户", "Industry customers", "行业窗口优先受理", "行业应用套餐优惠", "行业方案由客户经理说明",
            "First at the industry counter", "Prices of industry packages", "Industry solutions explained by the manager",
        ),
        Segment(
            "public", "公众客户", "Public customers", "按到厅次序，预约优先", "公开资费与在网优惠", "首问负责，一次办结",
            "In order of arrival, bookings first", "Published prices and loyalty offers", "Who is asked first sees it through",
        ),
        Segment(
            "business", "商业客户", "Business customers", "商客窗口优先受理", "商客套餐优惠", "开通与故障限时响应",
            "First at the business counter", "Prices of business packages", "Opening and faults within set times",
        ),
    ),
    for_people="public",
    for_companies="business",
    levels=(
        Level("gold", "金卡", "Gold", monthly_fen=20_000, tenure_months=24),
        Level("silver", "银卡", "Silver", monthly_fen=10_000, tenure_months=12),
        Level("frequent", "常到厅", "Frequent visitor", visits=7),
        Level("standard", "普通", "Standard"),
    ),
)  # fmt: skip

TAGS = TagsRule(
    tags=(
        TagKind("elderly", "老年客户", "Elderly", TagSort.NEED, is_shown=True),
        TagKind("disabled", "行动不便", "Limited mobility", TagSort.NEED, is_shown=True),
        TagKind("hearing", "听力不便，请书写沟通", "Hard of hearing: please write", TagSort.NEED, is_shown=True),
        TagKind("sight", "视力不便，请读给客户听", "Poor sight: please read aloud", TagSort.NEED, is_shown=True),
        TagKind("pregnant", "孕期", "Pregnant", TagSort.NEED, is_shown=True),
        TagKind("language", "需外语或手语协助", "Needs another language or sign language", TagSort.NEED, is_shown=True),
        TagKind("paper_bill", "偏好纸质账单", "Prefers paper bills"),
        TagKind("self_service", "愿用自助终端", "Likes self-service", is_shown=True),
        TagKind("app_user", "常用网厅、掌厅", "Uses the app or web hall"),
        TagKind("quiet", "不喜推荐", "Dislikes offers", is_shown=True),
        TagKind("mornings", "常上午来", "Comes in the morning"),
    )
)

_UNTIL = "至客户撤回同意，或按客户档案保存期限"
_UNTIL_EN = "Until withdrawn, or as long as the customer file is kept"
NOTICES = NoticesRule(
    purposes=(
        Purpose(
            "service_notice", "服务通知", "Service notices",
            "我们将使用您的姓名和手机号，向您发送与您办理的业务有关的通知，例如预约提醒、办理进度。不同意不影响您办理业务。",
            "We use your name and mobile number to tell you about your own business: reminders of bookings, progress. "
            "Without it you are served all the same.",
            _UNTIL, _UNTIL_EN,
        ),
        Purpose(
            "marketing", "营销推荐", "Offers",
            "我们将使用您的手机号和在用业务情况，向您推荐套餐和优惠。您可以随时撤回，撤回后我们不再联系推荐。",
            "We use your mobile number and what you have with us to suggest packages and offers. "
            "You may withdraw at any time; we then stop.",
            _UNTIL, _UNTIL_EN,
        ),
        Purpose(
            "care", "客户关怀", "Care",
            "我们将使用您的姓名、手机号和入网时间，在您入网不同阶段与您联系，了解使用情况并提供关怀服务。您可以随时撤回。",
            "We use your name, mobile number and how long you have been with us to get in touch from time to time "
            "and ask how things go. You may withdraw at any time.",
            _UNTIL, _UNTIL_EN,
        ),
        Purpose(
            "special_needs", "特殊服务需要", "Special needs",
            "为在您到厅时主动提供帮助，我们将记录您告知的特殊服务需要（如行动、听力、视力不便，孕期）。这属于敏感个人信息，"
            "只用于到厅服务，只有接待您的人员能看到；不提供不影响您办理业务，您可以随时撤回，撤回后立即清除。",
            "To help you unasked when you come, we note the special needs that you tell us (mobility, hearing, sight, "
            "pregnancy). This is sensitive personal data, used for your visits only and seen only by those who serve you. "
            "Without it you are served all the same; withdrawn, it is cleared at once.",
            "至客户撤回同意时立即清除", "Cleared at once when withdrawn", is_sensitive=True,
        ),
        Purpose(
            "photo", "照片公示（员工）", "Photo on the staff board",
            "您的照片、姓名与星级将在营业厅员工公布栏上向客户公示。不同意不影响您的考核与待遇，您可以随时撤回，撤回后照片立即撤下。",
            "Your photo, name and stars are shown to customers on the hall's staff board. Refusing has no effect on your "
            "assessment or pay; withdrawn, the photo is taken down at once.",
            "至本人撤回同意", "Until withdrawn", for_staff=True,
        ),
    )
)  # fmt: skip

CONTACT = ContactRule(
    channels=(
        Named("phone", "电话", "Phone"),
        Named("sms", "短信", "Text message"),
        Named("wechat", "微信", "WeChat"),
        Named("online", "在线客服", "Online service"),
        Named("visit", "上门", "On site"),
        Named("hall", "到厅", "In the hall"),
        Named("mail", "邮件或信函", "Mail"),
    ),
    topics=(
        Named("care", "关怀", "Care"),
        Named("offer", "业务推荐", "Offer"),
        Named("service", "业务办理", "Service"),
        Named("fault", "故障与投诉", "Fault or complaint"),
        Named("survey", "回访", "Follow-up"),
        Named("teaching", "自助教学", "Teaching self-service"),
    ),
    outcomes=(
        Named("reached", "已联系上", "Reached"),
        Named("no_answer", "未接听", "No answer"),
        Named("interested", "有意向", "Interested"),
        Named("declined", "谢绝", "Declined"),
        Named("wrong_number", "号码有误", "Wrong number"),
        Named("left_alone", "要求不再联系", "Asked not to be contacted"),
    ),
)

RIGHTS = RightsRule(
    proofs=(
        Named("document", "当面核对有效证件", "Identity document seen in person"),
        Named("code", "向登记号码发送验证码并核对", "Code sent to the registered number and told back"),
        Named("callback", "回拨登记号码核对登记信息", "Called back on the registered number"),
        Named("manager", "客户经理当面确认", "Known to the account manager in person"),
    )
)
