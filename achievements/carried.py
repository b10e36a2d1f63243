"""What a person's page says of what came of his work."""

from achievements.models import Achievement

LISTED = 20
"""The latest; the rest is counted."""


def achievements(user, person) -> dict:
    """The achievements he has a part in, as far as the user may see them. Two queries."""
    seen = Achievement.objects.visible_to(user).filter(people=person)
    return {"count": seen.count(), "achievements": list(seen.select_related("studio")[:LISTED])}
