"""The four boxes of a month, and reporting in place."""

import re
from datetime import date
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from projects.models import Evidence, Indicator, PlanItem, ProgressEntry
from projects.month_page import four_boxes, gaps
from projects.progress import report
from tests.projects.conftest import NOON, plan_of

pytestmark = pytest.mark.usefixtures("september")


def month(studio, period="2026-09"):
    return reverse("month", args=[studio.pk, period])


def told(**fields):
    return {"token": str(uuid4()), "note": "", **fields}


def box(page, key):
    """The text of one card of the page."""
    card = re.search(rf'<section class="x-card[^"]*" id="{key}">(.*?)</section>', page.content.decode(), re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", card[1]).split())


def test_items_lie_in_the_box_of_their_question():
    def item(pk, **fields):
        return PlanItem(pk=pk, content=str(pk), **fields)

    late = item(1, due_on=date(2026, 9, 1))
    later = item(2, due_on=date(2026, 9, 30))
    done = item(3, state="done")
    study, training = item(4, kind="study"), item(5, kind="training")

    boxes = four_boxes(
        month=[done, study, later, training, late], next_month=[], quarter=[item(6)], on=date(2026, 9, 18)
    )

    assert boxes.finish == [late, later, done]
    assert boxes.learn == [study, training]
    assert [item.pk for item in boxes.quarter] == [6]


def test_a_vague_item_is_named_as_such():
    assert gaps(PlanItem(content="推进课题研究")) == ["完成标准", "责任人", "完成时限"]
    assert gaps(PlanItem(content="推进课题研究", state="done")) == []


def test_the_lead_sees_this_month_the_study_the_next_month_and_the_quarter(sign_in, cast, work):
    PlanItem.objects.create(plan=plan_of(cast.studio_one, "2026-10"), content="组织正交试验")

    page = sign_in(cast.chen).get(month(cast.studio_one))

    assert "完成3组单因素试验" in box(page, "finish")
    assert "学习QC七种工具" in box(page, "learn")
    assert "组织正交试验" in box(page, "next")
    assert "完成工业试验" in box(page, "quarter")
    assert "备件到货验收" in box(page, "overdue")
    assert "王芳" in box(page, "indicators")


def test_what_is_done_is_folded_away_below_what_is_still_open(sign_in, cast, work):
    PlanItem.objects.filter(pk=work.test.pk).update(state="done", percent=100)
    PlanItem.objects.create(plan=plan_of(cast.studio_one, "2026-09"), content="整理数据")

    page = sign_in(cast.chen).get(month(cast.studio_one))

    assert re.search("整理数据 .*已完成 1 项 完成3组单因素试验$", box(page, "finish"))
    assert "已完成 1 项" not in box(page, "learn")
    fold = re.search(r"<details[^>]*>(?:(?!</details>).)*完成3组单因素试验", page.content.decode(), re.S)[0]
    assert " open" not in fold.partition(">")[0]
    assert f'id="item-{work.test.pk}"' in fold


def test_a_box_whose_items_are_all_done_says_so(sign_in, cast, work):
    PlanItem.objects.filter(pk=work.test.pk).update(state="done", percent=100)

    page = sign_in(cast.chen).get(month(cast.studio_one))

    assert "都已完成。 已完成 1 项 完成3组单因素试验" in box(page, "finish")
    assert "都已完成" not in box(page, "quarter")


def test_looking_at_the_coming_year_lays_its_plans_out_from_november_on(sign_in, cast, work):
    assert sign_in(cast.chen).get(month(cast.studio_one, "2027-01")).status_code == 404


def test_a_report_by_form_comes_back_to_its_row(sign_in, cast, work):
    client = sign_in(cast.wang)

    answer = client.post(
        reverse("item-report", args=[work.test.pk]),
        told(percent="40", note="完成第一组"),
        headers={"referer": "http://testserver" + month(cast.studio_one)},
    )

    assert answer.url == f"{month(cast.studio_one)}#item-{work.test.pk}"
    entry = ProgressEntry.objects.get()
    assert (entry.by, entry.percent_after, entry.note) == (cast.wang, 40, "完成第一组")
    # A fifth of the month's other item is missing: 3 x 40 % of weights 3 and 1.
    assert plan_of(cast.studio_one, "2026-09").shown == "30"
    assert plan_of(cast.studio_one, "2026").shown == "24"


def test_a_report_by_htmx_brings_its_row_the_figures_and_the_item_above(sign_in, cast, work):
    client = sign_in(cast.wang)

    answer = client.post(
        reverse("item-report", args=[work.test.pk]),
        told(percent="40"),
        headers={"hx-request": "true", "referer": "http://testserver" + month(cast.studio_one)},
    )

    text = answer.content.decode()
    assert f'id="item-{work.test.pk}"' in text
    assert 'id="figures" hx-swap-oob="true"' in text
    assert "30%" in text
    assert f'hx-swap-oob="outerHTML:#item-{work.quarter.pk}"' in text
    assert "填报已保存" in text


def test_the_same_form_sent_twice_is_one_entry(sign_in, cast, work):
    client, form = sign_in(cast.wang), told(percent="40")

    for _ in range(2):
        client.post(reverse("item-report", args=[work.test.pk]), form)

    assert ProgressEntry.objects.count() == 1


def test_nothing_typed_is_lost_when_the_number_is_wrong(sign_in, cast, work):
    client = sign_in(cast.wang)

    answer = client.post(reverse("item-report", args=[work.test.pk]), told(percent="140", note="超额完成了"))

    assert answer.status_code == 422
    assert "超额完成了" in answer.content.decode()
    assert ProgressEntry.objects.count() == 0


@pytest.mark.parametrize(("who", "status"), [("qian", 404), ("zheng", 403), ("wang", 403), ("lin", 302)])
def test_who_may_report_on_the_item_of_another(sign_in, cast, work, who, status):
    answer = sign_in(getattr(cast, who)).post(
        reverse("item-report", args=[work.august.pk]), told(percent="40")
    )

    assert answer.status_code == status


def test_a_member_reports_his_own_indicator_and_nobody_elses(sign_in, cast, work):
    mine = Indicator.objects.create(item=work.test, person=cast.wang.person, name="组数", start=0, target=3)
    others = Indicator.objects.create(item=work.test, person=cast.lin.person, name="报告", kind="yes_no")
    form = told(**{f"indicator_{mine.pk}": "2", f"indicator_{others.pk}": "on", "percent": "90"})

    sign_in(cast.wang).post(reverse("item-report", args=[work.test.pk]), form)

    mine.refresh_from_db()
    others.refresh_from_db()
    assert (mine.value, others.value) == (2, None)
    assert PlanItem.objects.get(pk=work.test.pk).shown == "33"


def test_the_lead_reports_several_indicators_in_one_form(sign_in, cast, work):
    numbers = Indicator.objects.create(
        item=work.test, person=cast.wang.person, name="组数", start=0, target=4
    )
    yes_no = Indicator.objects.create(item=work.test, person=cast.lin.person, name="报告", kind="yes_no")
    form = told(**{f"indicator_{numbers.pk}": "1", f"indicator_{yes_no.pk}": "on"})

    sign_in(cast.chen).post(reverse("item-report", args=[work.test.pk]), form)

    assert ProgressEntry.objects.count() == 2
    assert PlanItem.objects.get(pk=work.test.pk).shown == "62"


def photo():
    kept = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    Image.new("RGB", (40, 30), "red").save(kept, "JPEG", exif=exif)
    return SimpleUploadedFile("现场 照片.jpg", kept.getvalue(), "image/jpeg")


def test_a_photo_is_kept_without_where_it_came_from_and_read_by_those_who_may(
    sign_in, cast, work, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    sign_in(cast.wang).post(reverse("item-report", args=[work.test.pk]), told(percent="40", files=[photo()]))
    proof = Evidence.objects.get()

    answer = sign_in(cast.sun).get(reverse("evidence", args=[proof.pk]))
    content = b"".join(answer.streaming_content)

    assert proof.name == "现场 照片.jpg"
    assert "现场" not in proof.file.name
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"SecretPhone" not in content
    assert sign_in(cast.he).get(reverse("evidence", args=[proof.pk])).status_code == 404


def test_a_page_of_html_in_a_photos_clothes_is_refused(sign_in, cast, work):
    disguised = SimpleUploadedFile("照片.jpg", b"<html><script>alert(1)</script>", "image/jpeg")

    answer = sign_in(cast.wang).post(
        reverse("item-report", args=[work.test.pk]), told(percent="40", files=[disguised])
    )

    assert answer.status_code == 422
    assert ProgressEntry.objects.count() == 0


@pytest.mark.parametrize(
    ("who", "state", "status"),
    [
        ("wang", "undone", 302),
        ("wang", "cancelled", 422),
        ("chen", "cancelled", 302),
        ("sun", "tolerated", 422),
        ("chen", "carried", 302),
    ],
)
def test_who_may_bring_an_item_into_which_state(sign_in, cast, work, who, state, status):
    form = {"token": str(uuid4()), "state": state, "reason": "设备检修"}

    answer = sign_in(getattr(cast, who)).post(reverse("item-state", args=[work.test.pk]), form)

    assert answer.status_code == status
    assert PlanItem.objects.get(pk=work.test.pk).state == (state if status == 302 else "not_started")


def test_an_outcome_without_a_reason_is_asked_again(sign_in, cast, work):
    form = {"token": str(uuid4()), "state": "undone", "reason": ""}

    answer = sign_in(cast.wang).post(reverse("item-state", args=[work.test.pk]), form)

    assert answer.status_code == 422
    assert "请说明原因" in answer.content.decode()


def test_an_item_for_next_month_is_added_in_place_and_once(sign_in, cast, work):
    client = sign_in(cast.chen)
    form = {"quick": "1", "once": str(uuid4()), "content": "组织正交试验9组", "kind": "research"}

    for _ in range(2):
        client.post(reverse("item-new", args=[cast.studio_one.pk, "2026-10"]), form)

    assert plan_of(cast.studio_one, "2026-10").planned == 1


@pytest.mark.parametrize("more", [1, 3])
def test_the_page_asks_a_fixed_number_of_queries(sign_in, cast, work, more, django_assert_num_queries):
    for number in range(more):
        for plan, parent in ((work.test.plan, work.quarter), (work.quarter.plan, work.year)):
            item = PlanItem.objects.create(
                plan=plan, parent=parent, content=f"第{number}项", owner=cast.lin.person
            )
            Indicator.objects.create(item=item, person=cast.wang.person, name="组数", start=0, target=3)
    report(work.august, by=cast.lin, at=NOON, percent=Decimal(10))
    client = sign_in(cast.chen)
    client.get(month(cast.studio_one))

    with django_assert_num_queries(42):
        client.get(month(cast.studio_one))
