"""Days away: who decides, who is told instead, what the deputy may do, and what is not late unseen."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.errors import NotAllowedNow
from core.workdays import Workdays
from members.models import Absence, User
from notifications import sending
from notifications.models import Notice
from projects import absences, progress, reminders
from projects.models import Plan, PlanItem
from studios import attending
from studios.models import Activity

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
AT = timezone.now()
FIRST, LAST = TODAY - timedelta(days=1), TODAY + timedelta(days=5)


def away(user, deputy=None, *, first=FIRST, last=LAST, state="approved", by=None):
    return Absence.objects.create(
        person=user.person,
        deputy=deputy and deputy.person,
        kind="trip",
        starts_on=first,
        ends_on=last,
        state=state,
        asked_by=user,
        asked_at=AT,
        decided_by=by,
        decided_at=AT if state in ("approved", "refused") else None,
    )


def again(user):
    """The user as the next request meets him."""
    return User.objects.get(pk=user.pk)


@pytest.fixture
def item(cast):
    Plan.lay_out([cast.studio_one], TODAY.year)
    plan = Plan.objects.get(studio=cast.studio_one, period=f"{TODAY:%Y-%m}")
    return PlanItem.objects.create(plan=plan, owner=cast.wang.person, content="电极孔改造", due_on=TODAY)


def asked(cast, user, deputy=None, **days):
    absence = Absence(
        person=user.person,
        deputy=deputy and deputy.person,
        kind="sick",
        starts_on=days.get("first", FIRST),
        ends_on=days.get("last", LAST),
    )
    absences.ask(absence, by=user, at=AT)
    return absence


def told(kind):
    return {notice.recipient.username for notice in Notice.objects.filter(kind=kind)}


def remind(item, on=TODAY):
    sending.tell(
        [User.objects.get(person=item.owner)],
        "item_due",
        about=item,
        url="/items/1/",
        once=str(item.due_on),
        params={"due_on": item.due_on.isoformat(), "next_on": item.due_on.isoformat()},
        on=on,
    )


def test_the_lead_is_asked_about_a_member_and_the_union_about_a_lead(cast):
    asked(cast, cast.wang)
    assert told("absence_to_decide") == {"chen"}

    asked(cast, cast.chen)
    assert told("absence_to_decide") == {"chen", "sun"}

    asked(cast, cast.sun)
    assert told("absence_to_decide") == {"chen", "sun", "li"}


def test_a_lead_who_enters_the_days_of_a_member_has_decided(cast):
    absence = Absence(
        person=cast.wang.person, deputy=cast.lin.person, kind="trip", starts_on=FIRST, ends_on=LAST
    )
    absences.ask(absence, by=cast.chen, at=AT)

    assert (absence.state, absence.decided_by) == ("approved", cast.chen)
    assert told("absence_approved") == {"wang"}
    assert told("absence_deputy") == {"lin"}


def test_nobody_decides_about_himself(cast, sign_in):
    absence = asked(cast, cast.chen)

    with pytest.raises(NotAllowedNow, match="自己"):
        absence.approve(by=cast.chen, at=AT, deputy=None)
    assert sign_in(cast.chen).post(f"/absences/{absence.pk}/decide/").status_code == 403


def test_whoever_decides_second_is_told_so(cast):
    absence = asked(cast, cast.wang)
    absences.refuse(absence, by=cast.chen, at=AT, opinion="检修在即")

    with pytest.raises(NotAllowedNow):
        absences.approve(absence, by=cast.sun, deputy=None, at=AT)
    assert told("absence_refused") == {"wang"}


def test_two_approved_absences_of_a_person_share_no_day(cast):
    first, second = (away(cast.wang, state="asked") for _n in range(2))
    first.approve(by=cast.chen, at=AT, deputy=None)

    with pytest.raises(NotAllowedNow, match="王芳"):
        second.approve(by=cast.chen, at=AT, deputy=None)


def test_who_is_away_himself_is_no_deputy(cast):
    away(cast.lin)

    with pytest.raises(NotAllowedNow, match="林小雨"):
        away(cast.wang, state="asked").approve(by=cast.chen, at=AT, deputy=cast.lin.person)


def test_the_database_knows_what_an_absence_is(cast):
    for wrong in ({"first": LAST, "last": FIRST}, {"deputy": cast.wang}):
        with pytest.raises(IntegrityError), transaction.atomic():
            away(cast.wang, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.filter(pk=away(cast.wang, state="asked").pk).update(state="approved")


def test_what_asks_for_an_act_reaches_the_deputy_and_the_ledger_says_why_not_the_other(cast, item):
    away(cast.wang, cast.lin)
    remind(item)

    his, instead = Notice.objects.filter(kind="item_due").order_by("pk")
    assert (his.recipient, his.state, his.why_not_sent) == (cast.wang, "suppressed", "外出，已告知代理人")
    assert (instead.recipient, instead.state, instead.on_behalf_of) == (cast.lin, "planned", cast.wang)
    assert instead.reason.startswith("您代王芳收到（外出至")
    assert instead.sort.why_no_longer(instead) is None


def test_before_and_after_his_days_he_is_told_himself(cast, item):
    away(cast.wang, cast.lin)
    for on in (FIRST - timedelta(days=1), LAST + timedelta(days=1)):
        Notice.objects.all().delete()
        remind(item, on=on)
        assert list(Notice.objects.values_list("recipient__username", "state")) == [("wang", "planned")]


def test_without_a_deputy_he_is_told_himself(cast, item):
    away(cast.wang)
    remind(item)

    assert list(Notice.objects.values_list("recipient__username", "state")) == [("wang", "planned")]


def test_a_deputy_is_not_told_once_the_absent_one_is_back_or_has_done_it(cast, item):
    absence = away(cast.wang, cast.lin)
    remind(item)
    instead = Notice.objects.get(recipient=cast.lin, kind="item_due")

    progress.report(item, by=cast.wang, at=AT, state="done")
    assert Notice.objects.get(pk=instead.pk).sort.why_no_longer(instead) == "done"

    absences.end(absence, by=cast.wang, on=TODAY)
    assert instead.sort.why_no_longer(instead) == "back"


def test_for_a_deputy_who_is_away_himself_his_deputy_is_told_and_may_act(cast, item):
    away(cast.wang, cast.lin)
    of_lin = away(cast.lin, cast.chen)
    remind(item)

    assert list(Notice.objects.order_by("pk").values_list("recipient__username", "state")) == [
        ("wang", "suppressed"),
        ("chen", "planned"),
    ]
    instead = Notice.objects.get(recipient=cast.chen)
    assert (instead.on_behalf_of, instead.params["absent"]) == (cast.wang, "王芳")
    assert instead.sort.why_no_longer(instead) is None
    assert again(cast.chen).acts_for >= {cast.wang.person_id, cast.lin.person_id}

    absences.end(of_lin, by=cast.lin, on=TODAY)
    assert Notice.objects.get(pk=instead.pk).sort.why_no_longer(instead) == "back"
    assert cast.wang.person_id not in again(cast.chen).acts_for


def test_a_member_two_deputies_away_may_report_and_leads_for_these_days(cast, item):
    other = PlanItem.objects.create(plan=item.plan, owner=cast.chen.person, content="备件清点")
    away(cast.chen, cast.lin)
    away(cast.lin, cast.wang)

    assert again(cast.wang).has_perm("projects.report_item", other)
    assert again(cast.wang).studio_roles == {cast.studio_one.pk: "lead"}


@pytest.mark.parametrize("around", [["wang", "lin"], ["wang", "lin", "chen"], ["lin", "chen"]])
def test_where_deputies_go_round_in_a_circle_the_absent_one_is_told_himself(cast, item, around):
    people = [getattr(cast, name) for name in around]
    for person, deputy in zip(people, [*people[1:], people[0]], strict=True):
        away(person, deputy)
    if around[0] != "wang":
        away(cast.wang, people[0])
    remind(item)

    assert list(Notice.objects.values_list("recipient__username", "state")) == [("wang", "planned")]


def test_a_deputy_who_is_away_without_one_is_told_as_before(cast, item):
    away(cast.wang, cast.lin)
    away(cast.lin)
    remind(item)

    assert Notice.objects.get(state="planned").recipient == cast.lin


def test_what_he_keeps_himself_is_told_to_himself(cast, item):
    absence = away(cast.wang, cast.lin)
    absences.settle(absence, {item: ("as_is", None)}, by=cast.chen, at=AT, on=TODAY)
    remind(item)
    assert told("item_due") == {"wang"}

    absences.settle(absence, {item: ("deputy", None)}, by=cast.chen, at=AT, on=TODAY)
    assert absence.left_as_is.count() == 0


def test_an_item_is_moved_in_a_draft_only(cast, item):
    absence, later = away(cast.wang, cast.lin), LAST + timedelta(days=2)
    assert [row.may_move for row in absences.items_touched(absence, by=cast.chen)] == [True]
    absences.settle(absence, {item: ("move", later)}, by=cast.chen, at=AT, on=TODAY)
    item.refresh_from_db()
    assert item.due_on == later

    Plan.objects.filter(pk=item.plan_id).update(state="confirmed")
    item.due_on = TODAY
    item.save()
    assert [row.may_move for row in absences.items_touched(absence, by=cast.chen)] == [False]


def test_the_deputy_may_report_for_these_days_alone(cast, item):
    assert not again(cast.qian).has_perm("projects.report_item", item)
    assert not again(cast.wang).has_perm("projects.change_item", item)
    other = PlanItem.objects.create(plan=item.plan, owner=cast.lin.person, content="备件清点")
    absence = away(cast.lin, cast.wang)
    assert again(cast.wang).has_perm("projects.report_item", other)

    absence.end(on=TODAY)
    assert not again(cast.wang).has_perm("projects.report_item", other)


def test_a_leads_deputy_leads_for_these_days_and_decides_nothing_about_himself(cast, item):
    absence = away(cast.chen, cast.wang)
    of_lin, of_wang = (asked(cast, user) for user in (cast.lin, cast.wang))

    assert again(cast.wang).studio_roles == {cast.studio_one.pk: "lead"}
    assert again(cast.wang).has_perm("projects.submit_plan", item.plan)
    assert again(cast.wang).has_perm("members.decide_absence", of_lin)
    assert not again(cast.wang).has_perm("members.decide_absence", of_wang)
    assert not again(cast.wang).has_perm("members.decide_absence", absence)

    absence.end(on=TODAY)
    assert again(cast.wang).studio_roles == {cast.studio_one.pk: "member"}


def test_a_contacts_deputy_checks_for_these_days(cast):
    assert again(cast.xu).scopes == []
    away(cast.sun, cast.xu)

    assert again(cast.xu).scopes == [("unit_contact", cast.plant_one.path)]


def test_coming_back_early_keeps_the_days_that_were(cast):
    absence = away(cast.wang)
    absence.end(on=TODAY)
    assert (absence.state, absence.ends_on) == ("approved", TODAY - timedelta(days=1))

    with pytest.raises(NotAllowedNow):
        absence.end(on=TODAY)

    ahead = away(cast.wang, first=TODAY, last=LAST)
    ahead.end(on=TODAY)
    assert ahead.state == "ended"


def test_activities_count_as_excused(cast):
    away(cast.wang)
    meeting = Activity.objects.create(studio=cast.studio_one, subject="例会", held_on=TODAY, state="planned")

    preset = {row.person: row.status for row in attending.preset(meeting)}
    assert preset == {cast.chen.person: "present", cast.lin.person: "present", cast.wang.person: "on_leave"}

    attending.record(meeting, {}, on=TODAY)
    meeting.refresh_from_db()
    assert (meeting.expected, meeting.on_leave) == (3, 1)


def test_reminders_that_fall_on_the_days_are_counted(cast):
    plan = Plan.objects.get(studio=cast.studio_one, period="2026-11")
    PlanItem.objects.create(plan=plan, owner=cast.wang.person, content="甲", due_on=date(2026, 11, 20))
    calendar = Workdays()

    def counted(first, last):
        absence = away(cast.wang, first=first, last=last, state="asked")
        return absences.reminders_touched(absence, calendar)

    assert reminders.owner_days(date(2026, 11, 20), calendar) == [
        date(2026, 11, 17),
        date(2026, 11, 20),
        date(2026, 11, 23),
    ]
    assert counted(date(2026, 11, 16), date(2026, 11, 19)) == 1
    assert counted(date(2026, 11, 17), date(2026, 11, 23)) == 3
    assert counted(date(2026, 11, 24), date(2026, 11, 30)) == 0


def test_the_whole_way_by_the_pages(cast, item, sign_in):
    typed = {"kind": "trip", "starts_on": FIRST, "ends_on": LAST, "deputy": cast.lin.person.pk}
    page = sign_in(cast.wang).post(
        "/absences/new/", {**typed, "once": "0f6c8f0e-6b0c-4a6e-9d3f-2f7e4c1b9a11"}
    )
    absence = Absence.objects.get()
    assert (page.status_code, page.url) == (302, f"/absences/{absence.pk}/")

    page = sign_in(cast.chen).get(page.url)
    assert [row.item for row in page.context["items"].touched] == [item]
    sign_in(cast.chen).post(
        f"{page.request['PATH_INFO']}decide/", {"act": "approve", "deputy": cast.lin.person.pk}
    )
    sign_in(cast.chen).post(f"/absences/{absence.pk}/items/", {f"act_{item.pk}": "as_is"})
    absence.refresh_from_db()
    assert (absence.state, absence.left_as_is.count()) == ("approved", 1)

    said = f"外出至{LAST.month}月{LAST.day}日"
    for address in (f"/items/{item.pk}/", "/items/?state=open", f"/studios/{cast.studio_one.pk}/members/"):
        assert said in sign_in(cast.chen).get(address).content.decode(), address


def test_a_refusal_says_why_and_a_stranger_is_no_deputy(cast, sign_in):
    absence = asked(cast, cast.wang)
    assert sign_in(cast.chen).post(f"/absences/{absence.pk}/decide/", {"act": "refuse"}).status_code == 422

    typed = {"kind": "trip", "starts_on": LAST, "ends_on": LAST, "deputy": cast.zhao.person.pk}
    page = sign_in(cast.lin).post("/absences/new/", {**typed, "once": "0f6c8f0e-6b0c-4a6e-9d3f-2f7e4c1b9a11"})
    assert page.status_code == 200
    assert "deputy" in page.context["form"].errors


def test_the_kind_is_seen_by_those_it_concerns_and_no_others(cast, sign_in):
    absence = asked(cast, cast.wang)
    for user, code in (
        (cast.chen, 200),
        (cast.sun, 200),
        (cast.qian, 404),
        (cast.zheng, 404),
        (cast.feng, 404),
    ):
        assert sign_in(user).get(f"/absences/{absence.pk}/").status_code == code, user


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_questions_for_one_and_for_three(
    cast, sign_in, django_assert_num_queries, count
):
    for n in range(count):
        day = TODAY + timedelta(days=20 * n)
        away(cast.lin, cast.wang, first=day, last=day)
    client = sign_in(cast.wang)
    client.get("/absences/")

    with django_assert_num_queries(11):
        client.get("/absences/")


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_of_overlapping_days_at_once_one_is_refused(cast):
    both = [away(cast.wang, state="asked") for _n in range(2)]
    start, outcomes = Barrier(2), []

    def approve(absence):
        try:
            start.wait(timeout=10)
            absence.approve(by=cast.chen, at=datetime.now(tz=AT.tzinfo), deputy=None)
            outcomes.append("approved")
        except NotAllowedNow:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=approve, args=[absence]) for absence in both]
    [thread.start() for thread in threads]
    [thread.join(timeout=30) for thread in threads]

    assert sorted(outcomes) == ["approved", "refused"]


def test_a_lead_does_not_choose_who_speaks_for_the_union_while_its_contact_is_away(cast, sign_in):
    cast.studio_one.memberships.create(person=cast.sun.person, role="adviser")
    days = {"kind": "trip", "starts_on": str(FIRST), "ends_on": str(LAST)}

    sign_in(cast.chen).post(
        "/absences/new/",
        {**days, "person": cast.sun.person.pk, "deputy": cast.lin.person.pk, "once": str(uuid4())},
    )

    entered = Absence.objects.get(person=cast.sun.person)
    assert entered.state == "asked"
    assert not again(cast.lin).holds_over(cast.plant_one, "unit_contact")
    assert not again(cast.chen).has_perm("members.decide_absence", entered)
    assert absences.deciders(entered) == [cast.li]
    absences.approve(entered, deputy=cast.lin.person, by=cast.li, at=AT)
    assert again(cast.lin).holds_over(cast.plant_one, "unit_contact")
    # Nor who takes the place of the contact's deputy.
    theirs = asked(cast, cast.lin, cast.wang, first=TODAY, last=TODAY)
    assert not again(cast.chen).has_perm("members.decide_absence", theirs)


def test_days_away_that_are_asked_for_say_how_far_the_first_is(cast, sign_in, time_machine):
    time_machine.move_to("2026-11-20 10:00+08:00")
    days = {"first": date(2026, 11, 25), "last": date(2026, 11, 26)}
    absence = away(cast.wang, state="asked", **days)
    page = sign_in(cast.chen)
    text = page.get(absence.get_absolute_url()).content.decode()
    assert '2026年11月25日（周三） · <span class="nowrap">3 个工作日后</span>' in text

    Absence.objects.update(state="refused", decided_by=cast.chen, decided_at=AT)
    assert "个工作日后" not in page.get(absence.get_absolute_url()).content.decode()
