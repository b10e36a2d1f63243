"""What people do most, by keyboard alone and within the clicks it may cost, from the home page on.

Pressing Enter or Space on a link, button or camera is a click; typing what is said is free.
"""

import base64
import re
from datetime import time, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from achievements.models import Adoption
from core.calendar import Period
from notifications.models import Notice
from projects.models import Evidence, Frozen, Plan, PlanItem
from projects.progress import add_up
from reports.models import Report
from studios.models import Activity, Application, Studio
from tests.browser.arriving import arrived, listening
from tests.browser.sheets import is_saved, now, stored, team_of
from tests.studios.applications import application_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: A picture of one point.
PHOTO = {
    "name": "现场.png",
    "mimeType": "image/png",
    "buffer": base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    ),
}
#: So many steps of the Tab key and no more lead to whatever is wanted.
FAR = 120


class Hands:
    """Somebody who has a keyboard and nothing else, and counts what he presses."""

    def __init__(self, page):
        self.page, self.clicks = page, 0

    def reach(self, wanted):
        """Tab along until the wanted has the focus."""
        expect(wanted).to_be_visible()
        listening(self.page)
        for _step in range(FAR):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} is not reached by {FAR} times Tab")

    def click(self, wanted, key="Enter"):
        self.reach(wanted)
        self.page.keyboard.press(key)
        self.clicks += 1

    def type(self, wanted, text):
        self.reach(wanted)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, of, wanted):
        """Go with the arrows from what is chosen of a list or a row of buttons to the wanted: one click."""
        self.reach(of)
        for _step in range(FAR):
            if wanted.evaluate("one => one.checked || one.selected"):
                self.clicks += 1
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{wanted} is not reached by the arrows")


@pytest.fixture
def team(cast):
    return team_of(cast)


def test_the_progress_of_the_team_takes_one_click_to_the_sheet_then_the_keys_alone(team, visit):
    page = visit(team.chen, reverse("home"))
    hands = Hands(page)
    first, second = (f"n{indicator.pk}" for indicator in team.carried[:2])

    hands.click(page.get_by_role("link", name="整月一张表"))
    hands.reach(now(page, first))
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    page.keyboard.type("4")
    page.keyboard.press("Enter")

    is_saved(page, first)
    is_saved(page, second)
    assert [stored(each) for each in team.carried] == [3, 4, None]
    assert hands.clicks <= 1


def test_g_m_leads_to_the_sheet_without_a_click(team, visit):
    page = visit(team.chen, reverse("home"))

    page.keyboard.type("gm")

    expect(page).to_have_url(re.compile(rf"{team.sheet}$"))


def test_a_member_reports_his_indicator_with_a_photo_by_two_taps_on_a_phone(team, visit, page):
    page.set_viewport_size({"width": 360, "height": 740})
    visit(team.wang, reverse("home"))
    hands = Hands(page)
    mine = team.carried[2]

    line = page.locator(f"#item-{team.test.pk}")
    hands.type(line.locator(f"[name=indicator_{mine.pk}]").last, "6")
    with page.expect_file_chooser() as chooser:
        hands.click(line.locator("input[type=file]"), key="Enter")
    chooser.value.set_files(PHOTO)
    hands.click(line.get_by_role("button", name="提交填报"))

    expect(page.locator(f"#item-{team.test.pk}")).to_contain_text("20%")
    assert stored(mine) == 6
    assert [evidence.name for evidence in Evidence.objects.all()] == ["现场.png"]
    assert hands.clicks <= 2


@pytest.fixture
def last_month(cast):
    """Two open items of the month that is over, with nothing that has to be asked for."""
    before = Period.containing(timezone.localdate()).previous
    Plan.lay_out([cast.studio_one], before.year)
    Plan.lay_out([cast.studio_one], before.next.year)
    plan = Plan.objects.get(studio=cast.studio_one, period=before.key)
    for content in ("完成单因素试验", "整理试验记录"):
        PlanItem.objects.create(plan=plan, content=content, owner=cast.chen.person, due_on=before.ends_on)
    add_up(plan)
    return plan


@pytest.mark.parametrize("exceptions", [0, 1])
def test_a_month_with_leftovers_is_closed_by_three_clicks_and_one_for_each_exception(
    last_month, cast, visit, exceptions
):
    page = visit(cast.chen, reverse("home"))
    hands = Hands(page)
    close = f"结清{last_month.span}"

    hands.click(page.get_by_role("link", name=close))
    hands.click(page.get_by_role("button", name="下一步"))
    left = page.get_by_label("如何处理：整理试验记录")
    if exceptions:
        hands.choose(left, left.get_by_role("option", name="记为未完成"))
        expect(page.locator("#preview")).to_contain_text("增加1项，权重1")
    hands.click(page.get_by_role("button", name=close))

    expect(page.locator("main")).to_contain_text("结清，第1版")
    assert Frozen.objects.closings().get().plan == last_month
    states = list(last_month.items.order_by("pk").values_list("state", flat=True))
    assert states == ["carried", "undone" if exceptions else "carried"]
    assert hands.clicks <= 3 + exceptions


def test_attendance_is_recorded_by_two_clicks_and_one_for_whoever_was_absent(cast, visit):
    today = timezone.localdate()
    meeting = Activity.objects.create(
        studio=cast.studio_one, subject="月度例会", held_on=today, starts_at=time(0, 1), state="planned"
    )
    page = visit(cast.chen, reverse("home"))
    hands = Hands(page)

    hands.click(page.locator("#today").get_by_role("link", name="登记考勤"))
    for absent in (cast.lin, cast.wang):
        person = page.get_by_role("radiogroup", name=absent.person.name)
        hands.choose(person.get_by_label("到场"), person.get_by_label("缺席"))
    hands.click(page.get_by_role("button", name="保存"))

    expect(page.locator("#attendance")).to_contain_text("缺席 2")
    meeting.refresh_from_db()
    assert (meeting.expected, meeting.present, meeting.absent, meeting.state) == (3, 1, 2, "held")
    assert hands.clicks <= 2 + 2


