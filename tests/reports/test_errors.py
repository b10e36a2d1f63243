"""Who may not is told who can; who came to where nothing is finds what he meant; a fault has a number."""

import logging
import re

import pytest
from django.test import Client
from django.urls import reverse

from members.models import User

pytestmark = pytest.mark.django_db


def told(answer):
    return re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())


def test_whoever_may_not_is_told_who_may_and_who_gives_the_right(sign_in, cast):
    answer = sign_in(cast.wang).get(reverse("topic-new", args=[cast.studio_one.pk]))

    assert answer.status_code == 403
    assert [str(user) for user in answer.context["who_may"]] == [
        str(user) for user in (cast.chen, cast.lin, cast.sun, cast.li, cast.zhou, cast.wu)
    ]
    assert answer.context["who_grants"] == [cast.zhou, cast.wu]
    assert "这些人可以办理" in told(answer)
    assert str(cast.chen) in told(answer)


def test_nobody_of_another_plant_and_nobody_locked_out_is_named(sign_in, cast):
    User.objects.filter(pk=cast.chen.pk).update(is_active=False)

    may = sign_in(cast.wang).get(reverse("topic-new", args=[cast.studio_one.pk])).context["who_may"]

    assert cast.chen not in may
    assert cast.zhao not in may
    assert cast.qian not in may


def test_a_page_of_no_single_object_names_those_who_hold_its_right_anywhere(sign_in, cast):
    answer = sign_in(cast.wang).get(reverse("jobs"))

    assert answer.status_code == 403
    assert set(answer.context["who_may"]) == {cast.zhou, cast.wu, cast.feng}


def test_the_words_of_an_address_are_looked_for(sign_in, cast):
    answer = sign_in(cast.li).get("/studios/立新工作室不在这里/立新/")
    partly = sign_in(cast.li).get("/studios/陈立新/")

    assert (answer.status_code, partly.status_code) == (404, 404)
    assert "陈立新劳模创新工作室" in told(partly)


def test_an_address_nearly_right_leads_to_the_page_that_was_meant(sign_in, cast):
    answer = sign_in(cast.li).get("/studio/")

    assert [hit.url for hit in answer.context["pages"]] == [reverse("studios")]


def test_what_a_person_may_not_see_is_not_found_for_him_either(sign_in, cast):
    answer = sign_in(cast.qian).get("/studios/陈立新/")

    assert answer.status_code == 404
    assert "陈立新劳模创新工作室" not in answer.content.decode()


def test_a_stranger_learns_nothing_from_an_address_that_leads_nowhere(client, cast):
    answer = client.get("/studios/陈立新/")

    assert answer.status_code == 404
    assert "劳模创新工作室" not in answer.content.decode()


def test_a_fault_shows_a_number_that_stands_in_the_log(cast, monkeypatch, caplog, settings):
    def broken(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("members.views.entry.render", broken)
    with caplog.at_level(logging.ERROR, logger="core.faults"):
        answer = Client(raise_request_exception=False).get(reverse("signed-out"))

    assert answer.status_code == 500
    number = re.search(r"<strong>(\w{8})</strong>", answer.content.decode())[1]
    (line,) = [record for record in caplog.records if record.name == "core.faults"]
    assert number in line.getMessage()
    assert "the disk is full" in str(line.exc_info[1])
