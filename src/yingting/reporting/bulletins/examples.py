"""An example of a document with something in every field: templates are tried on it."""

from __future__ import annotations

from yingting.reporting.bulletins.contracts import Document, DutyLine, Head, Line, Mark, RankLine, ShortLine

EXAMPLE = Document(
    title="广州2026年1月服务短板通报",
    reference="服通〔2026〕1号",
    kind="服务短板通报",
    unit="广州",
    period="2026年1月",
    date="2026年2月2日",
    corrects="服通〔2025〕9号",
    opening="2026年1月，广州所辖2个单位的服务指标与短板通报如下。",
    closing="请各单位于2026年2月17日前完成整改。",
    heads=(Head("等候达标率", "服务管理部", "share"), Head("平均等候时长", "服务管理部", "seconds")),
    lines=(
        Line("天河路营业厅", (Mark("83.2 %", "●", "达到目标", "+1.0 点", 900, 0.832, 0.8, 0.822),
                              Mark("7.2 分钟", "★", "达到挑战值", "−0.3 分钟", 900, 432.0, 600.0, 450.0))),
        Line("体育西营业厅", (Mark("71.0 %", "▲", "未达目标", "", 600, 0.71, 0.8, None),
                              Mark("未评", "", "未评", "", 12, None, 600.0, None))),
    ),
    ranked_by="等候达标率",
    ranks=(RankLine("第 1 档", "1–2", "天河路营业厅", "83.2 %", "80.1 % – 86.0 %", "900", "难分高下"),),
    unrated=("体育西营业厅（n = 12，样本太少）",),
    shorts=(ShortLine(1, "体育西营业厅", "等候达标率", "71.0 %", "80.0 %", "600", "午间台席不足", "/boards/rows/"),),
    duties=(DutyLine(1, "体育西营业厅 等候达标率", "增开午间台席", "体育西营业厅厅经理", "2026年2月17日"),),
    notes=("变化与2025年12月相比。",),
    quoted=("H01-20260105-001：核实环节超时 2 小时，当时处理人 赵敏 1201",),
)  # fmt: skip
