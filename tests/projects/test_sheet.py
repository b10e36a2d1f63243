"""The month sheet: the team's month on one page, saved cell by cell."""

import re
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from projects.models import Indicator, Milestone, PlanItem, ProgressEntry, Topic
from projects.progress import report
from tests.projects.conftest import NOON, plan_of

pytestmark = pytest.mark.usefixtures("september")


def sheet(studio, period="2026-09"):
    return reverse("month-sheet", args=[studio.pk, period])


@pytest.fixture
def team(cast, work):
    """Two members carry indicators of the month's test, the lead a yes/no and milestones of a second item."""

    def carry(item, person, name, **fields):
        return Indicator.objects.create(item=item, person=person, name=name, **fields)

    number = {"kind": "number", "start": Decimal(0), "target": Decimal(3), "unit_of_measure": "组"}
    work.wang = carry(work.test, cast.wang.person, "完成试验组数", **number)
    work.lin = carry(work.test, cast.lin.person, "整理数据组数", **number)
    work.rig = PlanItem.objects.create(
        plan=plan_of(cast.studio_one, "2026-09"), content="搭建试验台", owner=cast.chen.person
    )
    work.ready = carry(work.rig, cast.chen.person, "试验台可用", kind="yes_no")
    work.steps = carry(work.rig, cast.chen.person, "建设步骤", kind="milestones")
    work.bought, work.built = (
        Milestone.objects.create(indicator=work.steps, title=title) for title in ("采购", "安装")
    )
    return work


def cell(client, item, key, value, opened="", **more):
    sent = {"cell": key, "value": value, "opened": opened, "token": str(uuid4()), **more}
    return client.post(reverse("sheet-cell", args=[item.pk]), sent)


def whole(page):
    """What the form of a page would send if one pressed its button."""
    fields = re.findall(r"<input([^>]*)>", page.content.decode().split('id="sheet"')[1].split("</form>")[0])
    sent = {}
    for field in fields:
        told = dict(re.findall(r'([\w-]+)="([^"]*)"', field))
        if told.get("type") == "checkbox" and " checked" not in field:
            continue
        if "name" in told:
            sent.setdefault(told["name"], []).append(told.get("value", ""))
    return sent


def test_the_lead_sees_every_members_indicator_under_its_item_and_topic(sign_in, cast, team):
    topic = Topic.objects.create(studio=cast.studio_one, title="降低残极率")
    PlanItem.objects.filter(pk=team.test.pk).update(topic=topic)

    page = sign_in(cast.chen).get(sheet(cast.studio_one)).content.decode()

    said = re.sub(r"<[^>]+>|\s+", " ", page)
    assert re.search(
        "降低残极率.*完成3组单因素试验.*王芳.*完成试验组数.*3 组.*林小雨.*整理数据组数.*没有课题", said
    )
    for key in (team.wang, team.lin, team.ready, team.steps):
        assert f'name="value-n{key.pk}"' in page
    assert f'name="value-i{team.study.pk}"' in page


def test_a_member_types_into_his_own_cells_alone_and_a_reader_into_none(sign_in, cast, team):
    own = sign_in(cast.wang).get(sheet(cast.studio_one)).content.decode()
    assert re.findall(r'name="value-(\w+)"', own) == [f"n{team.wang.pk}"]

    read = sign_in(cast.zheng).get(sheet(cast.studio_one)).content.decode()
    assert 'name="value-' not in read
    assert "完成试验组数" in read


def test_a_cell_saves_by_itself_and_says_what_moved_with_it(sign_in, cast, team):
    answer = cell(sign_in(cast.chen), team.test, f"n{team.wang.pk}", "2", note="第二组做完")

    assert answer.status_code == 200
    told = answer.json()
    assert (told["value"], told["share"]) == ("2", "66%")
    assert "33%" in told["item"]
    assert "陈立新" in told["entry"]
    assert "第二组做完" in told["entry"]
    entry = ProgressEntry.objects.get()
    assert (entry.by, entry.indicator, entry.value_before, entry.value_after) == (
        cast.chen,
        team.wang,
        None,
        2,
    )


@pytest.mark.parametrize(
    ("typed", "stored"), [("４０", 40), ("40%", 40), (" 40.5 ", Decimal("40.5")), ("0040", 40)]
)
def test_a_number_is_read_as_people_write_it(sign_in, cast, team, typed, stored):
    cell(sign_in(cast.lin), team.study, f"i{team.study.pk}", typed)

    team.study.refresh_from_db()
    assert team.study.percent == stored


@pytest.mark.parametrize(
    ("typed", "sentence"), [("很多", "输入一个数"), ("101", "小于"), ("-1", "大于"), ("", "不能清空")]
)
def test_what_cannot_be_read_is_refused_with_a_sentence(sign_in, cast, team, typed, sentence):
    report(team.study, by=cast.lin, at=NOON, percent=Decimal(10))

    answer = cell(sign_in(cast.lin), team.study, f"i{team.study.pk}", typed, opened="10")

    assert answer.status_code == 422
    assert sentence in answer.json()["error"]
    assert ProgressEntry.objects.count() == 1


