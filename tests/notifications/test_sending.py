"""Telling, and sending what was told: everybody once, nobody forgotten, whatever fails."""

import smtplib
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from core import jobs
from core.models import Job, WorkdayOverride
from core.workdays import Workdays
from notifications import sending
from notifications.models import Digest, Notice, Urgency
from notifications.sending import tell
from notifications.tasks import send_digests

from .conftest import MONDAY, MORNING

pytestmark = pytest.mark.django_db

QUARTER = timedelta(minutes=16)


def say(people, kind="late", *, about="tests.item:1", once="2026-11-20", **params):
    tell(people, kind, about=about, url="/items/1/", once=once, params={"subject": "电极孔", **params})


class BadServer(EmailBackend):
    """A mail server with a fault; ``fault`` None means that it works."""

    fault: Exception | None = None

    def send_messages(self, messages):
        if BadServer.fault:
            raise BadServer.fault
        return super().send_messages(messages)


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = f"{BadServer.__module__}.BadServer"
    yield BadServer
    BadServer.fault = None


def test_a_person_is_told_once_however_often_it_is_said(cast):
    for _time in range(50):
        say([cast.chen, cast.chen, cast.lin])

    assert sorted(notice.recipient.username for notice in Notice.objects.all()) == ["chen", "lin"]


def test_a_new_occasion_is_told_again_and_an_old_one_is_not(cast):
    say([cast.chen], once="2026-11-20")
    say([cast.chen], once="2026-11-27")
    say([cast.chen], once="2026-11-20")

    assert Notice.objects.count() == 2


def test_nobody_is_told_of_his_own_act_and_nobody_without_a_login(cast):
    cast.wang.is_active = False

    tell(
        [cast.chen, cast.lin, cast.wang, None],
        "late",
        about=cast.studio_one,
        url="/s/",
        once="",
        by=cast.chen,
    )

    notice = Notice.objects.get()
    assert (notice.recipient, notice.subject) == (cast.lin, "陈立新劳模创新工作室")
    assert notice.about == f"studios.studio:{cast.studio_one.pk}"


