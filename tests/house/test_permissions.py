"""Every address x verb x role x {own, foreign} against the hand-written table `permissions.csv`.

A cell is the code of the answer, `own/foreign` where they differ. Own is 一厂, foreign its twin 二厂. To a
stranger 302 is the way to the sign-in page. Whatever is answered to people of one plant is searched for a
word that stands in every text of the other one.
"""

import logging

import pytest

from achievements.models import Achievement, AchievementFile, Adoption
from core.access import SIGNED_IN
from members.models import Absence, Person, User
from projects.models import ChangeRequest, Evidence, Indicator, Lesson, Plan, PlanItem, Problem, Topic
from reports.models import Report
from studios.models import (
    Activity,
    ActivityFile,
    Application,
    ApplicationFile,
    Gathering,
    LeaveRequest,
    Membership,
    Rule,
    Series,
    Studio,
)
from tests.house import walking
from tests.house.walking import CANARY, SEES_ALL, VERBS

#: The addresses open to strangers, and why.
PUBLIC = {
    "healthz": "asked by machines",
    "set_language": "one has to be able to read the sign-in page",
    "theme": "the same for the eyes",
    "offline": "there is nothing personal on it, and no network to sign in by",
    "service-worker": "the browser fetches it by itself; it is a script like any other",
    "manifest": "the phone asks for it before anybody signs in",
    "styleguide": "components only, while developing",
    "sign-in": "the door",
    "demo-sign-in": "the door of the trial site; answers 404 everywhere else",
    "sign-out": "going out is always allowed",
    "signed-out": "what is said at the door",
    "password-reset": "who has forgotten it cannot sign in",
    "password-reset-done": "the same",
    "password-reset-confirm": "the same; the link is the key",
    "password-reset-complete": "the same",
    "feed": "a calendar has no session; the secret in the address is the key",
}
#: What belongs to one person alone: no role, not even that over everything, reaches that of another.
OWN_ALONE = {"list-view-delete", "undo", "care-person", "care-record-delete", "care-worker-end"}
DENIED = (403, 404)


@pytest.fixture
def world(cast, settings):
    settings.ROOT_URLCONF = "tests.house.quiet_urls"
    logging.disable(logging.WARNING)
    yield walking.build(cast)
    logging.disable(logging.NOTSET)


@pytest.fixture
def walker(world):
    return walking.Walker(world)


def cells(table):
    """(address, verb, principal, side, expected code) of every cell."""
    for (name, verb), row in table.items():
        for who, codes in row.items():
            for side, code in zip(("own", "foreign"), codes, strict=True):
                if side == "own" or walking.has_twin(name):
                    yield name, verb, who, side, code


@pytest.mark.parametrize("half", [0, 1])
def test_every_address_answers_everybody_as_the_table_says_and_who_is_denied_changes_nothing(walker, half):
    faults = []
    for name, verb, who, side, expected in list(cells(walking.table()))[half::2]:
        response, written = walker.ask(who, verb, name, side)
        where = f"{verb} {name} by {who} on {side}"
        if response.status_code != expected:
            faults.append(f"{where}: {response.status_code}, the table says {expected}")
        elif expected in DENIED and written:
            faults.append(f"{where}: denied, yet wrote {written}")
        elif who == "anonymous" and name not in PUBLIC and not response.url.startswith("/sign-in/?next="):
            faults.append(f"{where}: led to {response.url}")
        elif who == "anonymous" and name not in PUBLIC and written:
            faults.append(f"{where}: nobody wrote {written}")
        if who not in SEES_ALL and CANARY in response.text_sent:
            faults.append(f"{where}: speaks of the other plant")

    assert not faults, "\n".join(faults)


def test_the_table_has_a_row_for_every_verb_an_address_answers_and_no_other(walker):
    answered = {
        (name, verb)
        for name in walking.addresses()
        for verb in VERBS
        if walker.ask("root", verb, name)[0].status_code != 405
    }

    assert answered == set(walking.table())


def test_every_view_says_who_may_open_it_or_is_one_of_the_public_ones():
    silent = {name for name, view in walking.addresses().items() if not getattr(view, "permission", None)}

    assert silent == set(PUBLIC)


def test_every_permission_a_view_asks_for_exists():
    from rules.permissions import perm_exists

    asked = {getattr(view, "permission", None) for view in walking.addresses().values()} - {None, SIGNED_IN}

    assert {permission for permission in asked if not perm_exists(permission)} == set()


@pytest.mark.parametrize(
    ("model", "permission"),
    [
        (Studio, "studios.view_studio"),
        (Membership, "studios.view_studio"),
        (Rule, "studios.view_studio"),
        (Activity, "studios.view_studio"),
        (ActivityFile, "studios.view_studio"),
        (Series, "studios.view_studio"),
        (Gathering, "studios.view_gathering"),
        (LeaveRequest, "studios.view_leave"),
        (Application, "studios.view_application"),
        (ApplicationFile, "studios.view_application"),
        (Person, "members.view_person"),
        (Absence, "members.view_absence"),
        (Topic, "projects.view_topic"),
        (Plan, "projects.view_plan"),
        (PlanItem, "projects.view_item"),
        (Indicator, "projects.view_item"),
        (Evidence, "projects.view_evidence"),
        (Problem, "projects.view_problem"),
        (ChangeRequest, "projects.view_change"),
        (Lesson, "projects.view_lesson"),
        (Report, "reports.view_report"),
        (Achievement, "achievements.view_achievement"),
        (AchievementFile, "achievements.view_achievement"),
        (Adoption, "achievements.view_adoption"),
    ],
)
def test_being_in_the_list_is_being_allowed_to_see_it(world, model, permission):
    objects = model._base_manager.all()
    for user in User.objects.all():
        listed = set(model.objects.visible_to(user).values_list("pk", flat=True))
        allowed = {obj.pk for obj in objects if user.has_perm(permission, obj)}
        assert listed == allowed, f"{user} and {model.__name__}"


def survivors(walker, codes):
    """The cells of these codes, and those among them that are answered with the same code still."""
    chosen = [cell for cell in cells(walking.table()) if cell[4] in codes and cell[0] not in PUBLIC]
    return chosen, [
        cell for cell in chosen if walker.ask(cell[2], cell[1], cell[0], cell[3])[0].status_code == cell[4]
    ]


@pytest.mark.embedded
def test_with_a_guard_that_says_yes_to_everybody_the_walk_would_notice(walker, monkeypatch):
    monkeypatch.setattr(User, "has_perm", lambda self, permission, obj=None: True)

    chosen, same = survivors(walker, {403})

    assert len(chosen) > 150
    assert len(same) < len(chosen) * 0.05, same


@pytest.mark.embedded
def test_without_any_scope_the_walk_would_notice(walker):
    User.objects.update(is_superuser=True)

    chosen, same = survivors(walker, {404})
    same = [cell for cell in same if cell[0] not in OWN_ALONE]

    assert len(chosen) > 300
    assert len(same) < len(chosen) * 0.05, same
