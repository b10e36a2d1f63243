"""Files that are not plain workbooks are refused at once, and say why."""

import resource
import tracemalloc

import pytest

from reports.ledger.opening import Refused
from reports.ledger.reading import read
from tests.reports.ledgers import ledger, part, repacked

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
SHEET = "xl/worksheets/sheet1.xml"


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        read(data)
    return str(refused.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "这是一个空文件。"),
        (b"<html><body>login</body></html>", "这不是 Excel 工作簿（.xlsx）。"),
        (b"a,b,c\n1,2,3\n", "这不是 Excel 工作簿（.xlsx）。"),
        (OLE + "Workbook".encode("utf-16-le"), "这是旧版工作簿（.xls），请另存为 .xlsx 后再导入。"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "工作簿已加密，请去掉密码后再导入。"),
        (b"PK\x03\x04 and then nothing", "文件不完整或已损坏。"),
    ],
    ids=["empty", "html", "csv", "xls", "encrypted", "not-a-zip"],
)
def test_what_is_no_workbook_is_refused_with_its_reason(data, said):
    assert refusal(data) == said


@pytest.mark.parametrize("share", [0.2, 0.6, 0.98])
def test_a_truncated_workbook_is_refused(share):
    whole = ledger()

    assert refusal(whole[: int(len(whole) * share)]) == "文件不完整或已损坏。"


def test_a_workbook_with_a_damaged_part_is_refused():
    whole = bytearray(ledger())
    at = whole.index(b"xl/worksheets/sheet1.xml") + 60
    whole[at : at + 40] = bytes(40)

    assert refusal(bytes(whole)) == "文件不完整或已损坏。"


def test_a_zip_that_holds_no_workbook_is_refused():
    data = repacked(ledger(), {"[Content_Types].xml": None})

    assert refusal(data) == "这不是 Excel 工作簿（.xlsx）。"


@pytest.mark.parametrize("form", ["part", "type"])
def test_macros_are_refused(form):
    data = ledger()
    if form == "part":
        data = repacked(data, {"xl/vbaProject.bin": b"macro"})
    else:
        types = part(data, "[Content_Types].xml").replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        )
        data = repacked(data, {"[Content_Types].xml": types})

    assert refusal(data) == "工作簿含有宏，请另存为不带宏的 .xlsx 后再导入。"


def test_a_part_that_unpacks_more_than_a_hundredfold_is_refused():
    data = repacked(ledger(), {"xl/media/image1.png": bytes(5_000_000)})

    assert refusal(data) == "文件中有内容解压后超过原大小的 100 倍。"


def test_more_than_fifty_megabytes_unpacked_are_refused():
    import random

    noise = random.Random(1).randbytes(600_000)
    data = repacked(ledger(), {f"xl/media/{n}.bin": noise * 30 for n in range(3)})

    assert refusal(data) == "文件超过 50 MB。"


def test_too_many_parts_are_refused():
    data = repacked(ledger(), {f"xl/worksheets/extra{n}.xml": b"x" for n in range(600)})

    assert refusal(data) == "文件的组成部分超过 500 个。"


def test_entities_are_refused_wherever_they_stand():
    bomb = b'<?xml version="1.0"?><!DOCTYPE lol [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    for name in (SHEET, "xl/workbook.xml", "xl/styles.xml", "_rels/.rels"):
        content = part(ledger(), name)
        body = content.partition(b"?>")[2] if content.startswith(b"<?xml") else content
        data = repacked(ledger(), {name: bomb + body})

        assert refusal(data) == "工作簿含有文档类型声明，表格软件不会写出这样的文件。"


def test_a_million_empty_formatted_rows_cost_no_memory():
    rows = b"".join(
        b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="1"/></row>' % (n, n) for n in range(20, 500_020)
    )
    data = ledger()
    sheet = part(data, SHEET)
    sheet = sheet.replace(b"</sheetData>", rows + b"</sheetData>")
    data = repacked(data, {SHEET: sheet})
    tracemalloc.start()

    found = read(data)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert [row.name for row in found.studios] == ["陈立新劳模创新工作室", "赵国强工匠创新工作室"]
    assert peak < 150 * 1024 * 1024
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0


def test_a_declared_size_of_the_whole_sheet_changes_nothing():
    data = ledger()
    sheet = part(data, SHEET)
    start = sheet.index(b'<dimension ref="') + len(b'<dimension ref="')
    sheet = sheet[:start] + b"A1:XFD1048576" + sheet[sheet.index(b'"', start) :]

    assert read(repacked(data, {SHEET: sheet})) == read(data)


def test_more_rows_than_a_sheet_of_the_ledger_can_have_are_refused():
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (n, n, n) for n in range(20, 20_100))
    data = ledger()
    sheet = part(data, SHEET).replace(b"</sheetData>", rows + b"</sheetData>")

    assert refusal(repacked(data, {SHEET: sheet})) == "工作表“工作室台账”超过 20000 行。"


def test_links_to_other_files_are_not_followed():
    data = ledger()
    links = part(data, "xl/_rels/workbook.xml.rels").replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'externalLink" Target="file:///etc/passwd" TargetMode="External"/></Relationships>',
    )

    assert read(repacked(data, {"xl/_rels/workbook.xml.rels": links})).errors == ()


def test_a_protected_sheet_is_read():
    def protect(workbook):
        workbook["计划表"].protection.sheet = True
        workbook["计划表"].protection.password = "secret"

    assert len(read(ledger(edit=protect)).items) == 5


def test_a_file_may_come_as_path_bytes_or_open_file(tmp_path):
    path = tmp_path / "ledger.xlsx"
    path.write_bytes(ledger())

    with path.open("rb") as file:
        assert read(path) == read(str(path)) == read(file) == read(path.read_bytes())
