"""Topics on the screen."""

from uuid import uuid4

import pytest
from django.urls import reverse

from projects.models import Topic

pytestmark = pytest.mark.usefixtures("september")


def form_of(**fields):
    return {
        "title": "降低阳极铜残极率",
        "source": "hard_point",
        "kind": "technical",
        "horizon": "short",
        "state": "running",
        "baseline": "16.2",
        "target": "14.0",
        "unit_of_measure": "%",
        **fields,
    }


def test_the_lead_fixes_a_topic_once(sign_in, cast):
    client, form = sign_in(cast.chen), form_of(once=str(uuid4()))

    for _ in range(2):
        client.post(reverse("topic-new", args=[cast.studio_one.pk]), form)

    topic = Topic.objects.get()
    assert (topic.studio, topic.goal) == (cast.studio_one, "16.2 → 14.0 %")


@pytest.mark.parametrize(("who", "status"), [("wang", 403), ("qian", 404), ("zheng", 403), ("sun", 200)])
def test_who_may_fix_a_topic(sign_in, cast, who, status):
    page = sign_in(getattr(cast, who)).get(reverse("topic-new", args=[cast.studio_one.pk]))

    assert page.status_code == status


def test_topics_are_found_by_word_state_and_unit(sign_in, cast):
    running = cast.studio_one.topics.create(title="降低残极率", state="running")
    closed = cast.studio_two.topics.create(title="铸件气孔", state="closed", no="KT-2")
    client = sign_in(cast.li)

    def found(query):
        return list(client.get(f"{reverse('topics')}?{query}").context["page"])

    assert found("q=残极") == [running]
    assert found("q=KT-2") == [closed]
    assert found("state=open") == [running]
    assert found(f"unit={cast.plant_two.pk}") == [closed]
    assert list(sign_in(cast.chen).get(reverse("topics") + "?view=all").context["page"]) == [running]


def test_two_who_change_different_fields_are_merged(sign_in, cast):
    topic = cast.studio_one.topics.create(**form_of())
    address = reverse("topic-edit", args=[topic.pk])

    sign_in(cast.lin).post(address, form_of(version="1", target="13.5"))
    sign_in(cast.chen).post(address, form_of(version="1", baseline="16.0"))

    topic.refresh_from_db()
    assert (topic.baseline, topic.target) == ("16.0", "13.5")


def test_a_number_is_given_to_one_topic(sign_in, cast):
    cast.studio_one.topics.create(title="甲", no="KT-1")

    answer = sign_in(cast.chen).post(
        reverse("topic-new", args=[cast.studio_one.pk]), form_of(once=str(uuid4()), no="KT-1")
    )

    assert answer.status_code == 422
    assert "已有这个编号的课题" in answer.content.decode()


def test_every_change_of_a_topic_stands_on_its_page_for_those_who_steer_it(sign_in, cast):
    topic = cast.studio_one.topics.create(**form_of())
    sign_in(cast.chen).post(
        reverse("topic-edit", args=[topic.pk]), form_of(title="降低残极率", version=topic.version)
    )

    page = sign_in(cast.sun).get(topic.get_absolute_url())
    last = page.context["history"][0]
    assert (last.who, [str(each) for change in last.changes for each in change]) == (
        "陈立新",
        ["名称", "降低阳极铜残极率", "降低残极率"],
    )
    assert "修改记录" in page.text
    assert "修改记录" not in sign_in(cast.wang).get(topic.get_absolute_url()).text
