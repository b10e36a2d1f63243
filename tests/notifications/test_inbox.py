"""The inbox: one's own messages by record, the unread first."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notifications.models import Notice
from notifications.sending import tell
from tests.notifications.conftest import MORNING

pytestmark = pytest.mark.django_db


def say(user, kind="late", *, about="tests.item:1", subject="电极孔", once="", **params):
    params = {"subject": subject, **params}
    tell([user], kind, about=about, url="/messages/", once=once, params=params)
    return Notice.objects.get(recipient=user, key=f"{kind}:{about}:{once}")


def test_messages_are_grouped_by_record_with_the_unread_first(cast, sign_in):
    say(cast.chen, "today", about="a", subject="电极孔", once="1")
    read = say(cast.chen, about="b", subject="喷煤量")
    say(cast.chen, "late", about="a", subject="电极孔", once="2")
    page = sign_in(cast.chen)
    page.get(reverse("message", args=[read.pk]))

    records = page.get(reverse("inbox")).context["records"]

    assert [(subject, len(notices)) for subject, notices in records] == [("电极孔", 2), ("喷煤量", 1)]


def test_each_message_says_why_it_came(cast, sign_in):
    say(cast.chen)

    html = sign_in(cast.chen).get(reverse("inbox")).content.decode()

    assert "电极孔 已逾期" in html
    assert "您是责任人" in html


def test_the_kind_can_be_chosen_and_all_of_it_marked_read(cast, sign_in):
    say(cast.chen, "late", about="a")
    say(cast.chen, "today", about="b")
    page = sign_in(cast.chen)

    page.post(reverse("inbox-read") + "?kind=late")

    assert [notice.kind for notice in Notice.objects.unread()] == ["today"]
    shown = page.get(reverse("inbox") + "?kind=today").context["records"]
    assert [notice.kind for _subject, notices in shown for notice in notices] == ["today"]


def test_following_a_message_marks_it_read(cast, sign_in):
    notice = say(cast.chen)

    answer = sign_in(cast.chen).get(reverse("message", args=[notice.pk]))

    assert (answer.status_code, answer.url) == (302, "/messages/")
    assert not Notice.objects.unread().exists()


def test_the_messages_of_others_do_not_exist(cast, sign_in):
    notice = say(cast.chen)

    for user in (cast.lin, cast.zhou, cast.root):
        page = sign_in(user)
        assert page.get(reverse("message", args=[notice.pk])).status_code == 404
        for act in ("message-done", "message-later", "message-back"):
            assert page.post(reverse(act, args=[notice.pk]), {"days": "1"}).status_code == 404
        page.post(reverse("inbox-read"))

    assert Notice.objects.unread().count() == 1


def records(page, box=""):
    return [subject for subject, _notices in page.get(reverse("inbox") + f"?box={box}").context["records"]]


def test_a_message_that_is_done_lies_among_the_done_and_comes_back_when_wanted(cast, sign_in):
    notice = say(cast.chen)
    page = sign_in(cast.chen)

    page.post(reverse("message-done", args=[notice.pk]))
    assert (records(page), records(page, "done")) == ([], ["电极孔"])
    assert page.get(reverse("inbox")).context["inbox_count"] == 0

    page.post(reverse("message-back", args=[notice.pk]))
    assert (records(page), records(page, "done")) == (["电极孔"], [])


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ({"days": "1"}, "2026-11-24"),
        ({"days": "3"}, "2026-11-26"),
        ({"days": "7"}, "2026-11-30"),
        ({"day": "12月1日"}, "2026-12-01"),
        ({"day": "下周五"}, "2026-12-04"),
    ],
)
def test_a_message_put_off_is_out_of_sight_until_its_day_and_then_unread_again(
    cast, sign_in, time_machine, typed, day
):
    time_machine.move_to(MORNING, tick=False)
    notice = say(cast.chen)
    page = sign_in(cast.chen)
    page.get(reverse("message", args=[notice.pk]))

    page.post(reverse("message-later", args=[notice.pk]), typed)

    assert (records(page), records(page, "later")) == ([], ["电极孔"])
    assert page.get(reverse("inbox")).context["inbox_count"] == 0
    comes_back = date.fromisoformat(day)
    mine = Notice.objects.visible_to(cast.chen)
    assert not mine.at_hand(on=comes_back - timedelta(days=1)).exists()
    assert mine.at_hand(on=comes_back).unread().get() == notice


@pytest.mark.parametrize(
    "typed", [{}, {"day": "2026-11-23"}, {"day": "2026-11-20"}, {"days": "0"}, {"day": "bald"}]
)
def test_a_message_is_put_off_to_a_day_to_come_alone(cast, sign_in, time_machine, typed):
    time_machine.move_to(MORNING, tick=False)
    notice = say(cast.chen)

    page = sign_in(cast.chen)

    assert page.post(reverse("message-later", args=[notice.pk]), typed).status_code == 303
    assert records(page) == ["电极孔"]


def test_the_bell_counts_to_99_and_no_further(cast, sign_in):
    page = sign_in(cast.chen)
    for number in range(99):
        say(cast.chen, about=f"tests.item:{number}")
    assert '<span class="x-count">99<span' in page.get(reverse("account")).content.decode()

    say(cast.chen, about="tests.item:100")
    assert '<span class="x-count">99+<span' in page.get(reverse("account")).content.decode()


def test_marking_answers_htmx_with_the_list_and_others_with_a_redirect(cast, sign_in):
    first, second = say(cast.chen, about="a"), say(cast.chen, about="b")
    page = sign_in(cast.chen)

    plain = page.post(reverse("message-done", args=[first.pk]))
    partly = page.post(reverse("message-done", args=[second.pk]), headers={"HX-Request": "true"})

    assert (plain.status_code, plain.url) == (302, reverse("inbox"))
    assert partly.content.decode().strip().startswith('<div id="messages"')


def test_a_message_that_was_not_sent_because_it_was_settled_is_not_shown(cast, sign_in):
    say(cast.chen)
    Notice.objects.update(state=Notice.State.SUPPRESSED)

    assert sign_in(cast.chen).get(reverse("inbox")).context["records"] == []


def test_a_kind_that_no_longer_exists_can_still_be_read(cast, sign_in):
    say(cast.chen)
    Notice.objects.update(kind="forgotten")

    assert "“电极孔”有新消息" in sign_in(cast.chen).get(reverse("inbox")).content.decode()


def test_a_message_older_than_a_parameter_of_its_kind_can_still_be_read(cast, sign_in):
    say(cast.chen, "news", due_on="2026-11-23")
    Notice.objects.update(params={"subject": "电极孔"})

    assert "“电极孔”有新消息" in sign_in(cast.chen).get(reverse("inbox")).content.decode()


def test_the_inbox_asks_the_same_number_of_questions_for_one_message_and_for_many(cast, sign_in):
    page = sign_in(cast.chen)
    page.get(reverse("inbox"))  # the session is in the cache from now on
    say(cast.chen)
    with CaptureQueriesContext(connection) as one:
        page.get(reverse("inbox"))
    for number in range(40):
        say(cast.chen, about=f"tests.item:{number + 2}")
    with CaptureQueriesContext(connection) as many:
        page.get(reverse("inbox"))

    assert len(one) == len(many) > 0
