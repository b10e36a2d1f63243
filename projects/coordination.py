"""A problem from raising it to its end: who coordinates it, and what each step tells whom.

Every step is one conditional UPDATE on the state and the level it was read with, leaves a ``ProblemStep``
and tells whoever has to know. Who comes second gets ``NotAllowedNow``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowedNow
from core.workdays import Workdays
from members.models import Person, Role, User
from notifications.sending import tell
from projects.models import Problem, ProblemStep
from projects.progress import ReasonMissing
from studios.house_rules import PERSON, Post
from studios.models import Membership, RuleVersion, Studio

Act, Level, State = ProblemStep.Act, Problem.Level, Problem.State

#: Who answers for a level above the studio; the first role that somebody holds is asked.
ROLES = {
    Level.UNIT: (Role.UNIT_CONTACT,),
    Level.GROUP: (Role.GROUP_STAFF, Role.GROUP_ADMIN),
    Level.LEADER: (Role.COMPANY_LEADER,),
}
LEVEL_OF_POST = {
    Post.LEAD: Level.STUDIO,
    Post.LIAISON: Level.STUDIO,
    Post.UNIT_CONTACT: Level.UNIT,
    Post.GROUP_STAFF: Level.GROUP,
}


class Proposal(NamedTuple):
    """Where a problem begins, and who is asked to step forward; nobody where nobody has the post."""

    level: str
    coordinator: Person | None


def propose(studio: Studio, need: str, *, on: date, by: User | None = None, level: str = "") -> Proposal:
    """What the house rule says for a need on a day; where it says nothing, whoever answers for the level.

    Without a level the studio begins, or its unit where the lead himself is stuck.
    """
    by_rule = _by_rule(studio, need, on=on)
    if by_rule and level in ("", by_rule.level):
        return by_rule
    if not level:
        leads = by is not None and by.studio_roles.get(studio.pk) == Membership.Role.LEAD
        level = Level.UNIT if leads else Level.STUDIO
    return Proposal(level, next(iter(_people_of(studio, level, on=on)), None))


def _by_rule(studio: Studio, need: str, *, on: date) -> Proposal | None:
    version = RuleVersion.objects.settled_by(studio, "coordination", on=on)
    named = version.kept.named(need) if version else ""
    if named.startswith(PERSON):
        person = Person.objects.filter(pk=int(named.removeprefix(PERSON))).first()
        if person is None:
            return None
        inside = studio.memberships.current(on=on).filter(person=person).exists()
        return Proposal(Level.STUDIO if inside else Level.UNIT, person)
    if not named:
        return None
    level = LEVEL_OF_POST[Post(named)]
    role = Membership.Role.LIAISON if named == Post.LIAISON else Membership.Role.LEAD
    people = _people_of(studio, level, on=on, role=role)
    return Proposal(level, people[0]) if people else None


def _people_of(studio: Studio, level: str, *, on: date, role: str = Membership.Role.LEAD) -> list[Person]:
    if level == Level.STUDIO:
        steering = studio.memberships.current(on=on).filter(role=role).select_related("person")
        return [membership.person for membership in steering]
    for held in ROLES[Level(level)]:
        users = User.objects.holding(held, at=studio.unit, on=on).exclude(person=None)
        if people := [user.person for user in users.select_related("person").order_by("pk")]:
            return people
    return []


@transaction.atomic
def raise_problem(problem: Problem, *, by: User, at: datetime) -> Problem:
    """Put an unsaved problem on the board; without a coordinator the one proposed for its level is asked."""
    on = timezone.localdate(at)
    if problem.coordinator is None or not problem.level:
        proposed = propose(problem.studio, problem.need, on=on, by=by, level=problem.level)
        problem.level = problem.level or proposed.level
        problem.coordinator = problem.coordinator or proposed.coordinator
    problem.raised_by, problem.raised_on, problem.level_since = by, on, on
    problem.save()
    _note(problem, Act.RAISED, by=by, at=at)
    _ask(problem, by=by)
    return problem


@transaction.atomic
def take_in_hand(problem: Problem, *, by: User, at: datetime) -> None:
    """Whoever takes it in hand coordinates it from now on; of two at once one is told that it is taken."""
    _move(problem, State.RAISED, state=State.IN_HAND, coordinator=by.person or problem.coordinator)
    _note(problem, Act.TAKEN, by=by, at=at)
    _tell(problem, "problem_taken", [problem.raised_by], once="taken", by=by, who=str(by))


@transaction.atomic
def pass_on(problem: Problem, *, by: User, at: datetime, reason: str) -> None:
    """Pass it one level up, with the reason."""
    if not reason.strip():
        raise ReasonMissing
    if problem.next_level is None:
        raise NotAllowedNow(_("It is with the company's leaders already; there is nobody above."))
    _lift(problem, by=by, at=at, act=Act.PASSED_ON, text=reason.strip())


@transaction.atomic
def hand_over(problem: Problem, to: Person, *, by: User, at: datetime) -> None:
    """Somebody else coordinates it from now on; its level and its days stay as they are."""
    _move(problem, problem.state, coordinator=to)
    _note(problem, Act.HANDED_OVER, by=by, at=at)


@transaction.atomic
def solve(problem: Problem, *, by: User, at: datetime, note: str) -> None:
    """Close it, saying how it was solved. It has to be in hand."""
    if not note.strip():
        raise ReasonMissing
    if problem.state == State.RAISED:
        raise NotAllowedNow(_("Take it in hand first."))
    _close(problem, [State.IN_HAND], State.SOLVED, at=at, outcome=note.strip())
    _note(problem, Act.SOLVED, by=by, at=at, text=note.strip())
    leads = _logins_of(_people_of(problem.studio, Level.STUDIO, on=_day(at)))
    _tell(problem, "problem_solved", [problem.raised_by, *leads], once="solved", by=by, how=note.strip())


@transaction.atomic
def withdraw(problem: Problem, *, by: User, at: datetime, reason: str) -> None:
    """Take it back: it is no problem any more, or was none."""
    if not reason.strip():
        raise ReasonMissing
    _close(problem, Problem.OPEN, State.WITHDRAWN, at=at, outcome=reason.strip())
    _note(problem, Act.WITHDRAWN, by=by, at=at, text=reason.strip())


@transaction.atomic
def comment(problem: Problem, *, by: User, at: datetime, text: str) -> ProblemStep:
    """Say something about it; the one who raised it and the coordinator are told."""
    if not text.strip():
        raise NotAllowedNow(_("Please write something."))
    step = _note(problem, Act.COMMENTED, by=by, at=at, text=text.strip())
    others = [problem.raised_by, *_asked(problem)]
    _tell(problem, "problem_answered", others, once=str(step.pk), by=by, who=str(by), text=text.strip())
    return step


def escalate(*, on: date, at: datetime, calendar: Workdays) -> int:
    """Lift what nobody answered in time, or what is past its due day, one level. Nothing on a rest day.

    Safe to repeat: a problem that was lifted has reached its new level on that day. Returns how many were.
    """
    if not calendar.is_workday(on):
        return 0
    lifted = 0
    waiting = Problem.objects.to_escalate(on=on, calendar=calendar).select_related(
        "studio__unit", "raised_by__person", "coordinator"
    )
    for problem in waiting.order_by("pk"):
        try:
            with transaction.atomic():
                _lift(problem, by=None, at=at, act=Act.ESCALATED, text="")
        except NotAllowedNow:
            continue  # solved, or lifted by another worker, this very moment
        lifted += 1
    return lifted


def _lift(problem: Problem, *, by, at: datetime, act: str, text: str) -> None:
    on, level = _day(at), problem.next_level
    above = propose(problem.studio, problem.need, on=on, level=level).coordinator
    _move(problem, *Problem.OPEN, state=State.RAISED, level=level, level_since=on, coordinator=above)
    _note(problem, act, by=by, at=at, text=text)
    _ask(problem, by=by)
    _tell(
        problem,
        "problem_escalated",
        [problem.raised_by],
        once=level,
        by=by,
        level=str(problem.get_level_display()),
        who=str(above or "—"),
    )


def _close(problem: Problem, states: Iterable[str], state: str, *, at: datetime, outcome: str) -> None:
    _move(problem, *states, state=state, closed_on=_day(at), outcome=outcome)


def _move(problem: Problem, *states: str, **fields) -> None:
    same = Problem.objects.filter(pk=problem.pk, state__in=states, level=problem.level)
    if not same.update(**fields):
        raise NotAllowedNow
    for name, value in fields.items():
        setattr(problem, name, value)


def _note(problem: Problem, act: str, *, by, at: datetime, text: str = "") -> ProblemStep:
    return ProblemStep.objects.create(
        problem=problem,
        act=act,
        level=problem.level,
        coordinator=problem.coordinator,
        text=text,
        by=by,
        at=at,
    )


def _day(at: datetime) -> date:
    return timezone.localdate(at)


def _asked(problem: Problem) -> list[User]:
    """The coordinator; where he cannot sign in, all who answer for the level."""
    asked = _logins_of([problem.coordinator]) if problem.coordinator else []
    return asked or _logins_of(_people_of(problem.studio, problem.level, on=problem.level_since))


def _logins_of(people: Iterable[Person]) -> list[User]:
    return list(User.objects.filter(person__in=people, is_active=True).order_by("pk"))


def _ask(problem: Problem, *, by) -> None:
    _tell(problem, "problem_raised", _asked(problem), once=problem.level, by=by)


def _tell(problem: Problem, kind: str, people, *, once: str, by, **said) -> None:
    params = {"studio": problem.studio.name, "due_on": problem.due_on.isoformat(), **said}
    url = problem.get_absolute_url()
    tell(people, kind, about=problem, url=url, once=once, params=params, by=by)
