"""A ledger that is written is the ledger that was read."""

import re
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.ledger.reading import read
from reports.ledger.rows import ItemRow, Ledger, StudioRow, TopicRow
from reports.ledger.writing import write
from tests.reports.ledgers import QILING, ledger, needs_qiling

GROUP, DAY = "青川机械集团", date(2026, 11, 22)
STUDIO = StudioRow(name="甲工作室", type="employee", unit="一厂", level="company", lead="陈立新")


def written(content: Ledger) -> bytes:
    return write(content, group=GROUP, on=DAY)


def test_reading_what_was_written_gives_the_same_rows():
    content = read(ledger())
    again = read(written(content))

    assert again == content
    assert (again.faults, again.group) == ((), GROUP)


@needs_qiling
def test_the_large_ledger_comes_back_whole():
    content = read(QILING)

    assert read(written(content)) == content


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30).map(
    lambda text: " ".join(text.split()).strip("\ufeff\u200b ")
)
names = st.text("王李张赵陈林芳明国强小", min_size=2, max_size=3)
days = st.dates(date(1950, 1, 1), date(2090, 12, 31))
amounts = st.decimals(0, 100_000, places=4)
numbers = st.text("0123456789ABCDEF-", min_size=1, max_size=10)


@settings(max_examples=40)
@given(
    topics=st.lists(
        st.builds(
            TopicRow,
            number=numbers,
            studio=st.just(STUDIO.name),
            name=texts.filter(bool),
            source=st.sampled_from(["hard_point", "open_bidding"]),
            kind=st.just("technical"),
            horizon=st.just("short"),
            baseline=texts,
            target=st.one_of(texts, amounts.map(str)),
            starts_on=st.none() | days,
            owner=st.just("") | names,
            participants=st.lists(names, unique=True, max_size=4).map(tuple),
            budget=st.none() | amounts,
            state=st.sampled_from(["running", "terminated"]),
            note=texts,
        ),
        unique_by=lambda row: row.number,
        max_size=4,
    ),
    items=st.lists(
        st.builds(
            ItemRow,
            number=numbers,
            studio=st.just(STUDIO.name),
            level=st.just("quarter"),
            period=st.sampled_from(["2026-Q1", "2027-Q4"]),
            content=texts.filter(bool),
            kind=st.just("study"),
            helpers=st.lists(names, unique=True, max_size=3).map(tuple),
            due_on=st.none() | days,
            weight=st.decimals("0.01", 1000, places=2) | st.decimals("0.000001", 999, places=12),
            progress=st.none() | st.decimals(0, 100, places=3),
            state=st.sampled_from(["done", "tolerated", "not_started"]),
            undone_reason=texts,
        ),
        unique_by=lambda row: row.number,
        max_size=4,
    ),
)
def test_whatever_is_written_is_read_again(topics, items):
    content = Ledger(studios=(STUDIO,), topics=tuple(topics), items=tuple(items))
    again = read(written(content))

    assert again == content
    assert again.errors == ()


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-2", "@SUM(A1)", "=cmd|' /C calc'!A0", "#N/A", "_x0041_", "a\x01b"]
)
def test_text_leaves_as_text_whatever_it_begins_with(text):
    topic = TopicRow(
        number="KT-1",
        studio=STUDIO.name,
        name=text,
        source="hot_point",
        kind="technical",
        horizon="short",
        state="running",
    )
    data = written(Ledger(studios=(STUDIO,), topics=(topic,)))

    assert read(data).topics[0].name == text.replace("\x01", "")
    pages = [
        container.read(name)
        for container in [zipfile.ZipFile(BytesIO(data))]
        for name in container.namelist()
        if name.startswith("xl/worksheets/")
    ]
    assert not any(re.search(rb"<f[ />]", page) for page in pages)


def test_a_sheet_is_ready_for_the_printer():
    page = openpyxl.load_workbook(BytesIO(written(read(ledger()))))["计划表"]

    assert page["A1"].value == "青川机械集团2026年度创新工作室计划表"
    assert page["A2"].value == "填报单位：青川机械集团工会"
    assert page["Q2"].value == "填报日期：2026年11月22日"
    assert (page.freeze_panes, page.print_title_rows) == ("C4", "$1:$3")
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert (page["M4"].value.date(), page["M4"].number_format) == (date(2026, 12, 31), "yyyy-mm-dd")
    assert page["A10"].value.startswith("填表人：")


def test_values_are_numbers_where_they_are_plain_numbers():
    page = openpyxl.load_workbook(BytesIO(written(read(ledger()))))["课题台账"]

    assert (page["G4"].value, page["H4"].value, page["N4"].value) == (9.5, 6, Decimal("4.5"))