def test_who_was_slower_sees_both_values_and_the_choice_is_asked_again_if_a_third_was_faster(
    sign_in, cast, team
):
    report(team.test, by=cast.wang, at=NOON, indicator=team.wang, value=Decimal(1))

    answer = cell(sign_in(cast.chen), team.test, f"n{team.wang.pk}", "2", opened="")

    assert answer.status_code == 409
    assert answer.json() == {
        "value": "1", "theirs": "1 组", "mine": "2 组", "who": "王芳", "when": "9月18日 12:00",
    }  # fmt: skip
    report(team.test, by=cast.lin, at=NOON, indicator=team.wang, value=Decimal("1.5"))
    assert cell(sign_in(cast.chen), team.test, f"n{team.wang.pk}", "2", opened="1").status_code == 409
    assert cell(sign_in(cast.chen), team.test, f"n{team.wang.pk}", "2", opened="1.5").status_code == 200
    team.wang.refresh_from_db()
    assert team.wang.value == 2


def test_two_who_type_the_same_do_not_quarrel(sign_in, cast, team):
    report(team.test, by=cast.wang, at=NOON, indicator=team.wang, value=Decimal(2))

    assert cell(sign_in(cast.chen), team.test, f"n{team.wang.pk}", "2.0", opened="").status_code == 200
    assert ProgressEntry.objects.count() == 1


def test_a_note_alone_never_takes_a_newer_value_back(sign_in, cast, team):
    report(team.test, by=cast.wang, at=NOON, indicator=team.wang, value=Decimal(2))

    answer = cell(sign_in(cast.chen), team.test, f"n{team.wang.pk}", "", opened="", note="抓紧")

    assert answer.json()["value"] == "2"
    assert ProgressEntry.objects.latest("pk").note == "抓紧"


def test_a_cell_sent_twice_is_one_entry(sign_in, cast, team):
    token = str(uuid4())
    for _time in range(2):
        answer = cell(sign_in(cast.chen), team.test, f"n{team.wang.pk}", "2", note="两组", token=token)
        assert answer.status_code == 200

    assert ProgressEntry.objects.count() == 1


def test_yes_and_milestones_are_ticked(sign_in, cast, team):
    client = sign_in(cast.chen)

    cell(client, team.rig, f"n{team.ready.pk}", "1", opened="0")
    answer = cell(client, team.rig, f"n{team.steps.pk}", str(team.built.pk))

    assert answer.json()["share"] == "50%"
    team.ready.refresh_from_db()
    assert team.ready.value == 1
    assert list(Milestone.objects.exclude(reached_on=None)) == [team.built]


def test_nothing_changed_is_a_statement_with_name_and_time_and_moves_no_figure(sign_in, cast, team):
    report(team.study, by=cast.lin, at=NOON, percent=Decimal(30))

    answer = sign_in(cast.lin).post(reverse("sheet-cell", args=[team.study.pk]), {"same": "1"})

    assert "没有变化" in answer.json()["entry"]
    entry = ProgressEntry.objects.latest("pk")
    assert (entry.by, entry.at, entry.percent_before, entry.percent_after) == (cast.lin, NOON, 30, 30)


@pytest.mark.parametrize(
    ("who", "code"), [("chen", 200), ("lin", 200), ("wang", 200), ("li", 200), ("sun", 200), ("zheng", 403)]
)
def test_who_may_write_into_a_members_cell(sign_in, cast, team, who, code):
    answer = cell(sign_in(getattr(cast, who)), team.test, f"n{team.wang.pk}", "1")

    assert answer.status_code == code


def test_nobody_writes_into_the_cell_of_another_member_or_of_another_studio(sign_in, cast, team):
    assert cell(sign_in(cast.wang), team.test, f"n{team.lin.pk}", "1").status_code == 422
    assert cell(sign_in(cast.zhao), team.test, f"n{team.wang.pk}", "1").status_code == 404
    assert not ProgressEntry.objects.exists()


def test_without_javascript_the_whole_sheet_is_one_form(sign_in, cast, team):
    client = sign_in(cast.chen)
    sent = whole(client.get(sheet(cast.studio_one)))
    sent |= {
        f"value-n{team.wang.pk}": "1",
        f"note-n{team.wang.pk}": "第一组",
        f"value-n{team.ready.pk}": "1",
        f"value-n{team.steps.pk}": [team.bought.pk, team.built.pk],
        f"value-i{team.study.pk}": "60",
    }

    page = client.post(sheet(cast.studio_one), sent, follow=True)

    assert "已保存 4 个数" in page.content.decode()
    assert ProgressEntry.objects.count() == 4
    team.rig.refresh_from_db()
    assert team.rig.state == "done"


