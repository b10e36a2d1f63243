"""The topics an application stated become topics of the studio it named, once."""

from datetime import date

import pytest
from django.urls import reverse

from projects.models import Topic
from projects.stated_topics import lay_out
from projects.tasks import do_day
from studios.naming import approve
from tests.studios.applications import application_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


@pytest.fixture
def studio(cast):
    """Named just now, by an application that states two topics."""
    stated = [
        {"title": "流量计在线校准", "target": "0.5", "unit_of_measure": "%", "due_on": "2027-06-30"},
        {"title": " 阀门防冻 ", "due_on": None},
        {"title": ""},
    ]
    application = application_of(cast, cast.lin, "unit_checked", topics=stated)
    return approve(application, by=cast.zhou, on=DAY, doc_no="青工〔2026〕9号")


def titles(studio):
    return list(studio.topics.order_by("pk").values_list("title", flat=True))


def test_whoever_opens_the_topics_of_a_new_studio_finds_those_it_stated(sign_in, cast, studio):
    assert titles(studio) == []

    page = sign_in(cast.zhou).get(reverse("topics") + f"?studio={studio.pk}").content.decode()

    assert "流量计在线校准" in page
    assert titles(studio) == ["流量计在线校准", "阀门防冻"]
    topic = studio.topics.get(title="流量计在线校准")
    assert (topic.target, topic.unit_of_measure, topic.due_on) == ("0.5", "%", date(2027, 6, 30))
    assert topic.history.get().history_user == cast.lin


def test_whoever_opens_a_plan_first_lays_them_out_too(sign_in, cast, studio, time_machine):
    time_machine.move_to(DAY)
    sign_in(cast.zhou).get(reverse("month", args=[studio.pk, "2026-11"]))

    assert titles(studio) == ["流量计在线校准", "阀门防冻"]


def test_the_night_lays_them_out_once_and_never_again_after_somebody_deleted_one(cast, studio):
    do_day(str(DAY))
    Topic.objects.get(title="阀门防冻").delete()

    assert lay_out(on=DAY) == 0
    do_day(str(DAY))
    assert titles(studio) == ["流量计在线校准"]


def test_a_topic_that_somebody_wrote_down_already_is_not_doubled(cast, studio):
    Topic.objects.create(studio=studio, title="阀门防冻", target="0")

    assert lay_out(on=DAY) == 1
    assert titles(studio) == ["阀门防冻", "流量计在线校准"]


def test_an_application_that_was_not_approved_makes_no_topics(cast):
    application_of(cast, cast.lin, "unit_checked")

    assert lay_out(on=DAY) == 0


def test_where_nothing_is_to_be_laid_out_it_costs_one_question(cast, studio, django_assert_num_queries):
    lay_out(on=DAY)

    with django_assert_num_queries(1):
        lay_out(on=DAY)
