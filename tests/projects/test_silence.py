"""Not trying is not allowed: who is told that nothing is heard of a studio, when, and what ends it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.workdays import Workdays
from notifications import kinds
from notifications.models import Notice
from projects import reminders, silence
from projects.models import PlanItem, Topic
from projects.progress import report
from studios.models import Activity, Studio
from tests.projects.conftest import plan_of

pytestmark = pytest.mark.django_db

CHINA = Workdays()
#: A Monday; thirty days later it is Wednesday, 14 October 2026.
LAST = date(2026, 9, 14)


def at(day):
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


@pytest.fixture
def quiet(cast):
    """A studio that met for the last time on ``LAST``; the other one has no day to count from."""
    Activity.objects.create(studio=cast.studio_one, subject="例会", held_on=LAST)
    return cast.studio_one


def told(first=date(2026, 10, 12), last=date(2026, 12, 1)):
    """{day: {(username, kind)}} of every day on which somebody is told of silence."""
    found = {}
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        for reminder in reminders.due_on(day, CHINA):
            if reminder.kind.startswith("studio_silent"):
                found.setdefault(day, set()).update(
                    (user.username, reminder.kind) for user in reminder.recipients
                )
    return found


def test_those_who_steer_it_are_told_first_then_the_unit_then_the_group(quiet):
    assert told() == {
        date(2026, 10, 15): {("chen", "studio_silent"), ("lin", "studio_silent")},
        date(2026, 10, 22): {("sun", "studio_silent_unit")},
        date(2026, 10, 29): {("li", "studio_silent_group")},
    }


@pytest.mark.parametrize("act", ["activity", "report", "topic"])
def test_any_sign_of_life_begins_to_count_anew(cast, quiet, act):
    day = date(2026, 10, 16)
    if act == "activity":
        Activity.objects.create(studio=quiet, subject="学习", held_on=day)
    elif act == "topic":
        Topic.objects.create(studio=quiet, title="新课题", starts_on=day)
    else:
        item = PlanItem.objects.create(plan=plan_of(quiet, "2026-10"), content="试验", owner=cast.wang.person)
        report(item, by=cast.wang, at=at(day), percent=10)

    assert silence.of([quiet], on=day)[quiet.pk].since == day
    assert set(told(first=day)) == {date(2026, 11, 16), date(2026, 11, 23), date(2026, 11, 30)}


@pytest.mark.parametrize("act", ["to come", "called off"])
def test_what_has_not_been_held_is_no_sign_of_life(quiet, act):
    state = "cancelled" if act == "called off" else "planned"
    held_on = LAST + timedelta(days=5) if act == "called off" else date(2026, 12, 30)
    Activity.objects.create(studio=quiet, subject="展览", held_on=held_on, state=state)

    assert date(2026, 10, 15) in told()


def test_a_studio_at_rest_is_left_alone_and_a_new_one_counts_from_its_naming(cast):
    Studio.objects.update(state="suspended")
    assert told() == {}

    Studio.objects.filter(pk=cast.studio_two.pk).update(state="active", named_on=LAST)
    assert min(told()) == date(2026, 10, 15)


def test_what_was_told_no_longer_holds_after_a_sign_of_life(cast, quiet):
    reminders.remind(on=date(2026, 10, 15), calendar=CHINA)
    notice = Notice.objects.get(recipient=cast.chen, kind="studio_silent")
    assert (notice.params["days"], notice.params["since_on"]) == (31, "2026-09-14")
    assert kinds.get(notice.kind).why_no_longer(notice) is None

    Activity.objects.create(studio=quiet, subject="例会", held_on=date(2026, 10, 15))

    assert kinds.get(notice.kind).why_no_longer(notice) == "done"


def test_the_reason_names_what_is_missing(cast, quiet):
    Topic.objects.create(studio=quiet, title="老课题", starts_on=date(2026, 6, 16))

    said = silence.of([quiet], on=date(2026, 10, 14))[quiet.pk].reason(date(2026, 10, 14))

    assert said == "120天无新课题 · 30天无活动 · 尚无进展"


def test_all_studios_are_asked_at_once(cast, quiet, django_assert_num_queries):
    studios = list(Studio.objects.active())

    with django_assert_num_queries(3):
        silence.of(studios, on=date(2026, 10, 14))


def test_the_register_means_the_same_by_silent(cast, quiet):
    def silent(day):
        since = at(day - timedelta(days=silence.DAYS)).replace(hour=0)
        return set(Studio.objects.active().silent_since(since, on=day))

    assert quiet not in silent(date(2026, 10, 14))
    assert quiet in silent(date(2026, 10, 15))
