"""What a person's page says of the items he answers for and the indicators he carries."""

from django.db.models import Sum
from django.urls import reverse

from projects.models import Indicator, PlanItem, PointEntry
from projects.models.consequence import signed
from studios.models import Studio

LISTED = 20
"""More open items than this are counted, not listed."""


def items_and_indicators(user, person) -> dict:
    """What is open of his in the studios the user may see; the first due first."""
    seen = PlanItem.objects.visible_to(user)
    owned = seen.open().filter(owner=person).select_related("plan")
    indicators = Indicator.objects.visible_to(user).filter(person=person, item__in=seen.open())
    return {
        "items": list(owned.order_by("due_on", "pk")[:LISTED]),
        "count": owned.count(),
        "all": f"{reverse('items')}?person={person.pk}",
        "indicators": list(
            indicators.select_related("item")
            .prefetch_related("milestones")
            .order_by("-item__due_on", "pk")[:LISTED]
        ),
    }


def points(user, person) -> dict:
    """His points in the studios the user may see; each sum leads to its entries."""
    seen = PointEntry.objects.visible_to(user).filter(person=person)
    sums = dict(seen.order_by().values_list("studio").annotate(Sum("points")))
    studios = Studio.objects.in_bulk(sums)
    return {
        "total": signed(sum(sums.values())) if sums else "0",
        "studios": [
            (studios[pk], signed(total), f"{reverse('studio-points', args=[pk])}?person={person.pk}#ledger")
            for pk, total in sums.items()
        ],
    }