def test_who_has_not_reported_is_reminded_by_three_clicks(team, visit):
    page = visit(team.li, reverse("home"))
    hands = Hands(page)

    hands.click(page.get_by_role("link", name="未填报"))
    hands.click(page.get_by_role("button", name="全部催办"))
    hands.click(page.get_by_role("button", name="发送给 1 个工作室"))

    expect(page.locator("#toasts")).to_contain_text("已催办 1 个工作室")
    told = Notice.objects.filter(kind="reports.chasing").values_list("recipient__username", flat=True)
    assert "chen" in told
    assert hands.clicks <= 3


@pytest.fixture
def two_applications(cast):
    at = timezone.now()
    return [
        application_of(cast, cast.lin, "unit_checked", submitted_at=at - timedelta(days=2)),
        application_of(
            cast,
            cast.zhao,
            "unit_checked",
            name="钱多劳模创新工作室",
            lead_name="钱多",
            lead_staff_no="9qian",
            submitted_at=at - timedelta(days=1),
        ),
    ]


def test_an_application_is_decided_by_two_clicks_and_the_next_opens_by_itself(cast, two_applications, visit):
    first, second = two_applications
    page = visit(cast.zhou, reverse("home"))
    hands = Hands(page)

    hands.click(page.get_by_role("main").get_by_role("link", name=first.name))
    hands.click(page.get_by_role("button", name="同意命名"))

    expect(page.get_by_role("heading", level=1)).to_contain_text(second.name)
    assert Studio.objects.filter(name=first.name).exists()
    assert hands.clicks <= 2


def test_a_agrees_and_r_returns_with_a_text(cast, two_applications, visit):
    first, second = two_applications
    page = visit(cast.zhou, first.get_absolute_url())

    page.keyboard.press("r")
    expect(page.get_by_label("意见").first).to_be_focused()
    page.keyboard.type("请补充场地面积")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text(second.name)
    listening(page)
    first.refresh_from_db()
    assert (first.state, first.steps.last().opinion) == (Application.State.RETURNED, "请补充场地面积")

    page.keyboard.press("a")

    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(second.name))
    expect(page).to_have_url(re.compile(r"/studios/\d+/$"))
    second.refresh_from_db()
    assert second.state == Application.State.APPROVED


def test_g_h_leads_home_and_n_i_to_a_new_item(cast, visit):
    today = timezone.localdate()
    Plan.lay_out([cast.studio_one], today.year)
    page = visit(cast.chen, reverse("studios"))

    page.keyboard.type("gh")
    arrived(page, rf"/studios/{cast.studio_one.pk}/month/")
    page.keyboard.type("ni")

    month = Period.containing(today)
    expect(page).to_have_url(re.compile(reverse("item-new", args=[cast.studio_one.pk, month.key])))


def test_an_achievement_is_registered_and_offered_by_four_clicks_and_one_for_each_studio(cast, visit):
    page = visit(cast.chen, reverse("home"))
    hands = Hands(page)

    hands.click(page.get_by_role("link", name="成果", exact=True).first)
    hands.click(page.get_by_role("link", name="登记成果").first)
    hands.type(page.get_by_label("名称"), "铸造件焊接操作法")
    hands.click(page.get_by_role("button", name="保存"))
    hands.click(page.get_by_label("赵国强工匠创新工作室"), key="Space")
    hands.type(page.get_by_label("推介说明"), "欢迎来现场看")
    hands.click(page.get_by_role("button", name="发送"))

    expect(page.locator("#toasts")).to_contain_text("已推介给1个工作室")
    assert hands.clicks <= 4 + 1

    theirs = Hands(visit(cast.zhao, reverse("home")))
    theirs.click(page.get_by_role("link", name="铸造件焊接操作法"))
    theirs.click(page.get_by_role("button", name="我们采用"))

    expect(page.locator("#used")).to_contain_text("已采用")
    adoption = Adoption.objects.get()
    assert (adoption.studio, adoption.state, adoption.since_on) == (
        cast.studio_two,
        "in_use",
        timezone.localdate(),
    )
    assert Notice.objects.filter(kind="adoption_in_use", recipient=cast.chen).exists()
    assert theirs.clicks <= 2


@pytest.mark.parametrize(("button", "ending"), [("发布并下载 Word", "docx"), ("发布并下载 Excel", "xlsx")])
def test_the_report_on_the_last_month_is_issued_with_its_file_by_three_clicks(cast, visit, button, ending):
    last = Period.containing(timezone.localdate()).previous
    page = visit(cast.li, reverse("home"))
    hands = Hands(page)

    hands.click(page.get_by_role("main").get_by_role("link", name="报表", exact=True))
    hands.click(page.get_by_role("main").get_by_role("link", name="上月"))
    with page.expect_download() as download:
        hands.click(page.get_by_role("button", name=button))

    assert download.value.suggested_filename == f"青川机械集团创新工作室{last}月报 第1版.{ending}"
    assert Path(download.value.path()).read_bytes().startswith(b"PK")
    expect(page.locator("#toasts")).to_contain_text("第1版已发布")
    report = Report.objects.get()
    assert (report.period, report.issued_by) == (last.key, cast.li)
    assert hands.clicks <= 3
