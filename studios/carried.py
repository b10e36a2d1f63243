"""What a person's page says of the studios he belongs to."""

from studios.models import Membership


def memberships(user, person) -> dict:
    """His memberships in the studios the user may see, the present ones first."""
    seen = Membership.objects.visible_to(user).filter(person=person).select_related("studio__unit")
    listed = list(seen.order_by("-joined_on", "-pk"))
    return {
        "now": [membership for membership in listed if membership.left_on is None],
        "past": [membership for membership in listed if membership.left_on is not None],
    }
