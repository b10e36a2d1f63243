"""The ledger of messages: who was told what, for those who work for the group's union."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.models import Role
from notifications.kinds import Because
from notifications.models import Digest, Notice
from notifications.sending import tell
from tests.conftest import grant

pytestmark = pytest.mark.django_db


def say(user, kind="late", *, subject="电极孔", **state):
    tell([user], kind, about=f"tests.item:{subject}", url="/messages/", once="", params={"subject": subject})
    Notice.objects.filter(recipient=user, subject=subject).update(**state)


def found(page, **asked):
    shown = page.get(reverse("messages-ledger"), asked).context["page"]
    return [(notice.recipient.username, notice.subject) for notice in shown]


def test_the_newest_stands_first_with_what_was_said_and_why(cast, sign_in):
    say(cast.chen)
    say(cast.zhao, subject="喷煤量")
    page = sign_in(cast.li)

    assert found(page) == [("zhao", "喷煤量"), ("chen", "电极孔")]
    html = page.get(reverse("messages-ledger")).content.decode()
    assert "电极孔 已逾期" in html
    assert "您是责任人" in html


def test_it_is_searched_by_person_by_subject_and_by_what_is_said(cast, sign_in):
    say(cast.chen)
    say(cast.zhao, "today", subject="喷煤量")
    page = sign_in(cast.zhou)

    assert found(page, q="陈立新") == found(page, q="clx") == found(page, q="电极") == [("chen", "电极孔")]
    assert found(page, q="今天到期") == [("zhao", "喷煤量")]
    assert found(page, q="没有这样的") == []


@pytest.mark.parametrize(
    ("state", "subjects"),
    [
        ("planned", ["甲"]),
        ("sent", ["丙", "乙"]),
        ("failed", ["丁"]),
        ("suppressed", ["戊"]),
        ("read", ["丙"]),
        ("unread", ["乙"]),
        ("nonsense", ["戊", "丁", "丙", "乙", "甲"]),
    ],
)
def test_it_is_narrowed_to_what_became_of_them(cast, sign_in, state, subjects):
    say(cast.chen, subject="甲")
    say(cast.chen, subject="乙", state=Notice.State.SENT)
    say(cast.chen, subject="丙", state=Notice.State.SENT, read_at=timezone.now())
    say(cast.chen, subject="丁", state=Notice.State.FAILED)
    say(cast.chen, subject="戊", state=Notice.State.SUPPRESSED, suppressed_because=Because.DONE)

    assert [subject for _user, subject in found(sign_in(cast.li), state=state)] == subjects


def test_what_was_not_sent_says_why_and_what_failed_what_the_server_answered(cast, sign_in):
    digest = Digest.objects.create(
        recipient=cast.chen, channel="email", local_date="2026-11-23", error="550 no such box"
    )
    say(cast.chen, subject="丁", state=Notice.State.FAILED, digest=digest)
    say(cast.chen, subject="戊", state=Notice.State.SUPPRESSED, suppressed_because=Because.MOVED)

    html = sign_in(cast.li).get(reverse("messages-ledger")).content.decode()

    assert "550 no such box" in html
    assert str(Because.MOVED.label) in html


def test_who_works_for_one_plant_finds_what_its_people_were_told(cast, sign_in):
    grant(cast.xu, Role.GROUP_STAFF, cast.plant_one)
    for user in (cast.chen, cast.zhao, cast.zhou, cast.root):
        say(user)

    assert found(sign_in(cast.xu)) == [("chen", "电极孔")]
    assert len(found(sign_in(cast.li))) == 4


@pytest.mark.parametrize("username", ["sun", "zheng", "chen", "wang", "feng", "xu"])
def test_it_is_for_the_group_s_union_alone(cast, sign_in, username):
    assert sign_in(getattr(cast, username)).get(reverse("messages-ledger")).status_code == 403


def test_it_asks_the_same_questions_for_one_message_and_for_many(cast, sign_in):
    page = sign_in(cast.li)
    say(cast.chen)
    page.get(reverse("messages-ledger"))
    with CaptureQueriesContext(connection) as one:
        page.get(reverse("messages-ledger"))
    for number in range(30):
        say(cast.wang, subject=f"计划项{number}")
        say(cast.zhao, subject=f"计划项{number}")
    with CaptureQueriesContext(connection) as many:
        page.get(reverse("messages-ledger"))

    assert len(one) == len(many) > 0
