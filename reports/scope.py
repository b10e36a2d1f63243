"""The units whose figures a person reads."""

from django.db.models import Q, QuerySet

from members.models import Unit
from reports.rules import READERS


def units_of(user) -> QuerySet[Unit]:
    """The highest units he holds a reading role over, as in the tree; a superuser reads the group."""
    if user.is_superuser:
        return Unit.objects.filter(parent=None).order_by("path")
    paths = {path for role, path in user.scopes if role in READERS}
    highest = {path for path in paths if not any(path != other and path.startswith(other) for other in paths)}
    return Unit.objects.filter(Q(path__in=highest)).order_by("path")
