"""The register of laws and policies that every installation begins with.

Titles, numbers and days of public texts; what was not read in the original is to be checked by each province.
"""

from __future__ import annotations

import datetime as dt

from yingting.domains.cases.queries.shipped_processes import ORDER_35_SINCE, SAMR_20_SINCE
from yingting.domains.cases.rules.documents import Document, Documents

_MIIT, _SAMR, _COUNCIL = "工业和信息化部", "国家市场监督管理总局", "国务院"

DOCUMENTS = Documents(
    (
        Document(
            "order35", "电信用户申诉处理办法", "工业和信息化部令第35号", _MIIT, "", ORDER_35_SINCE,
            place="工业和信息化部网站，政策法规", says="企业应在15日内答复用户投诉；逾期未答复或用户不满意的，可以申诉。",
        ),
        Document(
            "order7", "电信用户申诉处理暂行办法", "信息产业部令第7号", "信息产业部", "", dt.date(2001, 1, 11),
            dt.date(2016, 7, 29), "order35", says="已由工业和信息化部令第35号取代，仅供查阅旧案。",
        ),
        Document(
            "samr20", "市场监督管理投诉举报处理暂行办法", "国家市场监督管理总局令第20号", _SAMR, "", SAMR_20_SINCE,
            place="国家市场监督管理总局网站，规章",
            says="收到投诉7个工作日内决定是否受理（第十四条）；受理之日起45个工作日内未达成协议的终止调解（第二十一条）。",
        ),
        Document(
            "telecom", "中华人民共和国电信条例", "国务院令第291号，2016年修订", _COUNCIL, "", dt.date(2016, 2, 6),
            says="障碍修复：城镇48小时、农村72小时（第三十二条）；缴清欠费后48小时内恢复服务（第三十四条）。",
        ),
        Document(
            "consumers", "中华人民共和国消费者权益保护法", "2013年修正", "全国人民代表大会常务委员会", "", dt.date(2014, 3, 15),
            says="有关行政部门应当自收到投诉之日起7个工作日内予以处理并告知消费者（第四十六条）。",
        ),
        Document(
            "henan", "河南省电信条例", "", "河南省人民代表大会常务委员会", "河南", dt.date(2020, 6, 4),
            says="接到投诉后5个工作日内答复（第三十八条）。河南各单位的流程应写成本省版本。",
        ),
        Document(
            "chongqing", "重庆市电信条例", "", "重庆市人民代表大会常务委员会", "重庆", dt.date(2018, 7, 26),
            says="投诉在15个工作日内办结（第二十条）。重庆各单位的流程应写成本市版本。",
        ),
        Document("prohibitions", "服务五条禁令", "", "集团公司", says="违反的立案调查，全员通报。"),
        Document("group", "客户申诉处理暂行办法", "", "集团公司", says="文号和生效日期由各公司补全。"),
    )
)  # fmt: skip
