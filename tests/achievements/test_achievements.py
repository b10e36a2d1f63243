"""Achievements: registered, corrected, listed, and read by those whom they concern."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from achievements import adopting
from achievements.models import Achievement, Adoption
from core.errors import NotAllowedNow
from projects.models import Topic
from studios import bin

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW, tick=False)


def found(studio, name="焊缝检测操作法", **fields):
    return Achievement.objects.create(studio=studio, name=name, **fields)


def said(client, address):
    return client.get(address).content.decode()


def test_a_new_one_is_preset_with_today_its_author_and_the_one_topic_that_is_running(cast, sign_in):
    topic = Topic.objects.create(studio=cast.studio_one, title="焊缝检测")

    page = sign_in(cast.chen).get(reverse("achievement-new", args=[cast.studio_one.pk]))

    form = page.context["form"]
    assert (form["achieved_on"].value(), form["authors"].value(), form["topic"].value()) == (
        date(2026, 11, 20),
        "陈立新",
        topic.pk,
    )
    assert "核定效益" not in page.content.decode()


def test_a_lead_registers_one_and_the_page_carries_the_offer(cast, sign_in):
    client = sign_in(cast.chen)
    to = reverse("achievement-new", args=[cast.studio_one.pk])
    once = client.get(to).context["form"]["once"].value()
    typed = {
        "once": once,
        "name": "焊缝检测操作法",
        "kind": "先进操作法",
        "authors": "王芳、老赵，陈立新",
        "benefit_claimed": "36.5",
    }

    answers = [client.post(to, typed, follow=True) for _twice in range(2)]

    made = Achievement.objects.get()
    assert answers[0].redirect_chain[-1][0] == f"/achievements/{made.pk}/#offer"
    assert "推介给其他工作室" in answers[0].content.decode()
    assert (made.kind, made.benefit_claimed, made.names) == (
        "先进操作法",
        Decimal("36.5"),
        ["王芳", "老赵", "陈立新"],
    )
    assert {person.name for person in made.people.all()} == {"王芳", "陈立新"}
    assert [(row.history_user, row.history_type) for row in made.history.all()] == [(cast.chen, "+")]


def test_the_day_has_come_and_no_number_is_given_twice(cast, sign_in):
    found(cast.studio_two, no="CG-1")
    client = sign_in(cast.chen)
    to = reverse("achievement-new", args=[cast.studio_one.pk])
    once = client.get(to).context["form"]["once"].value()

    answer = client.post(to, {"once": once, "name": "新", "no": "CG-1", "achieved_on": "2026-11-21"})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"no", "achieved_on"}


def test_the_union_verifies_what_the_studio_claims(cast, sign_in):
    one = found(cast.studio_one, benefit_claimed=36)
    to = reverse("achievement-edit", args=[one.pk])
    typed = {"version": 1, "name": one.name, "benefit_claimed": "36", "benefit_verified": "20"}

    sign_in(cast.chen).post(to, typed)
    one.refresh_from_db()
    assert one.benefit_verified is None
    sign_in(cast.sun).post(to, typed | {"version": one.version})

    one.refresh_from_db()
    assert (one.benefit_claimed, one.benefit_verified) == (36, 20)
    text = said(sign_in(cast.wang), one.get_absolute_url())
    assert "自报效益" in text
    assert "核定效益" in text


def test_two_who_correct_it_lose_nothing_and_choose_where_both_wrote(cast, sign_in):
    one = found(cast.studio_one)
    to = reverse("achievement-edit", args=[one.pk])
    client = sign_in(cast.chen)

    client.post(to, {"version": 1, "name": one.name, "used_by": "一厂焊接车间"})
    client.post(to, {"version": 1, "name": "焊缝检测新操作法"})
    clash = client.post(to, {"version": 1, "name": one.name, "used_by": "二厂"})

    one.refresh_from_db()
    assert (one.name, one.used_by, one.version) == ("焊缝检测新操作法", "一厂焊接车间", 3)
    assert clash.status_code == 422
    assert [row.label for row in clash.context["form"].clashes] == ["应用单位"]
    assert "一厂焊接车间" in said(client, one.get_absolute_url())


def test_a_kind_that_a_ledger_brought_stays_as_it_is_written(cast, sign_in):
    one = found(cast.studio_one, kind="绝招绝技")
    to = reverse("achievement-edit", args=[one.pk])
    client = sign_in(cast.chen)

    assert ("绝招绝技", "绝招绝技") in client.get(to).context["form"].fields["kind"].choices
    client.post(to, {"version": 1, "name": one.name, "kind": "绝招绝技", "used_by": "一厂"})

    one.refresh_from_db()
    assert (one.kind, one.used_by) == ("绝招绝技", "一厂")
    assert said(client, reverse("achievements") + "?view=all&kind=other").count(one.name) == 1


def test_the_last_correction_is_taken_back_and_the_people_follow(cast, sign_in):
    one = found(cast.studio_one, authors="王芳")
    one.people.add(cast.wang.person)
    client = sign_in(cast.chen)
    page = client.post(
        reverse("achievement-edit", args=[one.pk]),
        {"version": 1, "name": one.name, "authors": "林小雨"},
        follow=True,
    )
    assert [person.name for person in one.people.all()] == ["林小雨"]

    way_back = next(iter(page.context["messages"])).extra_tags.removeprefix("undo:")
    client.post(reverse("undo", args=[way_back]))

    one.refresh_from_db()
    assert one.authors == "王芳"
    assert [person.name for person in one.people.all()] == ["王芳"]


def test_a_deleted_one_comes_back_with_its_people_and_files_and_one_that_was_offered_stays(cast, sign_in):
    one = found(cast.studio_one, authors="王芳")
    one.people.add(cast.wang.person)
    client = sign_in(cast.chen)
    proof = SimpleUploadedFile("证书.pdf", b"%PDF-1.4 nothing")
    client.post(reverse("achievement-file-new", args=[one.pk]), {"files": [proof]})

    client.post(reverse("achievement-delete", args=[one.pk]))
    assert not Achievement.objects.exists()
    kept = cast.studio_one.bin.get()
    bin.take_out(kept, by=cast.chen)

    one = Achievement.objects.get(pk=one.pk)
    assert [person.name for person in one.people.all()] == ["王芳"]
    assert [file.name for file in one.files.all()] == ["证书.pdf"]
    adopting.offer(one, [cast.studio_two], text="", by=cast.chen, at=NOW)
    with pytest.raises(bin.InUse):
        bin.put(one, by=cast.chen, at=NOW)


def test_a_file_is_read_by_those_who_read_the_achievement_and_by_nobody_else(cast, sign_in):
    one = found(cast.studio_one)
    proof = SimpleUploadedFile("证书.pdf", b"%PDF-1.4 nothing")
    sign_in(cast.chen).post(reverse("achievement-file-new", args=[one.pk]), {"files": [proof]})
    to = reverse("achievement-file", args=[one.files.get().pk])

    assert sign_in(cast.zhao).get(to).status_code == 404
    adopting.offer(one, [cast.studio_two], text="", by=cast.chen, at=NOW)
    assert b"".join(sign_in(cast.zhao).get(to).streaming_content) == b"%PDF-1.4 nothing"
    assert (
        sign_in(cast.zhao).post(reverse("achievement-file-delete", args=[one.files.get().pk])).status_code
        == 403
    )


@pytest.mark.parametrize(
    ("way", "readers"),
    [
        ("kept", {"chen", "wang", "sun", "zhou", "li", "zheng"}),
        ("offered", {"chen", "wang", "sun", "zhou", "li", "zheng", "zhao", "qian", "he", "qiu"}),
        ("shown", {"chen", "wang", "sun", "zhou", "li", "zheng", "zhao", "qian", "he", "qiu"}),
    ],
)
def test_it_is_read_by_its_own_people_by_those_it_is_offered_to_and_by_all_if_it_is_shown(
    cast, sign_in, way, readers
):
    one = found(cast.studio_one, is_shown_to_all=way == "shown")
    if way == "offered":
        adopting.offer(one, [cast.studio_two], text="", by=cast.chen, at=NOW)

    may = set()
    for name in ("chen", "wang", "sun", "zhou", "li", "zheng", "zhao", "qian", "he", "qiu", "feng", "xu"):
        if sign_in(getattr(cast, name)).get(one.get_absolute_url()).status_code == 200:
            may.add(name)

    assert may == readers


def test_others_read_what_it_is_but_not_its_history_nor_what_third_studios_said(cast, sign_in):
    one = found(cast.studio_one, is_shown_to_all=True, summary="半天学会")
    sister = type(cast.studio_one).objects.create(name="孙悦劳模创新工作室", unit=cast.plant_one, position=3)
    adopting.answer(one, sister, "in_use", seen=0, by=cast.sun, at=NOW, note="机密数据")

    text = said(sign_in(cast.zhao), one.get_absolute_url())

    assert "半天学会" in text
    assert "1个工作室采用" in text
    assert "机密数据" not in text
    assert "修改记录" not in text
    assert "编辑" not in text
    assert "机密数据" in said(sign_in(cast.chen), one.get_absolute_url())


def test_the_list_is_narrowed_sorted_gathered_and_added_up(cast, sign_in):
    one = found(
        cast.studio_one, kind="QC成果", achieved_on=date(2026, 5, 1), benefit_claimed=36, benefit_verified=20
    )
    two = found(cast.studio_one, "快换工装", achieved_on=date(2025, 5, 1), benefit_claimed=4)
    found(cast.studio_two, "铸造方法", kind="QC成果", benefit_claimed=100)
    adopting.answer(one, cast.studio_two, "in_use", seen=0, by=cast.zhao, at=NOW)
    client = sign_in(cast.sun)

    def names(query):
        return [row.name for row in client.get(f"/achievements/?view=all{query}").context["page"]]

    assert names("") == [one.name, two.name]
    assert names("&o=benefit") == names("&o=-day") == [one.name, two.name]
    assert names("&o=claimed") == [two.name, one.name]
    assert names("&o=-reach")[0] == one.name
    assert names("&q=工装") == names("&year=2025") == [two.name]
    assert names("&kind=QC成果") == names("&elsewhere=1") == [one.name]
    page = client.get("/achievements/?view=all&g=kind")
    assert [total.value for total in page.context["totals"]] == ["2", "40", "20", "1"]
    assert [group.count for group in page.context["groups"]] == [1, 1]
    assert names(f"&unit={cast.plant_two.pk}") == [one.name, two.name]  # a unit he does not see says nothing


def test_a_lead_sees_his_own_first_and_what_waits_for_his_answer(cast, sign_in):
    own, offered = found(cast.studio_one), found(cast.studio_two, "铸造方法")
    adopting.offer(offered, [cast.studio_one], text="请看", by=cast.zhao, at=NOW)
    client = sign_in(cast.chen)

    first = client.get("/achievements/", follow=True)
    assert first.redirect_chain[-1][0] == "/achievements/?o=-day&whose=ours&view=ours"
    assert [row.name for row in first.context["page"]] == [own.name]
    assert "向您推介的成果" in first.content.decode()
    assert [row.name for row in client.get("/achievements/?view=all&whose=offered").context["page"]] == [
        "铸造方法"
    ]
    adopting.answer(offered, cast.studio_one, "trying", seen=1, by=cast.chen, at=NOW)
    assert "向您推介的成果" not in said(client, "/achievements/?view=all")


def test_the_tab_of_a_studio_says_what_it_found_and_what_it_uses_of_others(cast, sign_in):
    own, other = found(cast.studio_one, benefit_verified=20), found(cast.studio_two, "铸造方法")
    adopting.answer(own, cast.studio_two, "in_use", seen=0, by=cast.zhao, at=NOW)
    adopting.answer(other, cast.studio_one, "trying", seen=0, by=cast.chen, at=NOW)

    page = sign_in(cast.wang).get(reverse("studio-achievements", args=[cast.studio_one.pk]))

    assert page.context["sums"] == {"count": 1, "claimed": None, "verified": 20, "reach": 1}
    text = page.content.decode()
    assert "铸造方法" in text
    assert "试用中" in text
    assert "登记成果" not in text
    assert said(sign_in(cast.wang), f"/studios/{cast.studio_one.pk}/").count(own.get_absolute_url()) == 1


def test_a_person_is_led_from_his_page_to_the_achievement(cast, sign_in):
    one = found(cast.studio_one)
    one.people.add(cast.wang.person)

    text = said(sign_in(cast.chen), cast.wang.person.get_absolute_url())

    assert f'href="{one.get_absolute_url()}"' in text


@pytest.mark.parametrize("more", [1, 4])
def test_the_pages_ask_a_fixed_number_of_queries(cast, sign_in, more, django_assert_num_queries):
    one = found(cast.studio_one, authors="王芳、陈立新", is_shown_to_all=True)
    one.people.set([cast.wang.person, cast.chen.person])
    for number in range(more):
        found(cast.studio_one, f"第{number}项")
        sister = type(cast.studio_one).objects.create(
            name=f"第{number}劳模创新工作室", unit=cast.plant_two, position=10 + number
        )
        adopting.answer(one, sister, "in_use", seen=0, by=cast.zhao, at=NOW)
        theirs = found(sister, f"他室第{number}项")
        adopting.offer(theirs, [cast.studio_one], text="", by=cast.zhao, at=NOW)
    client = sign_in(cast.chen)
    queries = {"/achievements/?view=all": LIST, one.get_absolute_url(): PAGE, tab(cast.studio_one): TAB}
    for address in queries:
        client.get(address)

    for address, count in queries.items():
        with django_assert_num_queries(count):
            client.get(address)


LIST, PAGE, TAB = 17, 22, 16


def tab(studio):
    return reverse("studio-achievements", args=[studio.pk])


def test_the_database_refuses_what_contradicts_itself(cast):
    one = found(cast.studio_one)
    contradictions = [
        {"state": "offered"},  # by whom?
        {"state": "in_use", "answered_at": timezone.now()},  # since when?
        {"state": "declined", "answered_at": timezone.now()},  # why?
        {"state": "trying"},  # answered when?
        {"state": "verified", "answered_at": timezone.now(), "since_on": NOW.date()},  # verified when?
        {"state": "trying", "answered_at": timezone.now(), "saved": -1},
    ]
    for fields in contradictions:
        with pytest.raises(IntegrityError), transaction.atomic():
            Adoption.objects.create(achievement=one, studio=cast.studio_two, **fields)
    assert not Adoption.objects.exists()
    with pytest.raises(NotAllowedNow):
        adopting.answer(one, cast.studio_one, "in_use", seen=0, by=cast.chen, at=NOW)
