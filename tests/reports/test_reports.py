"""Reports: the figures of the overview, frozen when they are issued, with their Word and Excel files."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from docx import Document
from docx.oxml.ns import qn

from achievements.models import Achievement
from core import workdays
from core.calendar import Period
from core.errors import NotAllowedNow
from projects import closing, coordination, progress
from projects.closing import CARRY, LEAVE, Choice
from projects.models import Plan, PlanItem, Problem
from reports import issuing
from reports.contents import Contents
from reports.drawing_up import draw_up
from reports.exports import docx, xlsx
from reports.exports.issued import Issued
from reports.models import Report
from reports.sentences import sentences, title
from studios.models import Activity, Studio

NOW = datetime(2026, 11, 3, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
OCTOBER = Period.of_month(2026, 10)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    """Tuesday, 3 November 2026: October may be closed until Wednesday."""
    with time_machine.travel(NOW, tick=False):
        yield


def plan_of(studio, key):
    return Plan.objects.get(studio=studio, period=key)


def item(studio, key, content, **fields):
    return PlanItem.objects.create(plan=plan_of(studio, key), content=content, **fields)


@pytest.fixture
def october(cast):
    """一厂 did two of four items, one of them late, tolerates none, and has closed; 二厂 did none of one."""
    done = {"state": "done", "due_on": date(2026, 10, 20)}
    item(cast.studio_one, "2026-10", "样机试运行", done_on=date(2026, 10, 20), **done)
    item(cast.studio_one, "2026-10", "图纸会审", done_on=date(2026, 10, 25), **done)
    left = item(cast.studio_one, "2026-10", "采购备件", due_on=date(2026, 10, 30))
    rest = item(cast.studio_one, "2026-10", "现场安装", due_on=date(2026, 10, 30))
    cancelled = item(cast.studio_one, "2026-10", "外出对标", state="cancelled", reason="推迟")
    open_item = item(cast.studio_two, "2026-10", "浇铸试验", due_on=date(2026, 10, 30))
    item(cast.studio_one, "2026-11", "编写操作规程", weight=5)
    for plan in (cancelled.plan, open_item.plan, plan_of(cast.studio_one, "2026-11")):
        progress.add_up(plan)
    choices = {left.pk: Choice(LEAVE, "备件供应商更换。"), rest.pk: Choice(CARRY, "停机窗口难以协调")}
    closing.close(cancelled.plan, by=cast.chen, at=NOW, calendar=workdays.load(), choices=choices)
    for kind, day in (("meeting", 9), ("study", 16), ("training", 23)):
        Activity.objects.create(
            studio=cast.studio_one, subject="活动", kind=kind, held_on=date(2026, 10, day)
        )
    called_off = {"state": "cancelled", "held_on": date(2026, 10, 12)}
    Activity.objects.create(studio=cast.studio_two, subject="取消的", **called_off)
    for name, day, benefit in (("旧成果", date(2026, 3, 1), 100), ("=1+1", date(2026, 10, 8), "12.5")):
        Achievement.objects.create(
            studio=cast.studio_one, name=name, achieved_on=day, benefit_verified=Decimal(benefit)
        )
    problem = Problem(
        studio=cast.studio_two,
        what="试验用料无采购渠道",
        need="money",
        due_on=date(2026, 11, 9),
        level="unit",
    )
    coordination.raise_problem(problem, by=cast.zhao, at=NOW)
    return cancelled.plan


def drawn(unit, period=OCTOBER):
    return draw_up(unit, period, on=NOW.date(), calendar=workdays.load())


def issued(unit, by, period=OCTOBER, summary="", reason=""):
    draft = Report.draft_of(unit, period)
    draft.summary, draft.reason = summary, reason
    draft.save()
    issuing.issue(draft, by=by, at=NOW, on=NOW.date(), calendar=workdays.load())
    return draft


def test_the_sentences_say_what_was_planned_done_left_and_why(cast, october):
    contents = drawn(cast.group)

    assert title(contents) == "青川机械集团创新工作室2026年10月月报"
    assert sentences(contents) == [
        "本月计划5项，完成2项，按时完成率20%；未完成3项，主要原因是停机窗口难以协调、备件供应商更换，"
        "顺延的拟于2026年11月30日（周一）前完成。",
        "在运行工作室2个，有计划的2个；未结清的1个。",
        "开展活动3次，其中学习2次，取得成果1项；本年累计取得2项成果，经财务核定效益112.5万元。",
        "待协调事项1项。",
        "下月重点：编写操作规程、现场安装。",
    ]


def test_reasons_with_commas_stand_apart_by_semicolons_but_not_in_what_was_issued_before(cast, october):
    october.items.filter(reason="停机窗口难以协调").update(reason="停机窗口难以协调，须等检修")
    contents = drawn(cast.group)
    before = contents.as_data()
    del before["wording"]

    assert "主要原因是停机窗口难以协调，须等检修；备件供应商更换，" in sentences(contents)[0]
    assert (
        "主要原因是停机窗口难以协调，须等检修、备件供应商更换，" in sentences(Contents.from_data(before))[0]
    )
    assert Contents.from_data(before).is_like(contents)


def test_each_studio_has_its_line_and_the_lines_come_to_the_whole(cast, october):
    contents = drawn(cast.group)
    one, two = contents.lines

    assert (one.figure.planned, one.figure.done, one.figure.cancelled) == (4, 2, 1)
    assert (one.activities, one.studies, one.achievements, one.benefit) == (3, 2, 1, Decimal("12.5"))
    assert one.reasons == (("停机窗口难以协调", 1), ("备件供应商更换。", 1))
    assert (one.closed_at, one.late) == (NOW, False)
    assert (two.figure.planned, two.figure.done, two.closed_at, two.late) == (1, 0, None, False)
    for name in ("planned", "done", "on_time", "overdue", "carried", "tolerated", "cancelled"):
        assert sum(getattr(line.figure, name) for line in contents.lines) == getattr(contents.total, name)


@pytest.mark.parametrize("key", ["2026-10", "2026-Q4", "2026"])
def test_the_totals_are_those_of_the_overview(cast, october, sign_in, key):
    figure = sign_in(cast.li).get(reverse("overview", args=[key])).context["figure"]

    assert drawn(cast.group, Period.parse(key)).total == figure


def test_a_studio_that_has_not_closed_is_late_the_day_after_the_last_one(cast, october):
    contents = draw_up(cast.group, OCTOBER, on=date(2026, 11, 5), calendar=workdays.load())

    assert [line.late for line in contents.lines] == [False, True]
    assert contents.late_lines == 1


def test_what_was_frozen_is_read_again_as_it_was(cast, october):
    contents = drawn(cast.group)

    assert Contents.from_data(contents.as_data()) == contents
    report = issued(cast.group, cast.li)
    assert Contents.from_data(Report.objects.get(pk=report.pk).contents) == contents


def test_what_changes_afterwards_does_not_change_what_was_issued(cast, october, sign_in):
    report = issued(cast.group, cast.li)
    item(cast.studio_two, "2026-10", "新加的一项")
    progress.add_up(plan_of(cast.studio_two, "2026-10"))
    Studio.objects.filter(pk=cast.studio_one.pk).update(name="改名的工作室")
    client = sign_in(cast.li)

    frozen = client.get(report.get_absolute_url())
    draft = client.get(reverse("report-draft", args=[cast.group.pk, "2026-10"]))

    assert frozen.context["contents"].total.planned == 5
    assert "陈立新劳模创新工作室" in frozen.content.decode()
    assert draft.context["contents"].total.planned == 6
    assert "此后数据有变化，已发布的内容保持不变。" in draft.content.decode()


def test_the_database_refuses_to_change_or_delete_what_is_issued(cast, october):
    report = issued(cast.group, cast.li)
    draft = Report.draft_of(cast.plant_one, OCTOBER)
    draft.save()
    rows = Report.objects.filter(pk=report.pk)

    for act in (lambda: rows.update(summary="改写"), rows.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    draft.delete()


def test_it_is_issued_once_and_again_only_with_a_reason(cast, october):
    first = issued(cast.group, cast.li)
    with pytest.raises(NotAllowedNow):
        first.issue({}, by=cast.li, at=NOW)
    with pytest.raises(NotAllowedNow), transaction.atomic():
        issued(cast.group, cast.li, reason=" ")

    second = issued(cast.group, cast.zhou, reason="补录试验结果")

    assert [(each.number, each.reason) for each in Report.objects.issued().of(cast.group, OCTOBER)] == [
        (2, "补录试验结果"),
        (1, ""),
    ]
    assert second.issued_by == cast.zhou


def post(client, unit, **typed):
    return client.post(reverse("report-issue", args=[unit.pk, "2026-10"]), typed)


def test_a_text_is_saved_then_the_report_issued_with_it_and_word_comes_after_the_page(cast, october, sign_in):
    client = sign_in(cast.sun)
    post(client, cast.plant_one, seen=1, version=1, summary="先写一半", act="save")
    draft = Report.objects.get()
    assert (draft.summary, draft.is_issued) == ("先写一半", False)

    answer = post(client, cast.plant_one, seen=1, version=draft.version, summary="全写好了", act="word")

    draft.refresh_from_db()
    assert (draft.summary, draft.issued_by, draft.issued_at) == ("全写好了", cast.sun, NOW)
    assert answer.url == f"{reverse('report', args=[draft.pk])}?file=word"
    page = client.get(answer.url)
    assert page["Refresh"] == f"0; url={reverse('report-word', args=[draft.pk])}"


def test_whoever_issues_from_an_old_page_is_told_and_a_new_version_asks_for_its_reason(
    cast, october, sign_in
):
    client = sign_in(cast.li)
    post(client, cast.group, seen=1, act="issue")

    old = post(client, cast.group, seen=1, act="issue", reason="再发一次")
    empty = post(client, cast.group, seen=2, act="issue")

    assert (old.status_code, empty.status_code) == (422, 422)
    assert "第1版已在此期间发布。" in old.content.decode()
    assert Report.objects.issued().count() == 1
    assert post(client, cast.group, seen=2, act="issue", reason="补录").status_code == 302
    assert Report.objects.issued().count() == 2


def test_the_list_offers_the_usual_periods_and_says_which_version_is_the_newest(cast, october, sign_in):
    issued(cast.group, cast.li)
    issued(cast.group, cast.li, reason="补录")
    issued(cast.plant_one, cast.sun)

    page = sign_in(cast.li).get(reverse("reports"))

    assert [(offer.label, offer.period.key) for offer in page.context["presets"]] == [
        ("上月", "2026-10"),
        ("本月至今", "2026-11"),
        ("上季度", "2026-Q3"),
        ("上年度", "2025"),
    ]
    assert [offer.issued and offer.issued.number for offer in page.context["presets"]] == [
        2,
        None,
        None,
        None,
    ]
    assert [(offer.label, bool(offer.issued)) for offer in page.context["below"]] == [
        ("一厂", True),
        ("二厂", False),
    ]
    shown = [(each.unit.name, each.number, each.is_replaced) for each in page.context["page"].object_list]
    assert shown == [("一厂", 1, False), ("青川机械集团", 2, False), ("青川机械集团", 1, True)]


def test_a_contact_issues_for_the_own_unit_and_a_leader_reads(cast, october, sign_in):
    of_group, of_two = issued(cast.group, cast.li), issued(cast.plant_two, cast.he)
    draft = reverse("report-draft", args=[cast.group.pk, "2026-10"])
    below = reverse("report-draft", args=[cast.plant_two.pk, "2026-10"])

    def codes(user, *addresses):
        return [sign_in(user).get(address).status_code for address in addresses]

    pages = (of_group.get_absolute_url(), of_two.get_absolute_url(), draft, below)
    assert codes(cast.li, *pages) == [200, 200, 200, 200]
    assert codes(cast.he, *pages) == [404, 200, 404, 200]
    assert codes(cast.sun, *pages) == [404, 404, 404, 404]
    assert codes(cast.zheng, *pages) == [200, 200, 403, 403]
    assert codes(cast.qiu, *pages) == [404, 200, 404, 403]
    assert codes(cast.chen, *pages) == [404, 404, 404, 404]


@pytest.mark.parametrize("key", ["2026-12", "2027", "x", "2026-13"])
def test_there_is_no_report_on_what_has_not_begun_or_is_no_period(cast, sign_in, key):
    address = reverse("report-draft", args=[cast.group.pk, key])

    assert sign_in(cast.li).get(address).status_code == 404


def test_the_workbook_holds_numbers_days_and_texts_that_stay_texts(cast, october, sign_in):
    Studio.objects.filter(pk=cast.studio_two.pk).update(name="=HYPERLINK(1)")
    report = issued(cast.group, cast.li, summary="=2+3\n各单位抓紧")

    answer = sign_in(cast.li).get(reverse("report-excel", args=[report.pk]))

    book = openpyxl.load_workbook(BytesIO(answer.content))
    page = book["工作室汇总表"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=3, max_row=6)]
    assert rows == [
        [
            *("单位", "工作室", "计划数", "完成数", "完成率", "活动数", "学习数", "成果数"),
            *("效益（万元）", "未完成原因", "报送时间", "是否逾期"),
        ],
        [
            *("一厂", "陈立新劳模创新工作室", 4, 2, 0.5, 3, 2, 1, 12.5),
            *("停机窗口难以协调；备件供应商更换", datetime(2026, 11, 3), "按期"),
        ],
        ["二厂", "=HYPERLINK(1)", 1, 0, 0, 0, 0, 0, 0, None, None, "未结清"],
        ["合计", None, 5, 2, 0.4, 3, 2, 1, 12.5, None, None, None],
    ]
    assert page["B5"].data_type == "s"
    assert (page.freeze_panes, page.print_title_rows) == ("C4", "$1:$3")
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert book["文字说明"]["A7"].value == "=2+3"
    assert book["文字说明"]["A7"].data_type == "s"
    assert [cell.value for cell in book["待协调事项"][4]][:3] == [
        "试验用料无采购渠道",
        "=HYPERLINK(1)",
        "单位",
    ]


def test_the_word_document_is_a4_in_chinese_faces_with_a_head_on_each_sheet(cast, october, sign_in):
    report = issued(cast.group, cast.li, summary="各单位抓紧")

    answer = sign_in(cast.li).get(reverse("report-word", args=[report.pk]))

    document = Document(BytesIO(answer.content))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0] == "青川机械集团创新工作室2026年10月月报"
    assert "各单位抓紧" in texts
    assert texts[2].startswith("本月计划5项，完成2项，按时完成率20%；未完成3项")
    upright, across = document.sections
    assert (round(upright.page_width.cm, 1), round(upright.page_height.cm, 1)) == (21.0, 29.7)
    assert (round(across.page_width.cm, 1), round(across.page_height.cm, 1)) == (29.7, 21.0)
    faces = document.paragraphs[0].runs[0]._r.rPr.rFonts.get(qn("w:eastAsia"))
    assert (faces, document.styles["Normal"].element.rPr.rFonts.get(qn("w:eastAsia"))) == ("黑体", "仿宋")
    problems, studios = document.tables
    assert studios.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [cell.text for cell in studios.rows[1].cells] == [
        *("一厂", "陈立新劳模创新工作室", "4", "2", "50%", "3", "2", "1", "12.5"),
        *("停机窗口难以协调；备件供应商更换", "2026-11-03", "按期"),
    ]
    assert [cell.text for cell in studios.rows[3].cells][:5] == ["合计", "", "5", "2", "40%"]
    assert problems.rows[1].cells[0].text == "试验用料无采购渠道"


def test_in_english_the_files_speak_english(cast, october):
    fields = {"contents": drawn(cast.group), "summary": "\x0b", "number": 2, "reason": "late", "by": "Li"}
    report = Issued(**fields, on=date(2026, 11, 3))

    with translation.override("en"):
        words = [each.text for each in Document(BytesIO(docx.write(report))).paragraphs]
        book = openpyxl.load_workbook(BytesIO(xlsx.write(report)))

    assert words[0] == "青川机械集团: innovation studios, monthly report 2026-10"
    assert words[2].startswith(
        "This month planned items 5, done 2, on-time rate 20%; not done 3, mainly because"
    )
    assert "Why a new version: late" in words
    heads = [cell.value for cell in book["Summary of the studios"][3]]
    assert heads[:4] == ["Unit", "Studio", "Planned", "Done"]


def test_a_period_without_anything_is_a_report_too(cast, sign_in):
    assert sentences(drawn(cast.plant_one, Period.of_year(2025)))[0] == "本年度没有计划。"
    client = sign_in(cast.sun)
    client.post(reverse("report-issue", args=[cast.plant_one.pk, "2025"]), {"seen": 1, "act": "excel"})
    report = Report.objects.get()
    assert client.get(reverse("report-excel", args=[report.pk])).status_code == 200
    assert client.get(reverse("report-word", args=[report.pk])).status_code == 200


@pytest.mark.parametrize("more", [0, 20])
def test_a_report_takes_the_same_number_of_queries_however_many_studios_there_are(
    cast, october, sign_in, more
):
    studios = [Studio(name=f"第{number}工作室", unit=cast.plant_one) for number in range(more)]
    Plan.lay_out(Studio.objects.bulk_create(studios), 2026)
    for studio in studios:
        item(studio, "2026-10", "一项", state="undone", reason="停产")
        progress.add_up(plan_of(studio, "2026-10"))
    report = issued(cast.group, cast.li)
    client = sign_in(cast.li)
    addresses = [
        reverse("report-draft", args=[cast.group.pk, "2026-10"]),
        report.get_absolute_url(),
        reverse("report-excel", args=[report.pk]),
        reverse("reports"),
    ]
    for address in addresses:
        client.get(address)

    counts = []
    for address in addresses:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts == [34, 14, 7, 15]


def test_in_its_first_days_a_month_asks_for_the_report_on_the_last_one(cast, october, sign_in):
    address = reverse("report-draft", args=[cast.group.pk, "2026-10"])
    client = sign_in(cast.li)
    assert address in client.get("/").content.decode()

    issued(cast.group, cast.li)

    assert address not in client.get("/").content.decode()
    later = datetime(2026, 11, 17, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert issuing.due(cast.plant_one, on=later.date(), calendar=workdays.load()) is None
