"""The six sheets of the ledger and their columns, as data: what reading expects is what writing makes.

The headers and choice words are the ledger's own Chinese in every language of the screen: a file format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as data_field
from enum import Enum

from . import rows


class Kind(Enum):
    """How the text of a column is understood."""

    SERIAL = "serial"  # a running number for the eye, not read
    CODE = "code"  # a number that is a text: of a row, of a person, of a telephone
    TEXT = "text"
    NAME = "name"  # compared without any spaces
    PERSON = "person"
    PEOPLE = "people"
    CHOICE = "choice"
    DATE = "date"  # a month alone is its first day
    DEADLINE = "deadline"  # a month alone is its last day
    MONTH = "month"
    PERIOD = "period"
    PERCENT = "percent"
    WEIGHT = "weight"
    COUNT = "count"
    AREA = "area"  # square metres
    FUNDS = "funds"  # 10,000 yuan
    VALUE = "value"  # a number or a text, kept as written


@dataclass(frozen=True, eq=False)
class Column:
    """One column: its exact header, the field of the row it fills and how it is understood."""

    field: str
    header: str
    kind: Kind = Kind.TEXT
    required: bool = False
    limit: int = 200  # characters, what is kept
    width: int = 12
    choices: Mapping[str, str] = data_field(default_factory=dict)

    def word(self, code: str) -> str:
        """The ledger's word for one of our codes."""
        return next(word for word, own in self.choices.items() if own == code)


@dataclass(frozen=True, eq=False)
class Sheet:
    """One sheet: its name, what its rows become and where the ledger keeps them."""

    name: str
    row_type: type
    rows_field: str
    columns: tuple[Column, ...]
    title: str

    def column(self, field_name: str) -> Column:
        return next(column for column in self.columns if column.field == field_name)


TYPES = {
    "劳模创新工作室": "model_worker",
    "工匠创新工作室": "craftsman",
    "技能大师工作室": "skill_master",
    "职工创新工作室": "employee",
}
LEVELS = {"公司级": "company", "市级": "municipal", "省级": "provincial", "全国级": "national"}
SEXES = {"男": "male", "女": "female"}
ROLES = {"领衔人": "lead", "联络员": "liaison", "骨干": "core", "成员": "member", "顾问": "adviser"}
TOPIC_SOURCES = {
    "难点": "hard_point",
    "热点": "hot_point",
    "上级": "task_from_above",
    "建议": "suggestion",
    "揭榜": "open_bidding",
}
TOPIC_KINDS = {"技术": "technical", "管理": "management", "机制": "mechanism"}
HORIZONS = {"短期": "short", "中期": "medium", "长期": "long"}
TOPIC_STATES = {
    "立项": "registered",
    "进行中": "running",
    "暂停": "suspended",
    "结题": "closed",
    "终止": "terminated",
}
PLAN_LEVELS = {"年度": "year", "季度": "quarter", "月度": "month"}
ITEM_KINDS = {
    "攻关": "research",
    "学习": "study",
    "培训": "training",
    "活动": "activity",
    "管理": "management",
}
ITEM_STATES = {
    "未开始": "not_started",
    "进行中": "in_progress",
    "已完成": "done",
    "未完成": "undone",
    "顺延": "carried",
    "取消": "cancelled",
    "容错": "tolerated",
}


def _studio_name() -> Column:
    return Column("studio", "工作室名称", Kind.NAME, required=True, limit=100, width=26)


def _number() -> Column:
    return Column("number", "编号", Kind.CODE, required=True, limit=40, width=13)


STUDIOS = Sheet(
    "工作室台账",
    rows.StudioRow,
    "studios",
    (
        Column("serial", "序号", Kind.SERIAL, width=6),
        Column("name", "工作室名称", Kind.NAME, required=True, limit=100, width=26),
        Column("type", "类型", Kind.CHOICE, required=True, choices=TYPES, width=16),
        Column("unit", "所属单位", Kind.NAME, required=True, limit=100, width=16),
        Column("level", "级别", Kind.CHOICE, required=True, choices=LEVELS, width=8),
        Column("naming_document", "命名文号", limit=60, width=20),
        Column("named_on", "命名日期", Kind.DATE, width=13),
        Column("lead", "领衔人", Kind.PERSON, limit=60, width=10),
        Column("lead_honours", "领衔人荣誉", limit=300, width=22),
        Column("profession", "专业方向", limit=100, width=18),
        Column("address", "地址", width=26),
        Column("area", "面积(㎡)", Kind.AREA, width=9),
        Column("founded_on", "成立日期", Kind.DATE, width=13),
        Column("yearly_funds", "年度经费(万元)", Kind.FUNDS, width=14),
        Column("liaison", "联络员", Kind.PERSON, limit=60, width=10),
        Column("phone", "联系电话", Kind.CODE, limit=30, width=14),
        Column("note", "备注", limit=500, width=40),
    ),
    title="创新工作室台账",
)

