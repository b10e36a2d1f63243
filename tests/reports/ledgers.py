"""Small ledgers for tests: a whole one to begin with, changed cell by cell, in the form people send them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from reports.ledger.sheets import SHEETS

_DATA = Path(__file__).parents[3] / "shared" / "data"
#: A ledger of an invented group with 52 studios and every figure that must come out of it.
QILING = _DATA / "ledger-qiling-2026.xlsx"
QILING_FIGURES = _DATA / "expected-qiling-2026.json"

needs_qiling = pytest.mark.skipif(
    not QILING.exists(), reason="the large ledger is not part of the repository and lies beside it"
)

#: Rows by sheet, as a union would type them; the numbers of rows in the file begin at FIRST.
ROWS: dict[str, list[list[Any]]] = {
    "工作室台账": [
        [
            1,
            "陈立新劳模创新工作室",
            "劳模创新工作室",
            "一厂",
            "省级",
            "青工发〔2024〕3号",
            "2024.3.15",
            "陈立新",
            "省劳动模范",
            "焊接",
            "一厂办公楼201",
            "45㎡",
            "2023年5月",
            "3.5万",
            "林小雨",
            13900000001,
            None,
        ],
        [
            2,
            "赵国强工匠创新工作室",
            "工匠创新工作室",
            "二厂",
            "公司级",
            None,
            None,
            "赵国强",
            None,
            "铸造",
            None,
            60,
            None,
            2,
            "钱多",
            None,
            "二厂唯一",
        ],
    ],
    "成员花名册": [
        [
            1,
            "陈立新劳模创新工作室",
            "陈立新",
            "0000101",
            "男",
            "1975.6",
            "大专",
            "班长",
            "高级工程师",
            "高级技师",
            "焊工",
            "焊接班",
            "领衔人",
            "全面负责",
            "授课3次",
            "2023-05-01",
            None,
            None,
            "13900000001",
        ],
        [
            2,
            "陈立新劳模创新工作室",
            "林小雨",
            "0000102",
            "女",
            "1990年2月",
            "本科",
            "技术员",
            "工程师",
            None,
            "焊工",
            "焊接班",
            "联络员",
            "台账",
            None,
            "2023-05-01",
            None,
            None,
            None,
        ],
        [
            3,
            "陈立新劳模创新工作室",
            "王　芳",
            "0000103",
            "女",
            32660,
            "本科",
            "班员",
            None,
            "高级工",
            "焊工",
            "焊接班",
            "成员",
            "试验",
            None,
            "2024.1.8",
            None,
            None,
            None,
        ],
        [
            4,
            "赵国强工匠创新工作室",
            "赵国强",
            "0000201",
            "男",
            None,
            None,
            None,
            None,
            None,
            "铸造工",
            None,
            "领衔人",
            None,
            None,
            None,
            None,
            None,
            None,
        ],
        [
            5,
            "赵国强工匠创新工作室",
            "钱多",
            None,
            "男",
            None,
            None,
            None,
            None,
            None,
            "铸造工",
            None,
            "联络员",
            None,
            None,
            None,
            None,
            None,
            None,
        ],
        [
            6,
            "赵国强工匠创新工作室",
            "孙立",
            "0000203",
            "男",
            None,
            None,
            None,
            None,
            None,
            "铸造工",
            None,
            "成员",
            None,
            None,
            "2024-01-01",
            "2026-03-01",
            "调离本单位",
            None,
        ],
    ],
    "课题台账": [
        [
            "KT-1",
            "陈立新劳模创新工作室",
            "降低焊缝返修率",
            "难点",
            "技术",
            "短期",
            9.5,
            6,
            "%",
            "2026-01-05",
            "2026年10月",
            "陈立新",
            "王芳、林小雨",
            "4.5万元",
            "进行中",
            None,
        ],
    ],
    "计划表": [
        [
            "N1",
            None,
            "陈立新劳模创新工作室",
            "年度",
            "2026年",
            "返修率降至6%",
            "攻关",
            "KT-1",
            "返修率≤6%",
            "陈立新",
            "王芳",
            "2026-01-05",
            "2026-12-31",
            30,
            60,
            "进行中",
            None,
            None,
            None,
        ],
        [
            "J1",
            "N1",
            "陈立新劳模创新工作室",
            "季度",
            "2026年第1季度",
            "完成工艺试验",
            "攻关",
            "KT-1",
            None,
            "陈立新",
            None,
            "2026-01-05",
            "2026-03-31",
            2,
            "80%",
            "进行中",
            None,
            None,
            None,
        ],
        [
            "Y1",
            "J1",
            "陈立新劳模创新工作室",
            "月度",
            "2026年1月",
            "试验20组",
            "攻关",
            "KT-1",
            "记录20组",
            "王 芳",
            "林小雨 陈立新",
            "2026-01-05",
            "2026.1.30",
            1,
            100,
            "已完成",
            "2026年1月28日",
            None,
            None,
        ],
        [
            "Y2",
            "J1",
            "陈立新劳模创新工作室",
            "月度",
            "2026年2月",
            "试验报告",
            "学习",
            None,
            None,
            "林小雨",
            None,
            "2026-02-02",
            "2026-02",
            None,
            40,
            "顺延",
            None,
            "样品未到",
            None,
        ],
        [
            "Y3",
            "J1",
            "陈立新劳模创新工作室",
            "月度",
            "2026年3月",
            "试验报告",
            "学习",
            None,
            None,
            "林小雨",
            None,
            "2026-03-02",
            "2026-03-20",
            1,
            50,
            "进行中",
            None,
            None,
            "Y2",
        ],
    ],
    "活动记录": [
        [
            "HD-1",
            "陈立新劳模创新工作室",
            "月度例会",
            "例会",
            "2026-01-12",
            "会议室",
            "陈立新",
            "15人",
            13,
            2,
            0,
            "通报进展",
        ],
    ],
    "成果台账": [
        [
            "CG-1",
            "陈立新劳模创新工作室",
            "焊接夹具",
            "五小成果",
            "KT-1",
            "王芳、陈立新",
            "2026-04-10",
            "一厂",
            "36万元",
            12.5,
            None,
            "二厂",
        ],
    ],
}

#: The row of the first line of data, under title, filling-in line and headers.
FIRST = 4


def place(sheet: str, header: str) -> int:
    """The number of a column, from 1."""
    columns = next(known.columns for known in SHEETS if known.name == sheet)
    return next(at for at, column in enumerate(columns, start=1) if column.header == header)


def ledger(
    changes: Mapping[tuple[str, int, str], Any] | None = None,
    *,
    rows: Mapping[str, Sequence[Sequence[Any]]] | None = None,
    formats: Mapping[tuple[str, int, str], str] | None = None,
    edit: Callable[[openpyxl.Workbook], None] | None = None,
    without: Sequence[str] = (),
) -> bytes:
    """A small ledger. ``changes`` sets cells by (sheet, row of the file, header), ``rows`` whole sheets,
    ``formats`` number formats, ``edit`` anything else; ``without`` leaves sheets out."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for sheet in SHEETS:
        if sheet.name in without:
            continue
        page = workbook.create_sheet(sheet.name)
        _fill(
            page,
            [column.header for column in sheet.columns],
            (rows or ROWS).get(sheet.name, ROWS[sheet.name]),
        )
    for (name, row, header), value in (changes or {}).items():
        workbook[name].cell(row, place(name, header)).value = value
    for (name, row, header), number_format in (formats or {}).items():
        workbook[name].cell(row, place(name, header)).number_format = number_format
    if edit:
        edit(workbook)
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def _fill(page: Worksheet, headers: list[str], rows: Sequence[Sequence[Any]]) -> None:
    page.append(["青川机械集团2026年度台账"])
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(headers))
    page.append(["填报单位：青川机械集团工会", None, None, "填报日期：2026年11月22日"])
    page.append(headers)
    for row in rows:
        page.append(row)
    page.append([])
    page.append(["填表人：李雪　　　　审核人：周明"])


def repacked(data: bytes, changed: Mapping[str, bytes | None]) -> bytes:
    """The workbook with parts of its container replaced, added or (None) taken out."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in changed:
                target.writestr(name, source.read(name))
        for name, content in changed.items():
            if content is not None:
                target.writestr(name, content)
    return out.getvalue()


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as container:
        return container.read(name)
