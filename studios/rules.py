"""Who may do what about studios. Read the table; nothing else grants anything.

The predicates about people and places are stated here once; the apps above combine them.
"""

import rules

from members.models import Role, User
from members.rules import holds
from studios.models import Application, Membership
from studios.spending import is_own

STAFF = (Role.GROUP_ADMIN, Role.GROUP_STAFF, Role.UNIT_CONTACT)


@rules.predicate
def belongs(user, obj):
    """Belongs to the studio today, in whatever role."""
    return obj is not None and obj.studio.pk in user.studio_roles


@rules.predicate
def steers(user, obj):
    """Leads the studio or writes for its lead."""
    return obj is not None and user.studio_roles.get(obj.studio.pk) in Membership.STEERING


def oversees(*roles):
    """Holds one of the roles over the unit of the studio."""

    def holds_over_its_unit(user, obj):
        return obj is not None and user.holds_over(obj.studio.unit, *roles)

    return rules.predicate(holds_over_its_unit, name=f"oversees{roles}")


staff_here = oversees(*STAFF)
reads_here = staff_here | oversees(Role.COMPANY_LEADER) | belongs


@rules.predicate
def is_applicant(user, application):
    return application is not None and application.applicant_id == user.pk


def over_application(*roles):
    """Holds one of the roles over the unit the application comes from."""

    def holds_over_the_unit(user, application):
        unit = application and application.unit
        return unit is not None and user.holds_over(unit, *roles)

    return rules.predicate(holds_over_the_unit, name=f"over_application{roles}")


def application_is(*states):
    def is_in_state(user, application):
        return application is not None and application.state in states

    return rules.predicate(is_in_state, name=f"application_is{states}")


@rules.predicate
def is_party(user, application):
    """Filed the application, or would lead the studio it asks for."""
    return application is not None and (
        application.applicant_id == user.pk or application.would_be_led_by(user)
    )


@rules.predicate
def unit_has_no_other_contact(user, application):
    """Nobody but a party to the application speaks for the union of the unit, so the group has to check."""
    contacts = User.objects.contacts(application.unit).select_related("person")
    return all(is_party(contact, application) for contact in contacts)


handed_in = ~application_is(Application.State.DRAFT)
# Whether it is their turn is decided by the verbs, so that whoever comes too late is told how it stands.
may_check = over_application(Role.UNIT_CONTACT) | (
    over_application(Role.GROUP_ADMIN, Role.GROUP_STAFF) & unit_has_no_other_contact
)


@rules.predicate
def is_gathered(user, activity):
    """Stands or falls with a gathering, which its host alone calls off."""
    return activity is not None and activity.gathering_id is not None


@rules.predicate
def sees_gathering(user, gathering):
    return gathering is not None and type(gathering).objects.visible_to(user).filter(pk=gathering.pk).exists()


@rules.predicate
def hosts(user, gathering):
    """Works for the union of the unit that calls together."""
    return gathering is not None and user.holds_over(gathering.unit, *STAFF)


@rules.predicate
def is_own_leave(user, request):
    return request is not None and user.person_id is not None and request.person_id == user.person_id


@rules.predicate
def leads(user, obj):
    return obj is not None and user.studio_roles.get(obj.studio.pk) == Membership.Role.LEAD


@rules.predicate
def is_asked(user, request):
    """Holds the post in the studio that the house rule named when the leave was asked for."""
    return request is not None and user.studio_roles.get(request.studio.pk) == request.approver


@rules.predicate
def is_own_spending(user, spending):
    """Asked for the money, or handles it."""
    return spending is not None and is_own(user, spending)


@rules.predicate
def asked_for_it(user, request):
    """Asked the union for it: money to spend, support."""
    return request is not None and request.asked_by_id == user.pk


@rules.predicate
def is_himself(user, membership):
    return membership is not None and user.person_id is not None and membership.person_id == user.person_id


PERMISSIONS = {
    "studios.view_studio": reads_here,
    "studios.change_studio": staff_here,
    "studios.raise_level": oversees(Role.GROUP_ADMIN, Role.GROUP_STAFF),
    "studios.change_state": oversees(Role.GROUP_ADMIN),
    "studios.change_members": staff_here,
    "studios.change_lead": oversees(Role.GROUP_ADMIN, Role.GROUP_STAFF),
    "studios.view_reviews": staff_here | steers,
    "studios.review_member": ~is_himself & (staff_here | steers),
    # Nobody confirms what he has written himself.
    "studios.confirm_reviews": staff_here & ~steers,
    "studios.view_contacts": staff_here | steers,
    "studios.change_rules": staff_here | steers,
    "studios.read_rule": belongs,
    "studios.change_templates": holds(Role.GROUP_ADMIN, Role.GROUP_STAFF),
    "studios.change_activities": staff_here | steers,
    "studios.call_off_activity": ~is_gathered & (staff_here | steers),
    "studios.call_together": holds(*STAFF),
    "studios.view_gathering": sees_gathering,
    "studios.change_gathering": hosts,
    "studios.attend": belongs,
    "studios.view_leave": is_own_leave | staff_here | steers,
    "studios.decide_leave": ~is_own_leave & (staff_here | leads | is_asked),
    "studios.withdraw_leave": is_own_leave,
    "studios.make_up_leave": is_own_leave | staff_here | steers,
    "studios.change_equipment": staff_here | steers,
    "studios.see_stock_take": staff_here & ~steers,
    "studios.view_support": staff_here | oversees(Role.COMPANY_LEADER) | steers,
    "studios.ask_support": steers,
    "studios.withdraw_support": asked_for_it,
    "studios.answer_support": ~asked_for_it & ~steers & staff_here,
    "studios.view_funds": staff_here | oversees(Role.COMPANY_LEADER) | steers,
    "studios.change_budget": staff_here,
    "studios.book_funds": staff_here,
    "studios.ask_spending": staff_here | steers,
    "studios.change_spending": asked_for_it,
    "studios.decide_spending": ~is_own_spending & ~steers & staff_here,
    "studios.view_history": staff_here | steers,
    "studios.use_bin": staff_here | steers,
    "studios.export_studios": holds(*STAFF, Role.COMPANY_LEADER),
    "studios.apply": rules.is_authenticated & ~holds(Role.COMPANY_LEADER, Role.SYSTEM_ADMIN),
    "studios.view_application": is_applicant | (handed_in & over_application(*STAFF)),
    "studios.change_application": is_applicant,
    "studios.check_application": ~is_party & handed_in & may_check,
    "studios.decide_application": ~is_party & handed_in & over_application(Role.GROUP_ADMIN),
    "studios.see_queue": holds(*STAFF),
}
for name, predicate in PERMISSIONS.items():
    rules.add_perm(name, predicate)
