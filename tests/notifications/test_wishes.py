"""What a person wants by mail, and when; the inbox holds everything."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from notifications import kinds
from notifications.models import MailWishes, Notice
from notifications.sending import digest, tell
from tests.notifications.conftest import MONDAY, MORNING

pytestmark = pytest.mark.django_db


def say(user, kind="late", *, about="tests.item:1"):
    params = {"subject": "电极孔", "due_on": "2026-11-23"}
    tell([user], kind, about=about, url="/messages/", once="", params=params)


def sent_to(user):
    return [letter for letter in mail.outbox if letter.to == [user.email]]


def test_a_kind_that_is_stopped_is_told_in_the_inbox_alone(cast, sign_in):
    sign_in(cast.chen).post(reverse("message-settings"), {"stop": "late"})
    say(cast.chen, "late", about="a")
    say(cast.chen, "today", about="b")

    digest(on=MONDAY, now=MORNING)

    (letter,) = sent_to(cast.chen)
    assert "今天到期" in letter.body
    assert "已逾期" not in letter.body
    assert set(Notice.objects.values_list("kind", "state")) == {("late", "sent"), ("today", "sent")}
    assert len(sign_in(cast.chen).get(reverse("inbox")).context["records"]) == 2


def test_when_all_that_waits_is_stopped_no_mail_is_sent(cast, sign_in):
    sign_in(cast.chen).post(reverse("message-settings"), {"stop": "all"})
    say(cast.chen)

    assert digest(on=MONDAY, now=MORNING) == 0
    assert mail.outbox == []
    assert Notice.objects.get().state == "sent"


def test_the_daily_mail_waits_for_the_hour_of_its_reader(cast, sign_in):
    sign_in(cast.chen).post(reverse("message-settings"), {"hour": "10", "mailed": kinds.names()})
    say(cast.chen)
    say(cast.wang)

    digest(on=MONDAY, now=MORNING)  # half past eight
    assert [letter.to for letter in mail.outbox] == [[cast.wang.email]]
    digest(on=MONDAY, now=MORNING + timedelta(hours=2))
    assert len(sent_to(cast.chen)) == 1


def test_every_message_says_why_how_to_stop_it_and_where_all_of_it_is_stopped(cast):
    say(cast.chen)

    digest(on=MONDAY, now=MORNING)

    (letter,) = sent_to(cast.chen)
    assert "您是责任人" in letter.body
    assert "/messages/settings/?stop=late" in letter.body
    assert "/messages/settings/?stop=late" in letter.alternatives[0].content
    assert letter.extra_headers["List-Unsubscribe"].endswith("/messages/settings/?stop=all>")


def test_the_link_in_a_mail_asks_first_and_one_click_stops_it(cast, sign_in):
    page = sign_in(cast.chen)

    asked = page.get(reverse("message-settings") + "?stop=late").content.decode()

    assert '<input type="hidden" name="stop" value="late">' in asked
    assert MailWishes.objects.count() == 0
    page.post(reverse("message-settings"), {"stop": "late"})
    assert MailWishes.objects.of(cast.chen).stopped == ["late"]


def test_the_page_shows_an_example_and_the_number_of_the_last_30_days(cast, sign_in):
    say(cast.chen, "today", about="old")
    Notice.objects.update(created_at=timezone.now() - timedelta(days=31))
    say(cast.chen, "late", about="a")
    say(cast.chen, "late", about="b")

    page = sign_in(cast.chen).get(reverse("message-settings"))

    rows = {kind.name: (count, mailed) for kind, count, mailed in page.context["kinds"]}
    assert rows["late"] == (2, True)
    assert rows["today"] == (0, True)
    assert "降低残极率 已逾期" in page.content.decode()


def test_every_kind_of_the_site_has_an_example():
    for kind in kinds.every():
        assert "%(" not in kind.example + kind.example_reason
        assert kind.example_reason


def test_what_is_ticked_is_mailed_and_nothing_else(cast, sign_in):
    page = sign_in(cast.chen)
    page.post(reverse("message-settings"), {"hour": "8", "mailed": ["late"]})

    wishes = MailWishes.objects.of(cast.chen)

    assert (wishes.mails("late"), wishes.mails("today"), wishes.hour) == (True, False, 8)
    assert page.post(reverse("message-settings"), {"hour": "3", "mailed": ["late"]}).status_code == 422
