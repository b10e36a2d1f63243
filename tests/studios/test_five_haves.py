"""五有 and 三定: what is lit, and why what is not."""

from dataclasses import replace
from decimal import Decimal

import pytest

from studios.five_haves import Facts, five_haves
from studios.three_fixings import FIXED, MISSING, PARTLY, three_fixings
from studios.three_fixings import Facts as Fixed

COMPLETE = Facts(
    has_lead=True,
    members=3,
    address="一厂三楼",
    area=Decimal(45),
    running_topics=1,
    funds=Decimal(5),
    rules_in_force=1,
)


def unlit(facts):
    return [(str(light.label), str(light.reason)) for light in five_haves(facts) if not light.lit]


def test_a_complete_studio_has_five_lights():
    assert [str(light.label) for light in five_haves(COMPLETE)] == [
        "有人员",
        "有阵地",
        "有课题",
        "有经费",
        "有制度",
    ]
    assert unlit(COMPLETE) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"has_lead": False}, ("有人员", "没有领衔人。")),
        ({"members": 2}, ("有人员", "只有 2 人，团队至少要有 3 人。")),
        ({"address": ""}, ("有阵地", "未填写地址。")),
        ({"area": None}, ("有阵地", "未填写面积。")),
        ({"address": "", "area": None}, ("有阵地", "未填写地址和面积。")),
        ({"running_topics": 0}, ("有课题", "没有进行中的课题。")),
        ({"funds": None}, ("有经费", "未填写年度经费，也没有本年预算。")),
        ({"funds": Decimal(0)}, ("有经费", "未填写年度经费，也没有本年预算。")),
        ({"rules_in_force": 0}, ("有制度", "没有生效的制度。")),
    ],
)
def test_an_unlit_light_says_why(change, reason):
    assert unlit(replace(COMPLETE, **change)) == [reason]


def test_a_budget_of_the_year_is_as_good_as_annual_funds():
    assert unlit(replace(COMPLETE, funds=None, budgeted=True)) == []


ALL_FIXED = Fixed(
    running_topics=2,
    vague_topics=0,
    periods_asked_for=3,
    without_plan=[],
    rules_asked_for=5,
    rules_missing=[],
)


def test_all_three_are_fixed():
    assert [(str(fixing.label), fixing.state, str(fixing.note)) for fixing in three_fixings(ALL_FIXED)] == [
        ("定课题", FIXED, "2 个课题进行中。"),
        ("定计划", FIXED, "年度、季度、月度计划齐全。"),
        ("定制度", FIXED, "五项基本制度均已制定。"),
    ]


@pytest.mark.parametrize(
    ("change", "place", "state", "note"),
    [
        ({"running_topics": 0}, 0, MISSING, "没有进行中的课题。"),
        ({"vague_topics": 1}, 0, PARTLY, "1 个课题缺少目标值、完成期限或负责人。"),
        ({"without_plan": ["2026年11月"]}, 1, PARTLY, "尚无计划：2026年11月"),
        ({"without_plan": ["甲", "乙", "丙"]}, 1, MISSING, "尚无计划：甲 · 乙 · 丙"),
        ({"rules_missing": ["请假"]}, 2, PARTLY, "尚未制定：请假"),
        ({"rules_missing": list("一二三四五")}, 2, MISSING, "尚未制定：一 · 二 · 三 · 四 · 五"),
    ],
)
def test_what_lacks_is_named(change, place, state, note):
    fixing = three_fixings(replace(ALL_FIXED, **change))[place]

    assert (fixing.state, str(fixing.note)) == (state, note)