MEMBERS = Sheet(
    "成员花名册",
    rows.MemberRow,
    "members",
    (
        Column("serial", "序号", Kind.SERIAL, width=6),
        _studio_name(),
        Column("name", "姓名", Kind.NAME, required=True, limit=60, width=10),
        Column("staff_number", "工号", Kind.CODE, limit=30, width=10),
        Column("sex", "性别", Kind.CHOICE, choices=SEXES, width=6),
        Column("born_on", "出生年月", Kind.MONTH, width=11),
        Column("education", "学历", limit=30, width=8),
        Column("post", "职务", limit=60),
        Column("title", "职称", limit=60),
        Column("skill_grade", "技能等级", limit=30, width=11),
        Column("trade", "工种", limit=60),
        Column("team", "所在班组", limit=100, width=18),
        Column("role", "工作室角色", Kind.CHOICE, required=True, choices=ROLES, width=11),
        Column("duty", "分工", width=14),
        Column("indicator", "所担指标", width=24),
        Column("joined_on", "加入日期", Kind.DATE, width=13),
        Column("left_on", "退出日期", Kind.DATE, width=13),
        Column("leaving_reason", "退出原因", width=24),
        Column("phone", "手机", Kind.CODE, limit=30, width=14),
    ),
    title="创新工作室成员花名册",
)

TOPICS = Sheet(
    "课题台账",
    rows.TopicRow,
    "topics",
    (
        _number(),
        _studio_name(),
        Column("name", "课题名称", required=True, width=34),
        Column("source", "来源", Kind.CHOICE, required=True, choices=TOPIC_SOURCES, width=8),
        Column("kind", "类别", Kind.CHOICE, required=True, choices=TOPIC_KINDS, width=8),
        Column("horizon", "周期", Kind.CHOICE, required=True, choices=HORIZONS, width=8),
        Column("baseline", "现状值", Kind.VALUE, limit=60, width=10),
        Column("target", "目标值", Kind.VALUE, limit=60, width=10),
        Column("measure", "单位", limit=30, width=9),
        Column("starts_on", "开始日期", Kind.DATE, width=13),
        Column("due_on", "计划完成", Kind.DEADLINE, width=13),
        Column("owner", "负责人", Kind.PERSON, limit=60, width=10),
        Column("participants", "参加人", Kind.PEOPLE, limit=300, width=34),
        Column("budget", "预算(万元)", Kind.FUNDS, width=12),
        Column("state", "状态", Kind.CHOICE, required=True, choices=TOPIC_STATES, width=8),
        Column("note", "备注", limit=500, width=34),
    ),
    title="创新工作室课题台账",
)

ITEMS = Sheet(
    "计划表",
    rows.ItemRow,
    "items",
    (
        _number(),
        Column("parent", "上级编号", Kind.CODE, limit=40, width=13),
        _studio_name(),
        Column("level", "层级", Kind.CHOICE, required=True, choices=PLAN_LEVELS, width=7),
        Column("period", "期间", Kind.PERIOD, required=True, width=15),
        Column("content", "计划内容", required=True, limit=300, width=44),
        Column("kind", "类别", Kind.CHOICE, required=True, choices=ITEM_KINDS, width=7),
        Column("topic", "关联课题", Kind.CODE, limit=40, width=13),
        Column("done_when", "完成标准", limit=300, width=28),
        Column("owner", "责任人", Kind.PERSON, limit=60, width=10),
        Column("helpers", "配合人", Kind.PEOPLE, limit=300, width=24),
        Column("starts_on", "开始日期", Kind.DATE, width=13),
        Column("due_on", "完成时限", Kind.DEADLINE, width=13),
        Column("weight", "权重", Kind.WEIGHT, width=7),
        Column("progress", "进度", Kind.PERCENT, width=8),
        Column("state", "完成情况", Kind.CHOICE, choices=ITEM_STATES, width=9),
        Column("done_on", "完成日期", Kind.DATE, width=13),
        Column("undone_reason", "未完成原因", limit=500, width=30),
        Column("carried_from", "顺延自", Kind.CODE, limit=40, width=13),
    ),
    title="创新工作室计划表",
)

ACTIVITIES = Sheet(
    "活动记录",
    rows.ActivityRow,
    "activities",
    (
        _number(),
        _studio_name(),
        Column("subject", "主题", required=True, width=30),
        Column("kind", "类别", limit=30, width=8),
        Column("held_on", "时间", Kind.DATE, required=True, width=13),
        Column("place", "地点", limit=100, width=18),
        Column("host", "主持人", Kind.PERSON, limit=60, width=10),
        Column("expected", "应到", Kind.COUNT, width=7),
        Column("present", "实到", Kind.COUNT, width=7),
        Column("on_leave", "请假", Kind.COUNT, width=7),
        Column("absent", "缺席", Kind.COUNT, width=7),
        Column("summary", "内容摘要", limit=20_000, width=60),
    ),
    title="创新工作室活动记录",
)

ACHIEVEMENTS = Sheet(
    "成果台账",
    rows.AchievementRow,
    "achievements",
    (
        _number(),
        _studio_name(),
        Column("name", "成果名称", required=True, width=34),
        Column("kind", "类型", limit=60, width=14),
        Column("topic", "关联课题", Kind.CODE, limit=40, width=13),
        Column("people", "完成人", Kind.PEOPLE, limit=300, width=34),
        Column("done_on", "完成日期", Kind.DATE, width=13),
        Column("used_by", "应用单位", width=18),
        Column("claimed", "自报效益(万元)", Kind.FUNDS, width=14),
        Column("verified", "核定效益(万元)", Kind.FUNDS, width=14),
        Column("certificate", "证书号", limit=100, width=20),
        Column("adopted_by", "推广单位", limit=300, width=24),
    ),
    title="创新工作室成果台账",
)

SHEETS = (STUDIOS, MEMBERS, TOPICS, ITEMS, ACTIVITIES, ACHIEVEMENTS)