def test_telling_is_one_insert_whatever_the_number_of_people(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        say([cast.chen, cast.lin, cast.wang, cast.li, cast.sun, cast.zhou])


@pytest.mark.parametrize(
    ("kind", "url", "error"),
    [
        ("unheard_of", "/s/", LookupError),
        ("news", "/s/", KeyError),  # its sentence wants a day
        ("late", "https://elsewhere.example/", ValueError),
        ("late", "//elsewhere.example/", ValueError),
    ],
)
def test_what_cannot_be_shown_later_is_refused_now(cast, kind, url, error):
    with pytest.raises(error):
        tell([cast.chen], kind, about="x", url=url, once="", params={"subject": "x"})


def test_a_sentence_is_made_in_the_reader_s_language(cast):
    from django.utils import translation

    say([cast.chen], "news", due_on="2026-11-27")

    notice = Notice.objects.get()
    assert notice.sentence == "电极孔 有新消息(2026年11月27日（周五）)"
    with translation.override("en"):
        assert notice.sentence == "电极孔 有新消息(Fri 27 Nov 2026)"


def test_everything_of_a_day_comes_in_one_mail_the_worst_first(cast):
    say([cast.chen], "news", about="a", due_on="2026-11-27")
    say([cast.chen], "today", about="b")
    say([cast.chen], "late", about="c")

    assert sending.digest(on=MONDAY, now=MORNING) == 1

    letter = mail.outbox[0]
    assert letter.to == ["chen@qingchuan.example"]
    assert letter.subject == "3 条消息，首条：电极孔 已逾期"
    assert [line for line in letter.body.splitlines() if line.startswith("* ")] == [
        "* [已逾期] 电极孔 已逾期",
        "* [到期] 电极孔 今天到期",
        "* [供参考] 电极孔 有新消息(2026年11月27日（周五）)",
    ]
    assert letter.body.count("您是责任人") == 2
    assert letter.body.count("http://127.0.0.1:8000/items/1/") == 3
    assert letter.extra_headers["List-Unsubscribe"] == "<http://127.0.0.1:8000/messages/settings/?stop=all>"
    assert letter.alternatives[0].mimetype == "text/html"
    assert set(Notice.objects.values_list("state", flat=True)) == {Notice.State.SENT}


def test_a_long_day_shows_twenty_lines_and_the_number_of_the_others(cast):
    for number in range(57):
        say([cast.chen], about=f"tests.item:{number}")

    sending.digest(on=MONDAY, now=MORNING)

    body = mail.outbox[0].body
    assert body.count("* [") == 20
    assert "还有 37 条" in body
    assert Notice.objects.filter(state=Notice.State.SENT).count() == 57


def test_the_mail_is_written_in_the_language_of_its_reader(cast):
    cast.chen.language = "en"
    cast.chen.save()
    say([cast.chen])

    sending.digest(on=MONDAY, now=MORNING)

    assert mail.outbox[0].body.startswith("Hello 陈立新,")
    assert "[overdue]" in mail.outbox[0].body


def test_a_person_gets_one_digest_a_day_at_most(cast):
    say([cast.chen], about="a")
    sending.digest(on=MONDAY, now=MORNING)
    say([cast.chen], about="b")

    sending.digest(on=MONDAY, now=MORNING + timedelta(hours=2))
    assert len(mail.outbox) == 1

    sending.digest(on=MONDAY + timedelta(days=1), now=MORNING + timedelta(days=1))
    assert len(mail.outbox) == 2
    assert mail.outbox[1].body.count("* [") == 1


def test_whoever_has_no_address_finds_it_in_the_inbox_alone(cast):
    cast.chen.email = ""
    cast.chen.save()
    say([cast.chen])

    assert sending.digest(on=MONDAY, now=MORNING) == 1

    assert mail.outbox == []
    assert Digest.objects.get().channel == Digest.Channel.INBOX
    assert Notice.objects.get().state == Notice.State.SENT


def test_what_is_settled_before_the_mail_goes_out_is_not_sent_and_says_why(cast):
    say([cast.chen], settled=True)

    assert sending.digest(on=MONDAY, now=MORNING) == 0

    notice = Notice.objects.get()
    assert (notice.state, notice.suppressed_because) == (Notice.State.SUPPRESSED, "done")
    assert mail.outbox == []
    assert not Digest.objects.exists()  # nothing was said, so something may be said later today


def test_what_is_settled_later_no_longer_counts_as_unread(cast):
    say([cast.chen], about="a")
    sending.digest(on=MONDAY, now=MORNING)
    Notice.objects.update(params={"subject": "电极孔", "settled": True})
    say([cast.chen], about="b")

    sending.digest(on=MONDAY + timedelta(days=1), now=MORNING + timedelta(days=1))

    assert Notice.objects.get(about="a").done_at == MORNING + timedelta(days=1)
    assert [notice.about for notice in Notice.objects.unread()] == ["b"]


def test_a_fault_in_one_kind_does_not_cost_the_others_their_mail(cast, monkeypatch):
    def broken(notice):
        raise RuntimeError

    from notifications import kinds

    kinds.register(kinds.Kind("broken", "x", "%(subject)s", "x", Urgency.SOON, still_true=broken))
    say([cast.chen], "broken")
    say([cast.chen], "late")

    sending.digest(on=MONDAY, now=MORNING)

    assert mail.outbox[0].body.count("* [") == 2


def test_a_mail_that_the_server_refuses_is_tried_three_times_and_then_stays_to_be_seen(cast, server):
    server.fault = smtplib.SMTPRecipientsRefused({"chen@qingchuan.example": (550, b"unknown")})
    say([cast.chen])
    now = MORNING

    for _time in range(10):
        sending.digest(on=MONDAY, now=now)
        now += QUARTER

    digest = Digest.objects.get()
    assert (digest.state, digest.attempts) == (Digest.State.FAILED, 3)
    assert "550" in digest.error
    assert Notice.objects.get().state == Notice.State.FAILED


def test_what_could_not_be_sent_one_day_comes_the_next(cast, server):
    server.fault = ConnectionRefusedError("no server")
    say([cast.chen], about="a")
    for attempt in range(3):
        sending.digest(on=MONDAY, now=MORNING + attempt * QUARTER)
    server.fault = None
    say([cast.chen], about="b")

    sending.digest(on=MONDAY + timedelta(days=1), now=MORNING + timedelta(days=1))

    assert len(mail.outbox) == 1
    assert mail.outbox[0].body.count("* [") == 2
    assert set(Notice.objects.values_list("state", flat=True)) == {Notice.State.SENT}


def test_a_line_that_broke_off_is_uncertain_and_repeated_with_the_same_message_id(cast, server):
    server.fault = smtplib.SMTPServerDisconnected("bye")
    say([cast.chen])
    sending.digest(on=MONDAY, now=MORNING)
    assert Digest.objects.get().state == Digest.State.UNCERTAIN
    first = Digest.objects.get().message_id

    server.fault = None
    sending.digest(on=MONDAY, now=MORNING + timedelta(minutes=5))
    assert mail.outbox == []  # not hammered

    sending.digest(on=MONDAY, now=MORNING + QUARTER)
    assert mail.outbox[0].extra_headers["Message-ID"] == first
    assert first.endswith("@127.0.0.1>")


def test_a_worker_that_died_before_sending_is_replaced_after_a_quarter_of_an_hour(cast, server):
    class Killed(BaseException):
        """Not an error that anybody handles, like SIGKILL."""

    server.fault = Killed()
    say([cast.chen])
    with pytest.raises(Killed):
        sending.digest(on=MONDAY, now=MORNING)
    server.fault = None

    assert Digest.objects.get().state == Digest.State.CLAIMED
    assert sending.digest(on=MONDAY, now=MORNING + timedelta(minutes=14)) == 0
    assert sending.digest(on=MONDAY, now=MORNING + QUARTER) == 1
    assert sending.digest(on=MONDAY, now=MORNING + 2 * QUARTER) == 0
    assert len(mail.outbox) == 1


def test_a_worker_that_died_for_the_whole_day_leaves_its_lines_to_the_next_day(cast):
    say([cast.chen])
    held = sending._claim(cast.chen, MONDAY, "", MORNING)
    sending._gather(held, MORNING)

    sending.digest(on=MONDAY + timedelta(days=1), now=MORNING + timedelta(days=1))

    assert mail.outbox[0].body.count("* [") == 1
    assert Notice.objects.get().digest.local_date == date(2026, 11, 24)


def test_a_worker_that_was_given_up_cannot_mark_what_its_successor_is_sending(cast):
    say([cast.chen])
    slow = sending._claim(cast.chen, MONDAY, "", MORNING)
    sending._claim(cast.chen, MONDAY, "", MORNING + QUARTER)

    assert sending._sent(slow, MORNING + QUARTER) is False
    assert Digest.objects.get().state == Digest.State.CLAIMED


def test_a_decision_is_mailed_at_once_and_not_again_in_the_digest(cast):
    say([cast.chen], "decided", once="v1")
    say([cast.chen], "decided", once="v1")

    assert jobs.run_waiting() == 1
    assert [letter.subject for letter in mail.outbox] == ["电极孔 已批准"]

    sending.digest(on=timezone.localdate(), now=timezone.now())
    assert len(mail.outbox) == 1


def test_a_decision_that_could_not_be_mailed_is_tried_again_and_joins_the_next_digest_at_last(cast, server):
    server.fault = ConnectionRefusedError("no server")
    say([cast.chen], "decided", once="v1")
    jobs.run_waiting()
    now = timezone.now()
    for _time in range(5):
        now += QUARTER
        for recipient, once in sending.due(Digest.objects.get().local_date, now):
            sending.deliver(recipient, on=Digest.objects.get().local_date, once=once, now=now)
    assert (Digest.objects.get().state, Digest.objects.get().attempts) == (Digest.State.FAILED, 3)

    server.fault = None
    tomorrow = now + timedelta(days=1)
    sending.digest(on=timezone.localdate(tomorrow), now=tomorrow)

    assert [letter.subject for letter in mail.outbox] == ["电极孔 已批准"]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 11, 23, 0, 0, tzinfo=UTC), True),  # Monday 8:00 in Shanghai
        (datetime(2026, 11, 22, 23, 59, tzinfo=UTC), False),  # Monday 7:59
        (datetime(2026, 11, 22, 4, 0, tzinfo=UTC), False),  # Sunday noon
        (datetime(2026, 11, 22, 16, 30, tzinfo=UTC), False),  # Sunday in London, Monday 0:30 in Shanghai
        (datetime(2026, 10, 10, 4, 0, tzinfo=UTC), True),  # a Saturday that is worked
        (datetime(2026, 10, 5, 4, 0, tzinfo=UTC), False),  # a Monday of National Day
    ],
)
def test_messages_go_out_on_working_days_from_eight_o_clock(moment, expected):
    assert sending.is_time(moment, Workdays()) is expected


def test_the_tick_sends_through_the_ledger_of_jobs_and_rests_on_rest_days(cast, time_machine):
    say([cast.chen, cast.lin])
    WorkdayOverride.objects.create(day=date(2026, 11, 23), works=False, note="厂庆")

    time_machine.move_to(MORNING)
    send_digests()
    assert Job.objects.count() == 0

    time_machine.move_to(MORNING + timedelta(days=1))
    send_digests()
    send_digests()
    assert jobs.run_waiting() == 2
    send_digests()
    assert jobs.run_waiting() == 0
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "chen@qingchuan.example",
        "lin@qingchuan.example",
    ]
