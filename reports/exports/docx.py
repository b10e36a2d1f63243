"""An issued report as a Word document: A4, title and sentences upright, the table of the studios across."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from io import BytesIO

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from core.shown import day
from core.workbook import UNWRITABLE
from projects.models import Problem
from reports.exports.columns import COLUMNS, shown
from reports.exports.issued import Issued
from reports.sentences import sentences, title

#: The faces of official papers; Word and WPS have them.
SONG, HEI = "仿宋", "黑体"
LATIN = "Times New Roman"
A4 = (Cm(21), Cm(29.7))


def write(report: Issued) -> bytes:
    """The report as a .docx, in the active language."""
    document = Document()
    _set_up(document, report)
    contents = report.contents
    _paragraph(document, title(contents), size=20, face=HEI, align=WD_ALIGN_PARAGRAPH.CENTER)
    issued = {"day": day(report.on), "number": report.number}
    below = _("Issued on %(day)s, version %(number)d") % issued
    _paragraph(document, below, size=12, align=WD_ALIGN_PARAGRAPH.CENTER)
    for text in [*sentences(contents), *report.summary.splitlines()]:
        if text.strip():
            _paragraph(document, text, indent=True)
    if report.reason:
        _paragraph(document, _("Why a new version: %(reason)s") % {"reason": report.reason}, indent=True)
    if contents.problems:
        _heading(document, _("Problems that are open"))
        _problems(document, report)
    _paragraph(document, "")
    _paragraph(document, _("Issued by: %(by)s") % {"by": report.by}, align=WD_ALIGN_PARAGRAPH.RIGHT)
    _paragraph(document, _("(Stamp)          Date:"), align=WD_ALIGN_PARAGRAPH.RIGHT)
    _across(document)
    _heading(document, _("Summary of the studios"))
    _studios(document, report)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _set_up(document, report: Issued) -> None:
    """A4, the faces, a numbered foot, and who wrote it."""
    section = document.sections[0]
    section.page_width, section.page_height = A4
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    section.top_margin, section.bottom_margin = Cm(3), Cm(2.5)
    style = document.styles["Normal"]
    style.font.size = Pt(14)
    _set_face(style, SONG)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _number(foot)
    about = document.core_properties
    about.author, about.title, about.comments = _clean(report.by), _clean(title(report.contents)), ""
    about.last_modified_by = about.author
    about.created = about.modified = datetime.combine(report.on, time())


def _set_face(styled, chinese: str) -> None:
    """A style or a run is set in a Chinese face, its Latin letters in the usual one."""
    styled.font.name = LATIN
    styled.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), chinese)


def _number(paragraph) -> None:
    """The number of the page, counted by whoever shows the document."""
    run = paragraph.add_run()
    run.font.size = Pt(10.5)
    for kind, text in (("begin", ""), (None, "PAGE"), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def _paragraph(holder, text: str, *, size=14, face=SONG, align=None, indent=False):
    paragraph = holder.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(4)
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(2 * size)
        paragraph.paragraph_format.line_spacing = 1.5
    run = paragraph.add_run(_clean(text))
    run.font.size = Pt(size)
    _set_face_of_run(run, face)
    return paragraph


def _set_face_of_run(run, face: str) -> None:
    run.font.name = LATIN
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)


def _heading(document, text: str) -> None:
    paragraph = _paragraph(document, text, size=16, face=HEI)
    paragraph.paragraph_format.keep_with_next = True


def _across(document) -> None:
    """What follows stands on sheets that lie across."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_height, section.page_width = A4
    section.left_margin = section.right_margin = Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(2)


def _studios(document, report: Issued) -> None:
    contents = report.contents
    rows = [[shown(column, column.value(line)) for column in COLUMNS] for line in contents.lines]
    whole = [column.whole(contents) for column in COLUMNS]
    rows.append(
        ["" if value is None else shown(column, value) for column, value in zip(COLUMNS, whole, strict=True)]
    )
    heads = [str(column.head) for column in COLUMNS]
    numbers = {place for place, column in enumerate(COLUMNS) if column.is_number}
    _table(document, heads, rows, widths=[column.width for column in COLUMNS], room=Cm(26.7), numbers=numbers)


def _problems(document, report: Issued) -> None:
    heads = [_("What is stuck"), _("Studio"), _("Level"), _("Coordinator"), _("To be solved by")]
    rows = [
        [one.what, one.studio, str(Problem.Level(one.level).label), one.coordinator, one.due_on.isoformat()]
        for one in report.contents.problems
    ]
    _table(document, heads, rows, widths=[30, 24, 10, 10, 14], room=Cm(15.6))
    if report.contents.more_problems:
        more = _("and %(count)d more") % {"count": report.contents.more_problems}
        _paragraph(document, more, size=10.5)


def _table(
    document,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    widths: Sequence[int],
    room: int,
    numbers: set[int] = frozenset(),
) -> None:
    """A table with lines; its heads are repeated on each sheet, and no row is torn apart."""
    table = document.add_table(rows=0, cols=len(heads))
    table.style = "Table Grid"
    table.autofit = False
    for number, values in enumerate([heads, *rows]):
        row = table.add_row()
        _mark(row, "w:cantSplit")
        if number == 0:
            _mark(row, "w:tblHeader")
        for place, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
            cell.width = int(room * widths[place] / sum(widths))
            paragraph = cell.paragraphs[0]
            if place in numbers:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            run = paragraph.add_run(_clean(value))
            run.font.size = Pt(9)
            _set_face_of_run(run, SONG if number else HEI)


def _mark(row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _clean(text: str) -> str:
    return UNWRITABLE.sub("", text)
