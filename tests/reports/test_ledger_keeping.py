"""A ledger goes around no confirmation: what a plan has promised stays, by name, and all else comes in."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from projects.confirming import confirm, submit
from projects.models import ChangeRequest, Plan, PlanItem
from projects.progress import find_drift
from reports.ledger.applying import apply, known, plan_import
from reports.ledger.reading import read
from reports.models import LedgerUpload
from tests.reports.ledgers import ROWS as SMALL
from tests.reports.ledgers import ledger

pytestmark = pytest.mark.django_db

ITEMS = "计划表"
#: The studios of the small ledger by other names than those of the cast.
STUDIO = "程立新劳模创新工作室"
OTHERS = {"陈立新劳模创新工作室": STUDIO, "赵国强工匠创新工作室": "肇国强工匠创新工作室"}
ROWS = {sheet: [[OTHERS.get(cell, cell) for cell in row] for row in rows] for sheet, rows in SMALL.items()}
NOW = datetime(2026, 3, 10, 3, tzinfo=UTC)
#: Rows of the file: the items of the year, the quarter, of January, February and March.
N1, J1, Y1, Y2, Y3 = range(4, 9)


def bring_in(changes=None, *, more=(), by=None):
    rows = {**ROWS, ITEMS: [*ROWS[ITEMS], *more]}
    return apply(plan_import(read(ledger(changes, rows=rows), **known())), by=by, at=NOW)


def new_row(number, period, **cells):
    """A row of the plan sheet as a union would type it."""
    columns = ["上级编号", "层级", "权重", "完成情况", "顺延自", "进度"]
    above, level, weight, state, carried_from, progress = (cells.get(name) for name in columns)
    return [
        *(number, above, STUDIO, level or "月度", period, "补充试验", "攻关", None, None, "林小雨", None),
        *(None, None, weight, progress, state, None, None, carried_from),
    ]


@pytest.fixture
def promised(cast):
    """The ledger is in; March and the first quarter are handed in and confirmed."""
    bring_in()
    for period in ("2026-03", "2026-Q1"):
        plan = Plan.objects.get(studio__name=STUDIO, period=period)
        submit(plan, by=cast.chen, at=NOW)
        confirm(plan, by=cast.li, at=NOW)


def item(number):
    return PlanItem.objects.select_related("plan", "parent", "owner").get(no=number)


def warned(plan):
    return [(fault.row, fault.column, fault.message) for fault in plan.faults if fault.sheet == ITEMS]


WHY = "2026年3月的计划已经确认，仍为“{}”。请在计划项Y3的页面上申请变更。"


@pytest.mark.parametrize(
    ("column", "typed", "stays"),
    [
        ("责任人", "王芳", "林小雨"),
        ("完成时限", "2026-03-31", "2026-03-20"),
        ("权重", 5, "1"),
        ("上级编号", None, "J1"),
        ("完成情况", "取消", "进行中"),
    ],
)
def test_what_the_confirmation_binds_stays_as_it_is_and_is_named(promised, column, typed, stays):
    plan = bring_in({(ITEMS, Y3, column): typed})

    assert warned(plan) == [(Y3, column, WHY.format(stays))]
    assert plan.touched == []
    row = item("Y3")
    assert (row.owner.name, row.due_on, row.weight, row.parent.no, row.state, row.version) == (
        "林小雨",
        date(2026, 3, 20),
        Decimal(1),
        "J1",
        "in_progress",
        1,
    )


def test_the_rest_of_the_row_and_every_other_row_comes_in(promised):
    plan = bring_in(
        {
            (ITEMS, Y3, "权重"): 0.1,
            (ITEMS, Y3, "进度"): 80,
            (ITEMS, Y3, "计划内容"): "试验报告（定稿）",
            (ITEMS, Y1, "完成时限"): "2026-01-31",
            ("成员花名册", 5, "职称"): "高级工程师",
        }
    )

    assert [(row.key, change.column, change.new) for row in plan.touched for change in row.changes] == [
        (f"林小雨 · {STUDIO}", "职称", "高级工程师"),
        ("Y1", "完成时限", "2026-01-31"),
        ("Y3", "计划内容", "试验报告（定稿）"),
        ("Y3", "进度", "80%"),
    ]
    assert (item("Y3").percent, item("Y3").weight) == (80, 1)
    assert Plan.objects.get(studio__name=STUDIO, period="2026-03").progress == Decimal("0.8")
    assert list(find_drift()) == []


def test_a_confirmed_item_does_not_leave_its_plan_through_the_ledger(promised):
    plan = bring_in({(ITEMS, Y3, "期间"): "2026年4月", (ITEMS, Y3, "上级编号"): None})

    assert [column for _row, column, _message in warned(plan)] == ["上级编号", "期间"]
    assert item("Y3").plan.period == "2026-03"


def test_what_stays_leaves_the_row_in_order(promised):
    """The new start lies after the due day that stays."""
    plan = bring_in({(ITEMS, Y3, "开始日期"): "2026-03-25", (ITEMS, Y3, "完成时限"): "2026-03-31"})

    assert [column for _row, column, _message in warned(plan)] == ["完成时限", "开始日期"]
    assert (item("Y3").starts_on, item("Y3").due_on) == (date(2026, 3, 2), date(2026, 3, 20))


@pytest.mark.parametrize("typed", ["林小雨", "王芳"])
def test_what_the_item_serves_need_not_be_listed_again(promised, typed):
    """A file of the month alone, sent back by the studio; what hangs above is not in it."""
    row = [*ROWS[ITEMS][4]]
    row[1], row[9], row[14], row[18] = None, typed, 90, None
    file = ledger(rows={**ROWS, ITEMS: [row]})
    plan = apply(plan_import(read(file, **known())), by=None, at=NOW)

    assert plan.is_possible
    assert (item("Y3").parent.no, item("Y3").percent, item("Y3").owner.name) == ("J1", 90, "林小雨")


def test_nothing_is_carried_into_another_quarter_and_its_rest_waits_outside(promised):
    carried = {(ITEMS, Y3, "完成情况"): "顺延"}
    rest = new_row("Y4", "2026年4月", 顺延自="Y3", 上级编号="J2")
    above = new_row("J2", "2026年第2季度", 层级="季度", 上级编号="N1")
    onward = new_row("Y5", "2026年5月", 顺延自="Y4")
    plan = bring_in(carried, more=[above, rest, onward])

    assert warned(plan)[-3:] == [
        (Y3, "完成情况", WHY.format("进行中")),
        (10, "顺延自", "不导入本行：计划项Y3的变更批准之前，它照原样继续。"),
        (11, "顺延自", "不导入本行：计划项Y4的变更批准之前，它照原样继续。"),
    ]
    assert [row.key for row in plan.touched] == ["J2"]
    assert item("Y3").state == "in_progress"
    assert not PlanItem.objects.filter(no__in=["Y4", "Y5"]).exists()


@pytest.mark.parametrize(("weight", "stands"), [(1, "carried"), (0.5, "carried"), (0.4, "in_progress")])
def test_within_the_quarter_the_ledger_carries_over_as_long_as_nothing_is_lost(cast, weight, stands):
    """February stands at 20 of 100 per cent; the rest in March weighs as much as is left, or less."""
    february = {(ITEMS, Y2, "完成情况"): "进行中", (ITEMS, Y3, "顺延自"): None}
    bring_in(february)
    plan = Plan.objects.get(studio__name=STUDIO, period="2026-02")
    submit(plan, by=cast.chen, at=NOW)
    confirm(plan, by=cast.li, at=NOW)

    bring_in(
        {(ITEMS, Y2, "进度"): 50, (ITEMS, Y3, "顺延自"): None},
        more=[new_row("Y9", "2026年3月", 顺延自="Y2", 上级编号="J1", 权重=weight)],
    )

    assert item("Y2").state == stands
    assert PlanItem.objects.filter(no="Y9").exists() == (stands == "carried")


def test_nothing_is_tolerated_by_the_ledger_wherever_it_stands(promised):
    """January was never confirmed; a failure there has no lesson either."""
    plan = bring_in({(ITEMS, Y1, "完成情况"): "容错", (ITEMS, Y3, "完成情况"): "容错"})

    assert [(row, column) for row, column, _message in warned(plan)] == [(Y1, "完成情况"), (Y3, "完成情况")]
    assert warned(plan)[0][2] == "失败由工会凭经验总结容错，仍为“已完成”。请在计划项Y1的页面上写下经验。"
    assert (item("Y1").state, item("Y3").state) == ("done", "in_progress")
    assert plan.touched == []


def test_a_ledger_of_the_past_comes_with_what_was_tolerated_and_cancelled_in_it(promised):
    bring_in(
        more=[
            new_row("Y7", "2026年1月", 完成情况="容错", 进度=30),
            new_row("Y8", "2026年3月", 完成情况="取消"),
        ]
    )

    assert (item("Y7").state, item("Y8").state) == ("tolerated", "cancelled")


def test_what_is_not_confirmed_is_corrected_by_the_ledger_as_ever(promised):
    plan = bring_in(
        {(ITEMS, Y1, "权重"): 2, (ITEMS, Y1, "责任人"): "林小雨", (ITEMS, Y1, "完成情况"): "取消"}
    )

    assert warned(plan) == []
    assert (item("Y1").weight, item("Y1").owner.name, item("Y1").state) == (2, "林小雨", "cancelled")


def test_the_same_ledger_again_says_the_same_and_changes_nothing(promised):
    changes = {(ITEMS, Y3, "权重"): 5, (ITEMS, Y3, "进度"): 70}
    first, second = bring_in(changes), bring_in(changes)

    assert warned(first) == warned(second) == [(Y3, "权重", WHY.format("1"))]
    assert (len(first.touched), second.touched) == (1, [])
    assert not ChangeRequest.objects.exists()


def test_the_check_page_names_what_stays_before_anything_is_imported(
    promised, cast, sign_in, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    page = sign_in(cast.li)
    file = SimpleUploadedFile(
        "台账.xlsx", ledger({(ITEMS, Y3, "权重"): 5, (ITEMS, Y3, "进度"): 70}, rows=ROWS)
    )
    page.post(reverse("ledger"), {"file": file})

    shown = page.get(LedgerUpload.objects.get().get_absolute_url())

    assert WHY.format("1") in shown.content.decode()
    assert [change.column for _row, change in shown.context["changes"].object_list] == ["进度"]
    assert shown.context["plan"].is_possible


def test_what_stays_is_found_in_as_many_queries_for_more_rows(promised, django_assert_num_queries):
    heavier = [[*row[:13], 9, *row[14:]] for row in ROWS[ITEMS]]
    for at in ([2, 4], [0, 1, 2, 3, 4]):
        items = [heavier[place] if place in at else row for place, row in enumerate(ROWS[ITEMS])]
        changed = read(ledger(rows={**ROWS, ITEMS: items}), **known())
        with django_assert_num_queries(14):
            kept = plan_import(changed).faults
        # Of the five items that of the quarter and that of March are confirmed.
        assert len([fault for fault in kept if fault.column == "权重"]) == len([x for x in at if x in (1, 4)])
