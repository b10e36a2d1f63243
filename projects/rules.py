"""Who may do what about topics, plans and progress. Read the table; nothing else grants anything."""

import rules

from members.models import Role
from members.rules import decides_absence, holds, is_own_absence
from projects.models import PlanItem, Problem
from studios.rules import belongs, oversees, reads_here, staff_here, steers


@rules.predicate
def carries(user, item):
    """Answers for the item, or carries an indicator of it, and still belongs to the studio.

    Here and below: himself, or whoever is away and has him as the deputy.
    """
    if item is None or not user.person_id or item.studio.pk not in user.studio_roles:
        return False
    return item.owner_id in user.acts_for or any(
        indicator.person_id in user.acts_for for indicator in item.indicators.all()
    )


@rules.predicate
def answers_for(user, item):
    """Is the person responsible for the item or topic, and still belongs to the studio."""
    return (
        item is not None
        and item.owner_id is not None
        and item.owner_id in user.acts_for
        and item.studio.pk in user.studio_roles
    )


@rules.predicate
def is_own_failure(user, record):
    """Answers himself for the item or topic, or for what the lesson is about."""
    return record is not None and answers_for(user, getattr(record, "record", record))


@rules.predicate
def bears(user, indicator):
    """Is the member who carries the indicator, and still belongs to the studio."""
    return (
        indicator is not None
        and indicator.person_id in user.acts_for
        and indicator.studio.pk in user.studio_roles
    )


@rules.predicate
def is_coordinator(user, problem):
    """Is the person who was asked to step forward."""
    return (
        problem is not None and problem.coordinator_id is not None and problem.coordinator_id in user.acts_for
    )


@rules.predicate
def raised_it(user, problem):
    return problem is not None and problem.raised_by_id == user.pk


#: Who answers for a problem at each level; whoever stands above may step in.
ANSWERS_FOR = {
    Problem.Level.STUDIO: steers | staff_here,
    Problem.Level.UNIT: staff_here,
    Problem.Level.GROUP: oversees(Role.GROUP_STAFF, Role.GROUP_ADMIN),
    Problem.Level.LEADER: oversees(Role.COMPANY_LEADER, Role.GROUP_ADMIN),
}


@rules.predicate
def answers_for_the_level(user, problem):
    return problem is not None and ANSWERS_FOR[Problem.Level(problem.level)](user, problem)


@rules.predicate
def falls_on_him(user, consequence):
    """It is about himself, or about the studio he belongs to as a whole."""
    if consequence is None:
        return False
    if consequence.person_id is None:
        return consequence.studio.pk in user.studio_roles
    return consequence.person_id == user.person_id


@rules.predicate
def asked_for_it(user, obj):
    """Is who asked, where it is a change request."""
    return obj is not None and getattr(obj, "asked_by_id", None) == user.pk


@rules.predicate
def is_for_all(user, lesson):
    """A confirmed lesson is meant to be used by others: whoever sees any studio may read it."""
    return lesson is not None and lesson.is_published and user.sees_studios


PERMISSIONS = {
    "projects.settle_absence": is_own_absence | decides_absence,
    "projects.view_topic": reads_here,
    "projects.change_topic": staff_here | steers,
    "projects.view_plan": reads_here,
    "projects.change_plan": staff_here | steers,
    "projects.submit_plan": steers,
    # Nobody confirms what he has written himself.
    "projects.confirm_plan": staff_here & ~steers,
    "projects.close_plan": staff_here | steers,
    "projects.reopen_plan": staff_here & ~steers,
    "projects.set_grace_days": holds(Role.GROUP_ADMIN),
    "projects.view_change": reads_here,
    # Nobody decides what he has asked for himself; who may decide changes a confirmed plan without asking.
    "projects.decide_change": staff_here & ~steers & ~asked_for_it,
    "projects.withdraw_change": asked_for_it | steers,
    "projects.view_item": reads_here,
    "projects.change_item": staff_here | steers,
    "projects.report_progress": staff_here | steers | carries,
    "projects.report_item": staff_here | steers | answers_for,
    "projects.report_indicator": staff_here | steers | bears,
    # That a failure is tolerated is for the union to say, never for the studio itself or whoever failed.
    "projects.propose_lesson": staff_here | steers | answers_for,
    "projects.tolerate": staff_here & ~steers & ~is_own_failure,
    "projects.view_lesson": reads_here | is_for_all,
    "projects.view_evidence": reads_here,
    "projects.view_points": reads_here,
    # A deduction or a reward is decided by the union, never by the one it falls on.
    "projects.decide_consequence": staff_here & ~falls_on_him,
    "projects.view_problem": reads_here | is_coordinator,
    "projects.raise_problem": staff_here | belongs,
    "projects.comment_problem": reads_here | is_coordinator,
    "projects.coordinate_problem": is_coordinator | answers_for_the_level,
    "projects.withdraw_problem": raised_it | steers,
}
for name, predicate in PERMISSIONS.items():
    rules.add_perm(name, predicate)

#: The right that each new state of an item asks for; going back to work is a reopening. How it ends as
#: tolerated is said by ``projects.lessons``.
TO_ENTER = {
    PlanItem.State.DONE: "projects.report_item",
    PlanItem.State.UNDONE: "projects.report_item",
    PlanItem.State.CARRIED: "projects.change_item",
    PlanItem.State.CANCELLED: "projects.change_item",
    PlanItem.State.IN_PROGRESS: "projects.change_item",
}


def states_open_to(user, item) -> list[str]:
    """The states into which this person may bring the item now, in the order in which they are offered."""
    offered = (
        [state for state in TO_ENTER if state not in (item.state, PlanItem.State.IN_PROGRESS)]
        if item.is_open
        else [PlanItem.State.IN_PROGRESS]
    )
    return [state for state in offered if user.has_perm(TO_ENTER[state], item)]
