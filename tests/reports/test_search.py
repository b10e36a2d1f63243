"""Search finds what one may see, and says nothing of anything else."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from members.models import Person
from projects.lessons import Texts, confirm, propose
from projects.models import Plan, PlanItem, Topic
from reports.search import search, visited, words_of
from studios.models import Studio

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(cast):
    """A topic and an item in each of the two studios, about the same thing."""
    for studio in (cast.studio_one, cast.studio_two):
        Topic.objects.create(studio=studio, title=f"{studio.trade}机器人改造")
        plan = Plan.objects.get(studio=studio, period="2026-11")
        PlanItem.objects.create(plan=plan, content=f"完成机器人{studio.trade}试验", due_on=date(2026, 11, 30))
    return cast


def found(user, text):
    """{kind: titles} of what a user finds."""
    return {group.name: [str(hit.title) for hit in group.hits] for group in search(user, words_of(text))}


def test_two_chinese_characters_find_things_of_every_kind(work):
    assert found(work.li, "机器") == {
        "topics": ["铸造机器人改造", "焊接机器人改造"],
        "items": ["完成机器人铸造试验", "完成机器人焊接试验"],
    }
    assert found(work.li, "立新") == {"studios": ["陈立新劳模创新工作室"], "people": ["陈立新"]}


def test_a_confirmed_lesson_is_found_by_every_studio(work):
    topic = Topic.objects.get(studio=work.studio_one)
    texts = Texts("夜班光照下试了两周", "光照不足时识别失效", "先改照明再上设备")
    lesson = propose(topic, texts, by=work.chen, at=timezone.now())
    assert found(work.zhao, "光照") == {}

    confirm(lesson, by=work.sun, at=timezone.now(), seen=1)

    assert found(work.zhao, "光照") == {"lessons": [topic.title]}
    assert found(work.xu, "光照") == {}


def test_a_lead_finds_his_own_studio_and_nothing_of_the_other_plant(work):
    assert found(work.chen, "机器") == {"topics": ["焊接机器人改造"], "items": ["完成机器人焊接试验"]}
    assert found(work.zhao, "立新") == {}
    assert found(work.he, "陈立新") == {}
    assert found(work.xu, "机器") == {}


@pytest.mark.parametrize(
    ("typed", "kinds"), [("clx", {"studios", "people"}), ("ＣＬＸ", {"studios", "people"})]
)
def test_pinyin_initials_find_studios_and_people(work, typed, kinds):
    assert found(work.li, typed).keys() == kinds


def test_a_staff_number_finds_its_person(work):
    assert found(work.li, "9wang") == {"people": ["王芳"]}


def test_every_word_must_occur(work):
    assert found(work.li, "机器 焊接") == {"topics": ["焊接机器人改造"], "items": ["完成机器人焊接试验"]}
    assert found(work.li, "机器 锻压") == {}


def test_what_begins_with_the_words_stands_before_what_contains_them(cast):
    for name in ("老王芳", "王芳芳"):
        Person.objects.create(name=name, unit=cast.plant_one)

    assert found(cast.li, "王芳")["people"] == ["王芳", "王芳芳", "老王芳"]


@pytest.mark.parametrize("typed", ["王", "%", " _ ", "", "\0"])
def test_less_than_two_characters_find_nothing(work, typed):
    assert found(work.li, typed) == {}


@pytest.mark.parametrize("typed", ["%%", "__", "机%人", "'; --", "\0\0机"])
def test_signs_mean_themselves(work, typed):
    assert found(work.li, typed) == {}


def test_at_most_eight_of_a_kind_with_the_way_to_all_of_them(cast, sign_in):
    Studio.objects.bulk_create(
        Studio(name=f"数控{number}工作室", unit=cast.plant_one, position=number) for number in range(10, 19)
    )
    page = sign_in(cast.li).get(reverse("search"), {"q": "数控"})

    assert page.context["count"] == 8
    assert f"{reverse('studios')}?q=%E6%95%B0%E6%8E%A7" in page.text


def test_pages_are_found_by_name_and_initials_if_one_may_open_them(cast):
    assert found(cast.zhou, "用户") == {"pages": ["用户"]}
    assert found(cast.zhou, "gzs")["pages"] == ["工作室", "工作室成员"]
    assert found(cast.chen, "用户") == {}


def test_the_page_says_that_nothing_was_found_and_why(cast, sign_in):
    page = sign_in(cast.chen).get(reverse("search"), {"q": "赵国强"})

    assert page.status_code == 200
    assert "没有找到" in page.text
    assert "以外的内容不在搜索范围内" in page.text


def test_a_single_character_is_answered_with_what_to_do(cast, sign_in):
    assert "请输入两个字以上" in sign_in(cast.chen).get(reverse("search"), {"q": "王"}).text


def test_what_was_typed_comes_back_as_text_never_as_markup(cast, sign_in):
    page = sign_in(cast.chen).get(reverse("search"), {"q": "<b>x</b>"})

    assert "<b>x</b>" not in page.text
    assert "&lt;b&gt;x&lt;/b&gt;" in page.text


def test_without_a_word_the_palette_offers_the_last_visited_one_may_still_see_and_the_pages(work, sign_in):
    one, two = work.studio_one, work.studio_two
    item = PlanItem.objects.get(plan__studio=one)
    addresses = f"items/{item.pk},studios/{two.pk},studios/{one.pk},units/1,studios/x,,people/99999"
    page = sign_in(work.chen).get(reverse("search-palette"), {"q": "", "visited": addresses})

    first = page.context["groups"][0]
    assert (first.name, [hit.title for hit in first.hits]) == ("visited", [item.content, one.name])
    assert two.name not in page.text


def test_an_address_visited_twice_is_offered_once(cast):
    one = f"studios/{cast.studio_one.pk}"

    assert [hit.title for hit in visited(cast.chen, [one, one]).hits] == ["陈立新劳模创新工作室"]


@pytest.mark.parametrize("more", [0, 20])
def test_a_search_costs_the_same_number_of_queries_however_much_is_found(
    work, more, sign_in, django_assert_num_queries
):
    plan = Plan.objects.get(studio=work.studio_one, period="2026-10")
    PlanItem.objects.bulk_create(PlanItem(plan=plan, content=f"机器人 {n}") for n in range(more))
    client = sign_in(work.li)
    client.get(reverse("search-palette"))

    # Seven to know who asks and what he may open; studios, people, topics and items one each.
    with django_assert_num_queries(11):
        client.get(reverse("search-palette"), {"q": "机器"})


def test_strangers_are_asked_to_sign_in(client, db):
    for name in ("search", "search-palette"):
        assert client.get(reverse(name), {"q": "王芳"}).url.startswith(reverse("sign-in"))