def test_good_cells_are_saved_and_wrong_ones_come_back_with_their_text(sign_in, cast, team):
    client = sign_in(cast.chen)
    sent = whole(client.get(sheet(cast.studio_one)))
    report(team.test, by=cast.wang, at=NOON, indicator=team.wang, value=Decimal(1))
    sent |= {
        f"value-n{team.wang.pk}": "2",
        f"value-n{team.lin.pk}": "一组半",
        f"note-n{team.lin.pk}": "数据还在核对",
        f"value-i{team.study.pk}": "60",
    }

    page = client.post(sheet(cast.studio_one), sent)

    said = page.content.decode()
    assert page.status_code == 422
    assert ("一组半" in said, "数据还在核对" in said, "输入一个数" in said) == (True,) * 3
    assert re.search("王芳 于 <time[^>]*>9月18日 12:00", said)
    team.study.refresh_from_db()
    team.wang.refresh_from_db()
    assert (team.study.percent, team.wang.value) == (60, 1)
    # Pressed again with "mine": now the value that was seen is the newer one.
    again = whole(page) | {f"value-n{team.lin.pk}": "1.5", f"choice-n{team.wang.pk}": "mine"}
    assert client.post(sheet(cast.studio_one), again).status_code == 302
    team.wang.refresh_from_db()
    assert team.wang.value == 2


def test_the_other_value_can_be_left_standing_without_javascript(sign_in, cast, team):
    client = sign_in(cast.chen)
    sent = whole(client.get(sheet(cast.studio_one))) | {f"value-n{team.wang.pk}": "2"}
    report(team.test, by=cast.wang, at=NOON, indicator=team.wang, value=Decimal(1))
    page = client.post(sheet(cast.studio_one), sent)

    client.post(sheet(cast.studio_one), whole(page) | {f"choice-n{team.wang.pk}": "theirs"})

    team.wang.refresh_from_db()
    assert team.wang.value == 1


def test_nothing_changed_in_the_rest_leaves_out_what_was_reported(sign_in, cast, team):
    report(team.study, by=cast.lin, at=NOON, percent=Decimal(30))
    client = sign_in(cast.chen)
    sent = whole(client.get(sheet(cast.studio_one))) | {"same": "rest", f"value-n{team.ready.pk}": "1"}

    page = client.post(sheet(cast.studio_one), sent, follow=True)

    assert "已记录 1 项没有变化" in page.content.decode()
    assert ProgressEntry.objects.get(note="没有变化。").item == team.test
    client.post(sheet(cast.studio_one), sent)
    assert ProgressEntry.objects.filter(note="没有变化。").count() == 1


def test_a_reader_cannot_send_the_sheet(sign_in, cast, team):
    assert sign_in(cast.zheng).post(sheet(cast.studio_one), {}).status_code == 403


def test_only_months_have_a_sheet(sign_in, cast, team):
    assert sign_in(cast.chen).get(sheet(cast.studio_one, "2026-Q3")).status_code == 404


def photo(name="现场.jpg"):
    kept = BytesIO()
    Image.new("RGB", (40, 30), "red").save(kept, "JPEG")
    return SimpleUploadedFile(name, kept.getvalue(), "image/jpeg")


def test_photos_come_with_a_value_or_alone_and_the_same_ones_once(sign_in, cast, team):
    client, key = sign_in(cast.wang), f"n{team.wang.pk}"
    token = str(uuid4())

    for _ in range(2):
        answer = cell(client, team.test, key, "2", token=token, files=[photo(), photo("近景.jpg")])
    alone = cell(client, team.test, key, "2", "2", files=[photo("完工.jpg")])

    assert (answer.status_code, alone.status_code) == (200, 200)
    assert "2 份照片或附件" in answer.json()["entry"]
    first, second = ProgressEntry.objects.order_by("pk")
    assert (first.value_before, first.value_after, second.value_before, second.value_after) == (None, 2, 2, 2)
    assert [proof.name for proof in first.evidence.order_by("pk")] == ["现场.jpg", "近景.jpg"]
    assert [proof.name for proof in second.evidence.all()] == ["完工.jpg"]
    page = client.get(sheet(cast.studio_one)).content.decode()
    assert "1 份照片或附件" in page


def test_what_is_no_photo_is_refused_at_its_cell_and_nothing_is_saved(sign_in, cast, team):
    wrong = SimpleUploadedFile("现场.jpg", b"<html>", "image/jpeg")

    answer = cell(sign_in(cast.wang), team.test, f"n{team.wang.pk}", "2", files=[wrong])

    assert answer.status_code == 422
    assert "“现场.jpg”" in answer.json()["error"]
    assert not ProgressEntry.objects.exists()


@pytest.mark.parametrize("more", [1, 3])
def test_the_sheet_asks_a_fixed_number_of_queries(sign_in, cast, team, more, django_assert_num_queries):
    for number in range(more):
        item = PlanItem.objects.create(plan=team.test.plan, content=f"计划项{number}")
        carried = Indicator.objects.create(item=item, person=cast.wang.person, name="评定", kind="judged")
        report(item, by=cast.chen, at=NOON, indicator=carried, value=Decimal(5))
    client = sign_in(cast.chen)
    client.get(sheet(cast.studio_one))

    with django_assert_num_queries(25):
        client.get(sheet(cast.studio_one))
