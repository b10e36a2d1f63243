"""A month ends: what is left over is settled, the copy is sealed, and nobody writes into it any more."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from core import workdays
from core.errors import NotAllowedNow
from notifications.models import Notice
from projects import belated, breakdown, bulk, changes, closing, confirming, reminders
from projects.closing import CANCEL, CARRY, EXTEND, LEAVE, SPLIT, Choice, LeftoversChanged
from projects.closing_preview import preview
from projects.models import BelatedEntry, Frozen, Indicator, PlanItem
from projects.models.plan import PlanClosed
from projects.progress import ReasonMissing, add_up, find_drift, report
from projects.sheet import cells_like, save_cell
from reports import drift
from tests.projects.conftest import NOON, plan_of

OCTOBER = datetime(2026, 10, 8, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
AUGUST_OVER = datetime(2026, 9, 2, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def close(plan, by, *, at=OCTOBER, choices=None, **more):
    chosen = {item.pk: closing.default_for(item) for item in closing.leftovers(plan)} | (choices or {})
    return closing.close(plan, by=by, at=at, calendar=workdays.load(), choices=chosen, **more)


def quarter_of(cast):
    return plan_of(cast.studio_one, "2026-Q3").progress


def test_closing_seals_a_copy_and_carries_the_rest_over_by_rule(cast, work):
    report(work.august, by=cast.lin, at=AUGUST_OVER, percent=Decimal(40))
    before = quarter_of(cast)

    frozen = close(plan_of(cast.studio_one, "2026-08"), cast.chen, at=AUGUST_OVER)

    plan = plan_of(cast.studio_one, "2026-08")
    assert (plan.state, frozen.number, frozen.is_whole, frozen.shown) == ("closed", 1, True, "40")
    (row,) = frozen.data["items"]
    assert (row["state"], row["rest"]["period"], row["rest"]["weight"]) == ("carried", "2026-09", "1.2")
    assert quarter_of(cast) == before
    assert list(find_drift()) == []


def test_a_month_is_closed_once_and_not_before_its_last_working_day(cast, work):
    with pytest.raises(NotAllowedNow, match="2026年9月30日"):
        close(plan_of(cast.studio_one, "2026-09"), cast.chen, at=NOON)
    close(plan_of(cast.studio_one, "2026-09"), cast.chen)
    with pytest.raises(PlanClosed, match="2026年9月"):
        close(plan_of(cast.studio_one, "2026-09"), cast.chen)


def test_each_item_that_is_left_over_needs_a_choice(cast, work):
    with pytest.raises(LeftoversChanged):
        closing.close(
            plan_of(cast.studio_one, "2026-09"),
            by=cast.chen,
            at=OCTOBER,
            calendar=workdays.load(),
            choices={work.test.pk: Choice(CARRY)},
        )
    assert plan_of(cast.studio_one, "2026-09").state == "draft"


def test_splitting_accepts_what_is_done_and_both_items_weigh_what_the_one_did(cast, work):
    report(work.august, by=cast.lin, at=AUGUST_OVER, percent=Decimal(40))
    before = quarter_of(cast)

    close(
        plan_of(cast.studio_one, "2026-08"),
        cast.chen,
        at=AUGUST_OVER,
        choices={work.august.pk: Choice(SPLIT)},
    )

    old, new = PlanItem.objects.get(pk=work.august.pk), PlanItem.objects.get(carried_from=work.august)
    assert (old.state, old.weight, new.weight, new.plan.period) == (
        "done",
        Decimal("0.8"),
        Decimal("1.2"),
        "2026-09",
    )
    assert quarter_of(cast) == before


def test_nothing_is_split_from_an_item_on_which_nothing_is_done(cast, work):
    with pytest.raises(NotAllowedNow, match="没有可以认定"):
        close(
            plan_of(cast.studio_one, "2026-08"),
            cast.chen,
            at=AUGUST_OVER,
            choices={work.august.pk: Choice(SPLIT)},
        )


def test_extending_stays_inside_the_quarter(cast, work):
    july = PlanItem.objects.create(
        plan=plan_of(cast.studio_one, "2026-07"), content="七月的事", parent=work.quarter
    )
    plan = plan_of(cast.studio_one, "2026-07")
    add_up(plan)
    with pytest.raises(ReasonMissing, match="不晚于2026年9月30日"):
        close(plan, cast.chen, choices={july.pk: Choice(EXTEND, due_on=date(2026, 10, 9))})

    close(plan, cast.chen, choices={july.pk: Choice(EXTEND, due_on=date(2026, 9, 22))})

    rest = PlanItem.objects.get(carried_from=july)
    assert (rest.plan.period, rest.due_on, rest.parent) == ("2026-09", date(2026, 9, 22), work.quarter)


def test_cancelling_asks_why(cast, work):
    plan = plan_of(cast.studio_one, "2026-08")
    with pytest.raises(ReasonMissing):
        close(plan, cast.chen, at=AUGUST_OVER, choices={work.august.pk: Choice(CANCEL)})
    (item,) = closing.leftovers(plan)
    assert closing.offered(item, cast.chen) == ["carry", "extend", "cancel", "leave"]


def test_what_was_carried_twice_asks_for_a_reason(cast, work):
    june = PlanItem.objects.create(plan=plan_of(cast.studio_one, "2026-06"), content="老问题")
    july = PlanItem.objects.create(
        plan=plan_of(cast.studio_one, "2026-07"), content="老问题", carried_from=june
    )
    PlanItem.objects.filter(pk=work.august.pk).update(carried_from=july)
    plan = plan_of(cast.studio_one, "2026-08")

    with pytest.raises(ReasonMissing, match="已经顺延过两次"):
        close(plan, cast.chen, at=AUGUST_OVER)
    close(plan, cast.chen, at=AUGUST_OVER, choices={work.august.pk: Choice(CARRY, "外协厂停产")})

    assert PlanItem.objects.get(carried_from=work.august).plan.period == "2026-09"


def test_what_was_said_to_be_undone_stays_so_by_rule(cast, work):
    changes.set_state(work.august, "undone", by=cast.chen, at=AUGUST_OVER, reason="备件未到")

    close(plan_of(cast.studio_one, "2026-08"), cast.chen, at=AUGUST_OVER)

    august = PlanItem.objects.get(pk=work.august.pk)
    assert (august.state, august.reason, august.carried_to.count()) == ("undone", "备件未到", 0)


def test_what_the_choices_come_to_is_known_beforehand_and_comes_true(cast, work):
    report(work.august, by=cast.lin, at=AUGUST_OVER, percent=Decimal(40))
    plan = plan_of(cast.studio_one, "2026-08")
    left = closing.leftovers(plan)
    for act in (CARRY, SPLIT, LEAVE):
        seen = preview(plan, left, {work.august.pk: Choice(act)}, on=date(2026, 9, 2))
        assert (seen.before, seen.after) == ("16", "16")
    cancelled = preview(plan, left, {work.august.pk: Choice(CANCEL, "停产")}, on=date(2026, 9, 2))
    carried = preview(plan, left, {work.august.pk: Choice(CARRY)}, on=date(2026, 9, 2))

    assert carried.sentences == ["2026年9月增加1项，权重1.2", "2026年第3季度保持16%不变"]
    assert cancelled.sentences == ["2026年第3季度：由16%变为0%"]
    close(plan, cast.chen, at=AUGUST_OVER)
    assert plan_of(cast.studio_one, "2026-Q3").shown == "16"


@pytest.fixture
def closed(cast, work):
    """August is closed; its item was left as not done."""
    indicator = Indicator.objects.create(
        item=work.august, person=cast.lin.person, name="件数", start=0, target=8
    )
    close(
        plan_of(cast.studio_one, "2026-08"),
        cast.chen,
        at=AUGUST_OVER,
        choices={work.august.pk: Choice(LEAVE, "备件未到")},
    )
    return indicator


def test_every_writer_refuses_a_closed_month_and_names_it(cast, work, closed):
    item = PlanItem.objects.for_list().get(pk=work.august.pk)
    told = {"by": cast.chen, "at": OCTOBER}
    august = plan_of(cast.studio_one, "2026-08").span
    shares = [breakdown.Share(august.parent, "季"), breakdown.Share(august, "新的一项")]
    writers = {
        "report": lambda: report(item, note="补记", **told),
        "row": lambda: changes.report_row(item, values={closed: Decimal(3)}, token=uuid4(), **told),
        "state": lambda: changes.set_state(item, "done", **told),
        "carry": lambda: changes.carry_over(item, reason="补", **told),
        "edit": lambda: changes.save_items(item.plan, lambda: None),
        "delete": lambda: changes.delete_item(item, **told),
        "indicator": lambda: changes.delete_indicator(closed),
        "cell": lambda: save_cell(cells_like(item)[0], value="5", opened="", token=uuid4(), **told),
        "break down": lambda: breakdown.break_down(work.year, shares),
    }
    refused = {}
    for name, write in writers.items():
        with pytest.raises(PlanClosed) as error:
            write()
        refused[name] = str(error.value)

    assert set(refused.values()) == {"2026年8月已结清，数字不再变动；之后做的请在未结清的月份里补记。"}
    change = bulk.Change(bulk.DUE, date(2026, 9, 30))
    (fate,) = bulk.preview([item], change, by=cast.chen, on=date(2026, 9, 2))
    assert fate.why_not == refused["report"]


def test_what_came_too_late_is_booked_to_the_open_month_and_moves_no_figure(cast, work, closed):
    before = {plan.pk: plan.progress for plan in cast.studio_one.plans.all()}
    token = uuid4()
    for _twice in range(2):
        belated.tell_belated(
            work.august, by=cast.lin, at=OCTOBER, points=Decimal(20), note="备件到了两件", token=token
        )

    entry = BelatedEntry.objects.get()
    assert (entry.plan.period, entry.points) == ("2026-10", 20)
    assert {plan.pk: plan.progress for plan in cast.studio_one.plans.all()} == before
    with pytest.raises(NotAllowedNow):
        belated.tell_belated(work.test, by=cast.lin, at=OCTOBER, points=Decimal(1), note="早", token=uuid4())


def test_a_report_after_the_end_is_taken_and_says_how_late_it_was(cast, work):
    entry = report(work.august, by=cast.lin, at=AUGUST_OVER, percent=Decimal(50))
    in_time = report(work.test, by=cast.wang, at=NOON, percent=Decimal(50))

    assert (entry.days_late, in_time.days_late) == (2, None)


def test_reopening_asks_why_and_until_when_and_closing_anew_is_version_two(cast, work, closed):
    plan = plan_of(cast.studio_one, "2026-08")
    with pytest.raises(ReasonMissing):
        closing.reopen(plan, by=cast.sun, at=OCTOBER, reason=" ", until=date(2026, 10, 12))
    with pytest.raises(NotAllowedNow):
        closing.reopen(plan, by=cast.sun, at=OCTOBER, reason="补录", until=date(2026, 10, 1))
    closing.reopen(plan, by=cast.sun, at=OCTOBER, reason="漏报两件", until=date(2026, 10, 12))
    report(work.august, by=cast.lin, at=OCTOBER, indicator=closed, value=Decimal(4))

    second = close(plan_of(cast.studio_one, "2026-08"), cast.chen)

    first = plan.frozen.get(number=1)
    assert (first.shown, second.number, second.shown, first.is_whole) == ("0", 2, "50", True)
    assert plan.progress == first.progress


def test_a_quarter_closes_over_its_months_and_by_force_names_the_missing_ones(cast, work):
    quarter = plan_of(cast.studio_one, "2026-Q3")
    with pytest.raises(NotAllowedNow, match="2026年8月、2026年9月"):
        close(quarter, cast.chen)

    frozen = close(quarter, cast.sun, force=True)

    assert frozen.data["texts"]["forced"] == "这些期间尚未结清就办理了：2026年8月、2026年9月。"
    close(plan_of(cast.studio_one, "2026-08"), cast.chen)
    with pytest.raises(NotAllowedNow, match="2026年第3季度"):
        closing.reopen(
            plan_of(cast.studio_one, "2026-08"),
            by=cast.sun,
            at=OCTOBER,
            reason="补录",
            until=date(2026, 10, 20),
        )


def test_the_months_after_a_closed_one_take_what_is_carried_past_it(cast, work):
    close(plan_of(cast.studio_one, "2026-09"), cast.chen)
    assert changes.next_period(plan_of(cast.studio_one, "2026-08"), on=date(2026, 9, 30)).key == "2026-10"


# --- The pages


@pytest.fixture
def eighth_of_october():
    """It is Thursday, 8 October 2026, the first working day after the holidays."""
    with time_machine.travel(OCTOBER, tick=False):
        yield


def closing_url(cast, name="plan-close", period="2026-09"):
    return reverse(name, args=[cast.studio_one.pk, period])


@pytest.mark.usefixtures("eighth_of_october")
def test_the_lead_closes_in_three_clicks_and_the_seal_stands_on_the_page(sign_in, cast, work):
    home = reverse("month", args=[cast.studio_one.pk, "2026-10"])
    client = sign_in(cast.chen)
    page = client.get(home).content.decode()
    assert "共2项，已完成0项，未完成2项。" in page
    assert "2026年10月10日" in page
    assert closing_url(cast) in page

    page = client.get(closing_url(cast)).content.decode()
    cell = f"i{work.test.pk}"
    assert f'name="value-{cell}"' in page
    told = {f"opened-{cell}": "", f"token-{cell}": str(uuid4()), f"value-{cell}": "40", f"note-{cell}": ""}
    answer = client.post(closing_url(cast), told)
    assert answer.url == closing_url(cast, "plan-leftovers")
    page = client.get(answer.url).content.decode()
    assert "2026年10月增加2项，权重2.8" in page

    shown = [str(item.pk) for item in (work.test, work.study)]
    answer = client.post(answer.url, {"shown": shown, "close": "1", "done": "做了一半", "help": ""})

    plan = plan_of(cast.studio_one, "2026-09")
    assert (plan.state, answer.url) == ("closed", plan.get_absolute_url())
    page = client.get(answer.url).content.decode()
    assert "2026年10月8日（周四）结清，第1版" in page
    assert "陈立新办理。" in page
    assert "这里完成40%，其余在2026年10月" in page
    rest = PlanItem.objects.get(carried_from=work.test)
    assert rest.get_absolute_url() in page
    assert reverse("item-report", args=[work.test.pk]) not in page
    october = client.get(home).content.decode()
    assert "在2026年9月完成40%，其余在这里" in october
    assert work.test.get_absolute_url() in october


@pytest.mark.usefixtures("eighth_of_october")
def test_what_is_wrong_in_the_second_step_is_said_at_the_row_and_nothing_typed_is_lost(sign_in, cast, work):
    here = closing_url(cast, "plan-leftovers")
    typed = {
        "shown": [work.test.pk, work.study.pk],
        "close": "1",
        f"act-{work.test.pk}": "cancel",
        f"reason-{work.test.pk}": "",
        "done": "我写的总结",
    }

    answer = sign_in(cast.chen).post(here, typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "我写的总结" in page
    assert f'id="error-{work.test.pk}"' in page
    assert plan_of(cast.studio_one, "2026-09").state == "draft"


def test_the_new_day_of_what_is_extended_is_typed_as_people_say_it(sign_in, cast, work, time_machine):
    time_machine.move_to("2026-09-03 10:00+08:00")
    here = f"/studios/{cast.studio_one.pk}/plan/2026-08/close/leftovers/"
    pk = work.august.pk
    typed = {"shown": [pk], "close": "1", f"act-{pk}": "extend", f"due-{pk}": "9-22"}

    answer = sign_in(cast.chen).post(here, typed)

    assert answer.status_code == 302
    assert PlanItem.objects.get(carried_from=work.august).due_on == date(2026, 9, 22)


@pytest.mark.usefixtures("eighth_of_october")
def test_an_item_that_came_meanwhile_is_shown_before_anything_is_closed(sign_in, cast, work):
    answer = sign_in(cast.chen).post(
        closing_url(cast, "plan-leftovers"), {"shown": [work.test.pk], "close": "1"}
    )

    assert answer.status_code == 200
    assert "请再看一遍还剩下什么" in answer.content.decode()
    assert plan_of(cast.studio_one, "2026-09").state == "draft"


@pytest.mark.usefixtures("eighth_of_october")
def test_the_live_line_answers_with_its_fragment(sign_in, cast, work):
    typed = {f"act-{work.test.pk}": "leave", f"act-{work.study.pk}": "carry"}

    answer = sign_in(cast.chen).post(
        closing_url(cast, "plan-leftovers"), typed, headers={"HX-Request": "true"}
    )

    page = answer.content.decode()
    assert page.lstrip().startswith('<div id="preview"')
    assert "2026年10月增加1项，权重1" in page


@pytest.mark.usefixtures("eighth_of_october")
def test_a_late_report_is_refused_with_the_way_to_the_belated_entry(sign_in, cast, work, closed):
    client = sign_in(cast.lin)
    back = work.august.get_absolute_url()
    answer = client.post(
        reverse("item-report", args=[work.august.pk]),
        {"token": str(uuid4()), "percent": "50"},
        headers={"Referer": f"http://testserver{back}"},
    )

    assert answer.status_code == 303
    page = client.get(answer.url).content.decode()
    assert "2026年8月已结清，数字不再变动" in page
    belated = reverse("item-belated", args=[work.august.pk])
    assert belated in page
    client.post(belated, {"token": str(uuid4()), "points": "20", "note": "备件到了两件"})
    october = client.get(reverse("month", args=[cast.studio_one.pk, "2026-10"])).content.decode()
    for page in (client.get(back).content.decode(), october):
        assert "为2026年8月补记20个百分点" in page


@pytest.mark.usefixtures("eighth_of_october")
def test_staff_reopen_and_both_versions_are_shown_with_what_differs(sign_in, cast, work, closed):
    staff = sign_in(cast.sun)
    versions = closing_url(cast, "plan-versions", "2026-08")
    reopen = closing_url(cast, "plan-reopen", "2026-08")
    assert staff.post(reopen, {"reason": "", "until": "2026-10-12"}).status_code == 422
    staff.post(reopen, {"reason": "漏报两件", "until": "2026-10-12"})
    report(work.august, by=cast.lin, at=OCTOBER, indicator=closed, value=Decimal(4))
    close(plan_of(cast.studio_one, "2026-08"), cast.chen, at=OCTOBER + timedelta(hours=1))

    page = staff.get(versions).content.decode()

    assert "结清第2版与结清第1版对照" in page
    assert "<del>0%</del> → <strong>50%</strong>" in page
    assert "漏报两件" in page


# --- By the calendar


@pytest.fixture
def confirmed_september(cast, work):
    """The plan of September was handed in and confirmed; it closes by itself after 10 October."""
    plan = plan_of(cast.studio_one, "2026-09")
    confirming.submit(plan, by=cast.chen, at=NOON)
    confirming.confirm(plan, by=cast.sun, at=NOON)
    return plan


def kinds_told(user):
    return list(
        Notice.objects.filter(recipient=user, kind__startswith="month_clos").values_list("kind", flat=True)
    )


def at_noon(day):
    return datetime(2026, 10, day, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_a_month_that_was_handed_in_is_announced_twice_and_then_closed_by_itself_once(
    cast, confirmed_september
):
    plan, calendar = confirmed_september, workdays.load()
    told = []
    for day in (8, 9, 10, 11, 12, 13):
        on = date(2026, 10, day)
        for _knock in range(2):
            closing.close_due(on=on, at=at_noon(day), calendar=calendar)
            reminders.remind(on=on, calendar=calendar)
        told.append((day, kinds_told(cast.chen), plan_of(cast.studio_one, "2026-09").state))

    soon, by_itself = "month_closes_soon", "month_closed_by_itself"
    assert told == [
        (8, [soon], "confirmed"),
        (9, [soon], "confirmed"),
        (10, [soon, soon], "confirmed"),
        (11, [soon, soon, by_itself], "closed"),
        (12, [soon, soon, by_itself], "closed"),
        (13, [soon, soon, by_itself], "closed"),
    ]
    copy = plan.frozen.closings().get()
    assert (copy.is_automatic, copy.late, copy.data["by"]) == (True, False, "")
    # Out of the quarter nothing is carried over without the union's yes.
    assert [(row["state"], row["rest"]) for row in copy.data["items"]] == [("undone", None)] * 2


def test_the_lead_confirms_an_automatic_closing_within_two_working_days(sign_in, cast, confirmed_september):
    calendar = workdays.load()
    closing.close_due(on=date(2026, 10, 12), at=at_noon(12), calendar=calendar)
    plan = plan_of(cast.studio_one, "2026-09")
    with pytest.raises(NotAllowedNow):
        closing.agree(plan, by=cast.chen, at=at_noon(15), calendar=calendar)

    with time_machine.travel(at_noon(14), tick=False):
        agree = closing_url(cast, "plan-agree")
        assert agree in sign_in(cast.chen).get(plan.get_absolute_url()).content.decode()
        sign_in(cast.chen).post(agree)
        assert agree not in sign_in(cast.chen).get(plan.get_absolute_url()).content.decode()

    assert [(step.act, step.by) for step in plan.steps.all()[:2]] == [("agreed", cast.chen), ("closed", None)]


def test_a_month_that_was_never_handed_in_is_not_closed_by_itself(cast, work):
    assert closing.close_due(on=date(2026, 11, 30), at=at_noon(30), calendar=workdays.load()) == 0


def test_a_reopened_month_closes_by_itself_after_its_day(cast, work, closed):
    plan = plan_of(cast.studio_one, "2026-08")
    closing.reopen(plan, by=cast.sun, at=OCTOBER, reason="漏报", until=date(2026, 10, 12))

    counts = [
        closing.close_due(on=date(2026, 10, day), at=at_noon(day), calendar=workdays.load())
        for day in (12, 13)
    ]

    assert counts == [0, 1]
    assert plan.frozen.closings().count() == 2


# --- Proof


def test_a_copy_that_was_tampered_with_is_named_by_the_nightly_check(cast, work, closed):
    assert drift.find().names == []
    copy = plan_of(cast.studio_one, "2026-08").frozen.get()
    Frozen.objects.filter(pk=copy.pk).update(data=copy.data | {"progress": "1"})

    names = drift.find().names

    assert [name.rpartition(": ")[2] for name in names] == [
        "the seal is broken",
        "the month has changed since",
    ]
