"""A ledger as people keep it is understood; what does not fit is named by sheet, row and column."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from reports.ledger.reading import read
from tests.reports.ledgers import FIRST, QILING, ROWS, ledger, needs_qiling, place

STUDIOS, MEMBERS, TOPICS, ITEMS = "工作室台账", "成员花名册", "课题台账", "计划表"
ACTIVITIES, ACHIEVEMENTS = "活动记录", "成果台账"


def faults(data: bytes) -> list[tuple]:
    return [(fault.sheet, fault.row, fault.column, fault.message) for fault in read(data).faults]


def test_a_whole_ledger_is_understood_without_a_fault():
    found = read(ledger())

    assert found.faults == ()
    assert found.group == "青川机械集团"
    counts = [
        len(rows)
        for rows in (
            found.studios,
            found.members,
            found.topics,
            found.items,
            found.activities,
            found.achievements,
        )
    ]
    assert counts == [2, 6, 1, 5, 1, 1]


def test_every_field_of_a_studio_is_read():
    studio = read(ledger()).studios[0]

    assert (studio.name, studio.type, studio.unit, studio.level) == (
        "陈立新劳模创新工作室",
        "model_worker",
        "一厂",
        "provincial",
    )
    assert (studio.naming_document, studio.named_on) == ("青工发〔2024〕3号", date(2024, 3, 15))
    assert (studio.lead, studio.lead_honours, studio.liaison) == ("陈立新", "省劳动模范", "林小雨")
    assert (studio.area, studio.founded_on, studio.yearly_funds) == (
        Decimal(45),
        date(2023, 5, 1),
        Decimal("3.5"),
    )
    assert (studio.phone, studio.row) == ("13900000001", 4)


def test_every_field_of_an_item_is_read():
    item = read(ledger()).items[2]

    assert (item.number, item.parent, item.level, item.period) == ("Y1", "J1", "month", "2026-01")
    assert (item.kind, item.topic, item.owner, item.helpers) == (
        "research",
        "KT-1",
        "王芳",
        ("林小雨", "陈立新"),
    )
    assert (item.starts_on, item.due_on, item.done_on) == (
        date(2026, 1, 5),
        date(2026, 1, 30),
        date(2026, 1, 28),
    )
    assert (item.weight, item.progress, item.state) == (Decimal(1), Decimal(100), "done")


def test_a_deadline_by_month_is_its_last_day_and_an_empty_weight_is_one():
    item = read(ledger()).items[3]

    assert (item.due_on, item.weight, item.state) == (date(2026, 2, 28), Decimal(1), "carried")


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("2024.3", date(2024, 3, 1)),
        ("2024.03.15", date(2024, 3, 15)),
        ("2024/3/15", date(2024, 3, 15)),
        (" 2024-03-15　", date(2024, 3, 15)),
        ("2024年3月", date(2024, 3, 1)),
        ("2024年3月15日", date(2024, 3, 15)),
        ("２０２４年３月１５日", date(2024, 3, 15)),
        ("2024 年 3 月 15 日", date(2024, 3, 15)),
        ("2024-03-15 14:30", date(2024, 3, 15)),
        ("2024年3月15日上午9时", date(2024, 3, 15)),
        ("20240315", date(2024, 3, 15)),
        (45366, date(2024, 3, 15)),
        ("45366", date(2024, 3, 15)),
        (45366.5, date(2024, 3, 15)),
        (2024.3, date(2024, 3, 1)),
        (2024.12, date(2024, 12, 1)),
        (date(2024, 3, 15), date(2024, 3, 15)),
    ],
)
def test_dates_are_understood_in_every_form(written, understood):
    data = ledger({(STUDIOS, FIRST, "命名日期"): written})

    assert read(data).studios[0].named_on == understood
    assert faults(data) == []


@pytest.mark.parametrize(
    "written",
    [
        "2026-02-30",
        "2026.13",
        "2026年2月29日",
        "2026/4/31",
        "昨天",
        "2026",
        2026,
        12.5,
        "1826-01-01",
        "24.3.5",
    ],
)
def test_dates_that_are_none_are_faults(written):
    found = read(ledger({(ITEMS, FIRST, "开始日期"): written}))

    assert [(fault.sheet, fault.row, fault.column) for fault in found.errors] == [(ITEMS, 4, "开始日期")]


def test_a_workbook_that_counts_days_from_1904_is_read():
    def count_from_1904(workbook):
        workbook.epoch = CALENDAR_MAC_1904

    data = ledger({(STUDIOS, FIRST, "命名日期"): 45366 - 1462}, edit=count_from_1904)

    assert read(data).studios[0].named_on == date(2024, 3, 15)


@pytest.mark.parametrize(
    ("written", "number_format", "understood"),
    [
        (80, "General", "80"),
        ("80%", "General", "80"),
        ("80％", "General", "80"),
        ("８０", "General", "80"),
        ("80.0", "General", "80"),
        (0.8, "0%", "80"),
        (0.57, "0.00%", "57"),
        (0.8, "General", "0.8"),
        (1, "0%", "100"),
        (0, "General", "0"),
    ],
)
def test_progress_is_understood_in_every_form(written, number_format, understood):
    where = (ITEMS, FIRST, "进度")
    found = read(ledger({where: written}, formats={where: number_format}))

    assert found.items[0].progress == Decimal(understood)


@pytest.mark.parametrize("written", [120, "120%", -1, "八成", 1.2, "80元"])
def test_progress_outside_of_0_to_100_is_a_fault(written):
    where = (ITEMS, FIRST, "进度")
    data = ledger({where: written}, formats={where: "0%" if written == 1.2 else "General"})

    assert [(fault.row, fault.column) for fault in read(data).errors] == [(4, "进度")]


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        (3.5, "3.5"),
        ("3.5万", "3.5"),
        ("3.5 万元", "3.5"),
        ("35000元", "3.5"),
        ("１２．５万元", "12.5"),
        ("1,200.5", "1200.5"),
        ("0.2亿元", "2000"),
    ],
)
def test_amounts_are_understood_with_their_unit(written, understood):
    found = read(ledger({(STUDIOS, FIRST, "年度经费(万元)"): written}))

    assert found.studios[0].yearly_funds == Decimal(understood)


def test_counts_and_areas_are_understood_with_their_unit():
    changes = {(STUDIOS, FIRST, "面积(㎡)"): "28.5平方米", (ACTIVITIES, FIRST, "实到"): "７ 人"}
    found = read(ledger(changes))

    assert (found.studios[0].area, found.activities[0].present) == (Decimal("28.5"), 7)


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("王芳、林小雨", ("王芳", "林小雨")),
        ("王芳,林小雨，陈立新", ("王芳", "林小雨", "陈立新")),
        ("王芳；林小雨;陈立新", ("王芳", "林小雨", "陈立新")),
        ("林小雨 陈立新", ("林小雨", "陈立新")),
        ("林小雨　王 芳", ("林小雨", "王芳")),
        ("王　芳", ("王芳",)),
        ("王 芳 林 小 雨", ("王芳", "林小雨")),
        ("欧阳 娜娜", ("欧阳", "娜娜")),
        ("王芳、王芳", ("王芳",)),
    ],
)
def test_people_in_one_cell_are_told_apart(written, understood):
    found = read(ledger({(TOPICS, FIRST, "参加人"): written}))

    assert found.topics[0].participants == understood


def test_the_roster_decides_whether_a_space_parts_two_people():
    changes = {(MEMBERS, FIRST + 2, "姓名"): "欧阳娜娜", (TOPICS, FIRST, "参加人"): "欧阳 娜娜 林小雨"}

    assert read(ledger(changes)).topics[0].participants == ("欧阳娜娜", "林小雨")


def test_several_people_responsible_are_an_owner_and_helpers_with_a_warning():
    found = read(ledger({(ITEMS, FIRST, "责任人"): "陈立新、林小雨"}))

    assert (found.items[0].owner, found.items[0].helpers) == ("陈立新", ("林小雨", "王芳"))
    assert [(fault.severity, fault.row, fault.column) for fault in found.faults] == [("warning", 4, "责任人")]


def test_staff_numbers_stay_text_and_a_telephone_is_no_number():
    found = read(ledger({(MEMBERS, FIRST + 1, "工号"): 22176, (MEMBERS, FIRST, "手机"): 1.3900004593e10}))

    assert [row.staff_number for row in found.members[:2]] == ["0000101", "22176"]
    assert found.members[0].phone == "13900004593"


@pytest.mark.parametrize(
    ("level", "written", "understood"),
    [
        ("年度", "2026年度", "2026"),
        ("年度", 2026, "2026"),
        ("季度", "2026年三季度", "2026-Q3"),
        ("季度", "2026Q3", "2026-Q3"),
        ("季度", "2026 年 第 ３ 季度", "2026-Q3"),
        ("月度", "2026年09月", "2026-09"),
        ("月度", "2026-9", "2026-09"),
        ("月度", "2026.9", "2026-09"),
        ("月度", date(2026, 9, 1), "2026-09"),
    ],
)
def test_periods_are_understood_in_sensible_forms(level, written, understood):
    changes = {
        (ITEMS, FIRST, "上级编号"): None,
        (ITEMS, FIRST, "层级"): level,
        (ITEMS, FIRST, "期间"): written,
        (ITEMS, FIRST + 1, "上级编号"): None,
    }
    found = read(ledger(changes))

    assert (found.items[0].period, found.errors) == (understood, ())


def test_a_unit_merged_downwards_counts_for_every_row():
    def merge(workbook):
        page = workbook[STUDIOS]
        column = place(STUDIOS, "所属单位")
        page.cell(FIRST + 1, column).value = None
        page.merge_cells(start_row=FIRST, end_row=FIRST + 1, start_column=column, end_column=column)

    assert [row.unit for row in read(ledger(edit=merge)).studios] == ["一厂", "一厂"]


def test_an_empty_unit_that_is_not_merged_is_a_fault():
    assert faults(ledger({(STUDIOS, FIRST + 1, "所属单位"): None})) == [
        (STUDIOS, 5, "所属单位", "此处不能为空。")
    ]


def test_columns_may_stand_in_another_order_and_headers_hold_breaks():
    def rearrange(workbook):
        page = workbook[TOPICS]
        rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=3, max_row=FIRST)]
        for number, values in enumerate(rows, start=3):
            for at, value in enumerate(reversed(values), start=1):
                page.cell(number, at).value = value
        last = len(rows[0])
        page.cell(3, last).value = " 编\n号 "
        page.title = "课题台账 "

    assert read(ledger(edit=rearrange)) == read(ledger())


def test_rows_between_and_below_that_are_no_data_are_passed_over():
    def scatter(workbook):
        page = workbook[ITEMS]
        page.insert_rows(FIRST + 2, 3)
        page.cell(FIRST + 3, 1).value = "　"
        page.append([])
        page.append(["注：本表由工会填写"])

    found = read(ledger(edit=scatter))

    assert len(found.items) == 5
    assert found.items[2].row == FIRST + 5
    assert [(fault.sheet, fault.row) for fault in found.faults] == [(ITEMS, 15)]


def test_sheets_two_to_six_may_be_missing():
    data = ledger(without=[MEMBERS, TOPICS, ITEMS, ACTIVITIES, ACHIEVEMENTS])

    assert (len(read(data).studios), read(data).errors) == (2, ())
    assert faults(data) == [
        (STUDIOS, 4, "领衔人", "没有本工作室的花名册，未将陈立新记为领衔人。"),
        (STUDIOS, 5, "领衔人", "没有本工作室的花名册，未将赵国强记为领衔人。"),
    ]


def test_without_the_sheet_of_topics_the_references_to_them_are_left_out_with_a_warning():
    found = read(ledger(without=[TOPICS]))

    assert {row.topic for row in (*found.items, *found.achievements)} == {""}
    assert [
        (fault.severity, fault.sheet, fault.row, fault.column, fault.message) for fault in found.faults
    ] == [
        ("warning", ITEMS, None, "关联课题", "没有课题台账，3 处关联课题未导入。"),
        ("warning", ACHIEVEMENTS, None, "关联课题", "没有课题台账，1 处关联课题未导入。"),
    ]


def test_a_missing_register_and_a_missing_column_are_faults():
    def take_out(workbook):
        workbook[ITEMS].delete_cols(place(ITEMS, "权重"))
        workbook.remove(workbook[STUDIOS])

    found = faults(ledger(edit=take_out))

    assert (STUDIOS, None, None, "缺少此工作表。") in found
    assert (ITEMS, 3, "权重", "缺少此列。") in found


def test_sheets_and_columns_that_do_not_belong_are_named_and_passed_over():
    def add(workbook):
        workbook.create_sheet("通讯录").append(["张三"])
        workbook[TOPICS].cell(3, 17).value = "领导批示"

    found = read(ledger(edit=add))

    assert [(fault.severity, fault.sheet, fault.column) for fault in found.faults] == [
        ("warning", TOPICS, "领导批示"),
        ("warning", "通讯录", None),
    ]


def test_text_that_begins_like_a_formula_is_text_and_a_formula_is_a_fault():
    def write(workbook):
        cell = workbook[TOPICS].cell(FIRST, place(TOPICS, "备注"))
        cell.value = "=1+1"
        cell.data_type = "s"
        workbook[ITEMS].cell(FIRST, place(ITEMS, "进度")).value = "=SUM(1,2)"
        workbook[ITEMS].cell(FIRST, place(ITEMS, "计划内容")).value = '=HYPERLINK("http://a","b")'

    found = read(
        ledger({(TOPICS, FIRST, "课题名称"): "+降低\n返修率", (TOPICS, FIRST, "单位"): "@"}, edit=write)
    )

    assert (found.topics[0].note, found.topics[0].name, found.topics[0].measure) == (
        "=1+1",
        "+降低\n返修率",
        "@",
    )
    assert [(fault.row, fault.column, fault.message) for fault in found.errors] == [
        (4, "计划内容", "此处是公式，请改为数值或文字。"),
        (4, "进度", "此处是公式，请改为数值或文字。"),
    ]


def test_emoji_and_rare_characters_are_kept():
    found = read(ledger({(TOPICS, FIRST, "备注"): "𠮷野家 👍 完成"}))

    assert found.topics[0].note == "𠮷野家 👍 完成"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({(ITEMS, 8, "编号"): "Y1"}, [(ITEMS, 8, "编号", "编号Y1与第6行重复。")]),
        (
            {(ACTIVITIES, 4, "工作室名称"): "无名工作室"},
            [(ACTIVITIES, 4, "工作室名称", "没有名为“无名工作室”的工作室。")],
        ),
        ({(ACHIEVEMENTS, 4, "关联课题"): "KT-9"}, [(ACHIEVEMENTS, 4, "关联课题", "没有编号为KT-9的课题。")]),
        ({(ITEMS, 8, "上级编号"): "J9"}, [(ITEMS, 8, "上级编号", "没有编号为J9的计划项。")]),
        (
            {(ITEMS, 8, "上级编号"): "N1"},
            [(ITEMS, 8, "上级编号", "月度项只能挂在季度项下，季度项只能挂在年度项下。")],
        ),
        ({(ITEMS, 8, "期间"): "2026年4月"}, [(ITEMS, 8, "上级编号", "计划项J1不属于同一时段。")]),
        ({(ITEMS, 8, "期间"): "2026年第1季度"}, [(ITEMS, 8, "期间", "期间与层级“月度”不符。")]),
        ({(ITEMS, 8, "顺延自"): "Y9"}, [(ITEMS, 8, "顺延自", "没有编号为Y9的计划项。")]),
        (
            {(ITEMS, 7, "上级编号"): "J1", (ITEMS, 7, "完成时限"): "2026-01-01"},
            [(ITEMS, 7, "完成时限", "完成时限早于开始日期。")],
        ),
        ({(ITEMS, 4, "权重"): 0}, [(ITEMS, 4, "权重", "权重必须大于0，不能是0。")]),
        (
            {(ITEMS, 4, "类别"): "开会"},
            [(ITEMS, 4, "类别", "“开会”不在可选项之内：攻关 / 学习 / 培训 / 活动 / 管理。")],
        ),
        ({(MEMBERS, 5, "工号"): "0000101"}, [(MEMBERS, 5, "工号", "工号0000101在第4行属于陈立新。")]),
        (
            {(MEMBERS, 6, "工作室角色"): "领衔人"},
            [(MEMBERS, 6, "工作室角色", "本工作室在第4行已有领衔人陈立新。")],
        ),
        ({(STUDIOS, 4, "领衔人"): "王芳"}, [(STUDIOS, 4, "领衔人", "花名册第4行的领衔人是陈立新。")]),
        ({(MEMBERS, 9, "退出日期"): "2023-01-01"}, [(MEMBERS, 9, "退出日期", "退出日期早于加入日期。")]),
        ({(ACTIVITIES, 4, "实到"): "若干"}, [(ACTIVITIES, 4, "实到", "“若干”不是数字。")]),
    ],
)
def test_what_does_not_fit_is_named(changes, expected):
    assert faults(ledger(changes)) == expected


def test_a_studio_that_is_listed_twice_is_named_and_so_is_what_refers_to_the_other():
    found = faults(ledger({(STUDIOS, 5, "工作室名称"): "陈立新 劳模创新工作室"}))

    assert (STUDIOS, 5, "工作室名称", "此工作室重复，第4行已有。") in found
    hanging = "没有名为“赵国强工匠创新工作室”的工作室，涉及3行：成员花名册 3。"
    assert (MEMBERS, 7, "工作室名称", hanging) in found


def test_a_ring_of_parents_is_named_on_every_row_of_it():
    found = faults(ledger({(ITEMS, 4, "上级编号"): "J1"}))

    assert found == [
        (ITEMS, 4, "上级编号", "上级编号互相指向，形成循环。"),
        (ITEMS, 5, "上级编号", "上级编号互相指向，形成循环。"),
    ]


def test_a_ring_of_carried_items_is_named():
    found = faults(ledger({(ITEMS, 7, "顺延自"): "Y3"}))

    assert [fault[1:3] for fault in found] == [(7, "顺延自"), (8, "顺延自")]


def test_an_item_above_itself_is_a_ring():
    assert faults(ledger({(ITEMS, 5, "上级编号"): "J1"})) == [
        (ITEMS, 5, "上级编号", "上级编号互相指向，形成循环。")
    ]


def test_all_faults_come_at_once_in_the_order_of_the_file():
    changes = {
        (STUDIOS, 4, "类型"): "实验室",
        (MEMBERS, 6, "出生年月"): "不详",
        (TOPICS, 4, "状态"): None,
        (ITEMS, 4, "进度"): 120,
        (ITEMS, 6, "完成日期"): "2026年2月30日",
        (ACTIVITIES, 4, "工作室名称"): "无",
        (ACHIEVEMENTS, 4, "自报效益(万元)"): "3.5kg",
    }

    assert [fault[:3] for fault in faults(ledger(changes))] == list(changes)


def test_one_broken_cell_brings_no_faults_elsewhere():
    assert [fault[:3] for fault in faults(ledger({(ITEMS, 5, "层级"): "旬"}))] == [(ITEMS, 5, "层级")]
    assert [fault[:3] for fault in faults(ledger({(TOPICS, 4, "来源"): "其他"}))] == [(TOPICS, 4, "来源")]


def test_a_studio_misnamed_in_the_register_is_one_fault_with_the_rows_that_hang_on_it():
    found = faults(ledger({(STUDIOS, 4, "工作室名称"): "陈力新劳模创新工作室"}))

    assert found == [
        (
            MEMBERS,
            4,
            "工作室名称",
            "没有名为“陈立新劳模创新工作室”的工作室，"
            "涉及11行：成员花名册 3、课题台账 1、计划表 5、活动记录 1、成果台账 1。"
            "工作室台账第4行是“陈力新劳模创新工作室”，是否为同一工作室？",
        )
    ]


def test_a_studio_misnamed_in_a_row_is_one_fault_and_nobody_is_missed_because_of_it():
    changes = {
        (MEMBERS, 4, "工作室名称"): "陈力新劳模创新工作室",
        (ITEMS, 4, "工作室名称"): "陈力新劳模创新工作室",
    }

    assert [fault[:3] for fault in faults(ledger(changes))] == [(MEMBERS, 4, "工作室名称")]


def test_an_owner_who_is_not_on_the_roster_is_a_warning():
    found = read(ledger({(ITEMS, 4, "责任人"): "汤萍"}))

    assert found.errors == ()
    assert [(fault.row, fault.column, fault.message) for fault in found.warnings] == [
        (4, "责任人", "汤萍不在本工作室的花名册中。")
    ]


def test_studios_and_topics_that_are_known_already_may_be_referred_to():
    data = ledger({(ITEMS, 4, "关联课题"): "KT-0", (ACTIVITIES, 4, "工作室名称"): "老工作室"})

    assert read(data, known_studios=["老工作室"], known_topics=["KT-0"]).faults == ()


def test_faults_are_told_in_the_language_of_the_reader():
    with translation.override("en"):
        found = read(ledger({(ITEMS, 4, "进度"): 120}))

    assert found.faults[0].message == "120 does not lie between 0 and 100."


def test_too_long_a_text_is_a_fault():
    assert faults(ledger({(ITEMS, 4, "计划内容"): "长" * 301})) == [
        (ITEMS, 4, "计划内容", "文字有301个字，最多300个字。")
    ]


def test_the_rows_of_the_builder_have_as_many_cells_as_the_sheets_have_columns():
    assert {sheet: {len(row) for row in rows} for sheet, rows in ROWS.items()} == {
        STUDIOS: {17},
        MEMBERS: {19},
        TOPICS: {16},
        ITEMS: {19},
        ACTIVITIES: {12},
        ACHIEVEMENTS: {12},
    }


@needs_qiling
def test_the_large_ledger_is_read_whole_with_three_owners_nobody_knows():
    found = read(QILING)

    assert found.errors == ()
    assert [(fault.sheet, fault.row, fault.column) for fault in found.warnings] == [
        (ITEMS, 121, "责任人"),
        (ITEMS, 3706, "责任人"),
        (ITEMS, 3799, "责任人"),
    ]
    assert (len(found.studios), len(found.items), len(found.activities)) == (52, 5211, 1060)
    assert sum(row.left_on is None for row in found.members) == 603
    assert len({row.who for row in found.members if row.left_on is None}) == 596
    assert sum(row.claimed or 0 for row in found.achievements) == Decimal("7813.74")
    assert sum(row.verified or 0 for row in found.achievements) == Decimal("4166.68")
