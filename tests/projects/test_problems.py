"""Problems: who is asked, what each step tells whom, what goes one level up by itself, the board."""

import uuid
from datetime import date, datetime
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from core import workdays
from core.errors import NotAllowedNow
from notifications.models import Notice
from projects import coordination
from projects.models import Problem, ProblemStep
from projects.progress import ReasonMissing
from projects.tasks import do_day
from studios.house_rules import Coordination, kept
from studios.models import Rule, RuleVersion

NOON = datetime(2026, 9, 18, 12, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Friday
FRIDAY, SUNDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 9, day) for day in (18, 20, 22, 23, 24))


def at(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def raised(cast, *, by=None, due_on=date(2026, 9, 30), level="", need="equipment", when=NOON, **fields):
    problem = Problem(
        studio=cast.studio_one, what="炉子排不开", need=need, due_on=due_on, level=level, **fields
    )
    return coordination.raise_problem(problem, by=by or cast.wang, at=when)


def escalate(day):
    return coordination.escalate(on=day, at=at(day), calendar=workdays.load())


def rule_of(studio, effective_on=date(2026, 1, 1), number=1, **named):
    rule, _new = Rule.objects.get_or_create(studio=studio, kind="coordination", title="协调")
    return RuleVersion.objects.create(
        rule=rule, number=number, text="协调", effective_on=effective_on, settings=kept(Coordination(**named))
    )


def told(problem):
    about = f"projects.problem:{problem.pk}"
    return sorted(Notice.objects.filter(about=about).values_list("kind", "recipient__username"))


@pytest.mark.parametrize(
    ("level", "coordinator"), [("studio", "chen"), ("unit", "sun"), ("group", "li"), ("leader", "zheng")]
)
def test_without_a_rule_whoever_answers_for_the_level_is_asked(cast, level, coordinator):
    problem = raised(cast, level=level)

    assert problem.coordinator == getattr(cast, coordinator).person
    assert told(problem) == [("problem_raised", coordinator)]


def test_a_member_begins_with_his_lead_and_the_lead_with_his_unit(cast):
    assert (raised(cast).level, raised(cast, by=cast.chen).level) == ("studio", "unit")


def test_the_house_rule_names_the_coordinator_of_each_need(cast):
    rule_of(cast.studio_one, equipment="unit_contact", money=f"person:{cast.li.person_id}")

    equipment, money, people = (raised(cast, need=need) for need in ("equipment", "money", "people"))

    assert (equipment.level, equipment.coordinator) == ("unit", cast.sun.person)
    assert money.coordinator == cast.li.person
    assert (people.level, people.coordinator) == ("studio", cast.chen.person)


def test_a_day_is_judged_by_the_rule_in_force_on_it(cast):
    rule_of(cast.studio_one, equipment="group_staff")
    rule_of(cast.studio_one, date(2026, 10, 1), 2, equipment="liaison")

    before, after = (
        coordination.propose(cast.studio_one, "equipment", on=day)
        for day in (date(2026, 9, 30), date(2026, 10, 1))
    )

    assert before == ("group", cast.li.person)
    assert after == ("studio", cast.lin.person)


def test_taken_in_hand_and_solved_with_a_note_in_time(cast):
    problem = raised(cast)

    with pytest.raises(NotAllowedNow):
        coordination.solve(problem, by=cast.chen, at=NOON, note="夜班可用")
    coordination.take_in_hand(problem, by=cast.chen, at=NOON)
    with pytest.raises(ReasonMissing):
        coordination.solve(problem, by=cast.chen, at=NOON, note=" ")
    coordination.solve(problem, by=cast.chen, at=NOON, note="夜班可用")

    problem.refresh_from_db()
    assert (problem.state, problem.closed_on, problem.outcome) == ("solved", FRIDAY, "夜班可用")
    assert problem.is_in_time
    assert [step.act for step in problem.steps.all()] == ["raised", "taken", "solved"]
    assert told(problem) == [
        ("problem_raised", "chen"),
        ("problem_solved", "wang"),
        ("problem_taken", "wang"),
    ]


def test_solved_on_the_due_day_is_in_time_and_a_day_later_is_not(cast):
    problems = [raised(cast, due_on=FRIDAY) for _ in range(2)]
    for problem, day in zip(problems, (FRIDAY, date(2026, 9, 19)), strict=True):
        coordination.take_in_hand(problem, by=cast.chen, at=NOON)
        coordination.solve(problem, by=cast.chen, at=at(day), note="好了")

    assert list(Problem.objects.in_time()) == problems[:1]


def test_passing_on_asks_the_next_level_and_needs_a_reason(cast):
    problem = raised(cast)

    with pytest.raises(ReasonMissing):
        coordination.pass_on(problem, by=cast.chen, at=NOON, reason="")
    coordination.pass_on(problem, by=cast.chen, at=NOON, reason="要厂里出面")

    problem.refresh_from_db()
    assert (problem.level, problem.coordinator, problem.state) == ("unit", cast.sun.person, "raised")
    assert told(problem) == [
        ("problem_escalated", "wang"),
        ("problem_raised", "chen"),
        ("problem_raised", "sun"),
    ]


def test_nobody_stands_above_the_leaders(cast):
    with pytest.raises(NotAllowedNow):
        coordination.pass_on(raised(cast, level="leader"), by=cast.zheng, at=NOON, reason="难")


def test_not_taken_in_hand_within_three_working_days_it_goes_one_level_up_once(cast):
    problem = raised(cast)  # on Friday; the Sunday after it is worked, so Tuesday is the last of three

    assert [escalate(day) for day in (SUNDAY, date(2026, 9, 21), TUESDAY)] == [0, 0, 0]
    assert [escalate(WEDNESDAY), escalate(WEDNESDAY)] == [1, 0]

    problem.refresh_from_db()
    assert (problem.level, problem.level_since, problem.coordinator) == ("unit", WEDNESDAY, cast.sun.person)
    assert ("problem_raised", "sun") in told(problem)
    assert problem.steps.filter(act="escalated").count() == 1


def test_in_hand_it_stays_until_the_due_day_is_over(cast):
    problem = raised(cast, due_on=TUESDAY)
    coordination.take_in_hand(problem, by=cast.chen, at=NOON)

    assert [escalate(TUESDAY), escalate(WEDNESDAY), escalate(THURSDAY)] == [0, 1, 0]


def test_what_is_past_its_due_day_has_three_working_days_at_each_level(cast):
    raised(cast, due_on=FRIDAY)

    lifted = [day for day in range(19, 31) if escalate(date(2026, 9, day))]

    assert lifted == [20, 24]


def test_at_the_top_and_on_a_rest_day_nothing_goes_up(cast):
    raised(cast, level="leader", due_on=FRIDAY)
    raised(cast, due_on=FRIDAY)

    assert escalate(date(2026, 10, 1)) == 0  # the national day
    assert escalate(date(2026, 10, 8)) == 1


def test_the_day_on_which_it_goes_up_is_said_beforehand(cast):
    calendar = workdays.load()
    waiting, late = raised(cast), raised(cast, due_on=FRIDAY)

    assert waiting.escalates_on(calendar) == WEDNESDAY
    assert late.escalates_on(calendar) == SUNDAY


def test_the_days_work_lifts_what_nobody_answered(cast):
    problem = raised(cast)

    with time_machine.travel(at(THURSDAY), tick=False):
        do_day("2026-09-24")
        do_day("2026-09-24")

    problem.refresh_from_db()
    assert (problem.level, problem.steps.filter(act="escalated").count()) == ("unit", 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_in_hand_at_once_one_is_heard(cast):
    for _round in range(5):
        problem = raised(cast)

        def take(user, pk=problem.pk):
            coordination.take_in_hand(Problem.objects.get(pk=pk), by=user, at=NOON)

        assert both_at_once(lambda: take(cast.chen), lambda: take(cast.sun)) == ["done", "too late"]
        assert problem.steps.filter(act="taken").count() == 1


@pytest.mark.django_db(transaction=True)
def test_solving_against_going_up_only_one_happens(cast):
    for _round in range(5):
        problem = raised(cast, due_on=FRIDAY)
        coordination.take_in_hand(problem, by=cast.chen, at=NOON)

        def solve(pk=problem.pk):
            read = Problem.objects.select_related("studio__unit").get(pk=pk)
            coordination.solve(read, by=cast.chen, at=at(THURSDAY), note="好了")

        def lift():
            if not escalate(THURSDAY):
                raise NotAllowedNow

        assert both_at_once(solve, lift) == ["done", "too late"]
        problem.refresh_from_db()
        assert (problem.state == "solved") == (problem.level == "studio")
        assert problem.steps.filter(act__in=["solved", "escalated"]).count() == 1
        Problem.objects.all().delete()


def both_at_once(*acts):
    start, outcomes = Barrier(len(acts)), []

    def run(act):
        try:
            start.wait(10)
            act()
            outcomes.append("done")
        except NotAllowedNow:
            outcomes.append("too late")
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(outcomes)


# --- Pages


@pytest.fixture
def form():
    return {"what": "炉子排不开", "need": "equipment", "due_on": "2026-09-30", "once": str(uuid.uuid4())}


def test_a_member_raises_a_problem_on_an_item_and_a_double_click_raises_one(
    september, cast, work, sign_in, form
):
    address = f"/studios/{cast.studio_one.pk}/problems/new/?item={work.test.pk}"
    page = sign_in(cast.wang)

    answers = [page.post(address, form, follow=True) for _ in range(2)]

    problem = Problem.objects.get()
    assert (problem.item, problem.coordinator, problem.level) == (work.test, cast.chen.person, "studio")
    assert "问题已提出，请陈立新出面协调。" in answers[0].content.decode()
    assert "炉子排不开" in page.get(work.test.get_absolute_url()).content.decode()


def test_the_form_offers_five_working_days(september, cast, sign_in):
    form = sign_in(cast.wang).get(f"/studios/{cast.studio_one.pk}/problems/new/").context["form"]

    # Sunday the 20th is worked, Friday the 25th is a holiday.
    assert form["due_on"].value() == THURSDAY


def test_a_due_day_in_the_past_is_said_at_the_field_and_nothing_typed_is_lost(september, cast, sign_in, form):
    answer = sign_in(cast.wang).post(
        f"/studios/{cast.studio_one.pk}/problems/new/", form | {"due_on": "2026-09-17"}
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors["due_on"] == ["期限早于今天。"]
    assert "炉子排不开" in answer.content.decode()


def test_the_coordinator_takes_it_solves_it_and_says_how(september, cast, sign_in):
    problem = raised(cast)
    page, here = sign_in(cast.chen), f"/problems/{problem.pk}/"

    assert "接手" in page.get(here).content.decode()
    page.post(f"{here}take/")
    assert page.post(f"{here}solve/", {"text": ""}).status_code == 422
    answer = page.post(f"{here}solve/", {"text": "夜班可用"}, follow=True)

    assert "夜班可用" in answer.content.decode()
    assert Problem.objects.get().state == "solved"


def test_a_comment_is_told_to_the_other_side_alone(september, cast, sign_in):
    problem = raised(cast)

    sign_in(cast.chen).post(f"/problems/{problem.pk}/comment/", {"text": "明天去看"})

    assert told(problem) == [("problem_answered", "wang"), ("problem_raised", "chen")]
    assert problem.steps.last().text == "明天去看"


def test_who_was_asked_from_outside_sees_the_problem_and_not_the_studio(september, cast, sign_in):
    rule_of(cast.studio_one, equipment=f"person:{cast.he.person_id}")
    problem = raised(cast)
    page = sign_in(cast.he)

    assert page.get(f"/problems/{problem.pk}/").status_code == 200
    assert page.get(f"/studios/{cast.studio_one.pk}/").status_code == 404


def test_the_board_is_narrowed_and_its_figures_open_their_rows(september, cast, sign_in):
    late = raised(cast, due_on=date(2026, 9, 16), when=at(date(2026, 9, 14)))
    solved = raised(cast)
    coordination.take_in_hand(solved, by=cast.chen, at=NOON)
    coordination.solve(solved, by=cast.chen, at=NOON, note="好了")
    old = raised(cast, due_on=date(2026, 12, 1), when=at(date(2026, 8, 3)))
    page = sign_in(cast.li)

    def listed(query):
        return [row.problem for row in page.get(f"/problems/?{query}").context["rows"]]

    first = page.get("/problems/?view=all").context
    assert first["counts"] == {"open": 2, "overdue": 1, "solved": 1, "in_time": 1}
    assert listed("view=all&state=open") == [late, old]
    assert listed("view=all&overdue=1") == [late]
    assert listed("view=all&in_time=1") == [solved]
    assert listed("long=1") == [old]
    assert listed("mine=coordinate") == []
    assert listed(f"studio={cast.studio_one.pk}&state=solved") == [solved]
    assert {row.problem: row.age for row in first["rows"]}[late] == 4  # Tuesday to Friday
    assert {row.problem: row.away for row in first["rows"]} == {
        late: "已过 2 个工作日",
        old: "48 个工作日后",
        solved: "",
    }
    assert "已过 2 个工作日" in page.get(f"/problems/{late.pk}/").content.decode()
    of_studio = page.get(f"/studios/{cast.studio_one.pk}/").content.decode()
    assert (of_studio.count("已过 2 个工作日"), of_studio.count("48 个工作日后")) == (1, 1)


def test_a_board_without_a_row_says_whether_there_is_nothing_or_how_much_is_hidden(september, cast, sign_in):
    page = sign_in(cast.chen)
    nothing = page.get("/problems/").content.decode()
    raised(cast)
    hidden = page.get("/problems/?q=没有这个").content.decode()

    assert "遇到困难，可在计划项、课题或月度页面提出。" in nothing
    assert "您可查看的 1 件协调事项都被筛选条件隐藏了。" in hidden
    assert "全部显示" in hidden


@pytest.mark.parametrize("more", [1, 20])
def test_the_board_asks_a_fixed_number_of_queries(september, cast, sign_in, more, django_assert_num_queries):
    for _ in range(more):
        raised(cast)
    page = sign_in(cast.li)
    page.get("/problems/")

    with django_assert_num_queries(QUERIES):
        page.get("/problems/?view=all")


QUERIES = 17


def test_what_one_is_asked_to_coordinate_waits_on_the_desk(september, cast, sign_in):
    problem = raised(cast, level="unit")

    assert sign_in(cast.sun).get("/").context["problems"] == [problem]
    assert sign_in(cast.li).get("/").context["problems"] == []


def test_over_thirty_days_it_stands_on_the_leaders_page(september, cast, sign_in):
    old = raised(cast, due_on=date(2026, 12, 1), when=at(date(2026, 8, 18)))
    raised(cast, due_on=date(2026, 12, 1), when=at(date(2026, 8, 19)))

    answer = sign_in(cast.zheng).get("/leader/")

    assert answer.context["long_problems"] == [old]


def test_a_step_of_the_past_is_never_written_over(cast):
    problem = raised(cast)
    coordination.comment(problem, by=cast.wang, at=NOON, text="一")
    coordination.comment(problem, by=cast.wang, at=NOON, text="二")

    assert [step.text for step in ProblemStep.objects.all()] == ["", "一", "二"]
