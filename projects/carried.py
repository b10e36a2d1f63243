"""What a person's page says of what he carries, has done and is credited with."""

from django.db.models import Count, F, Q, Sum
from django.urls import reverse

from projects.models import Consequence, Indicator, PlanItem, PointEntry
from projects.models.consequence import signed
from studios.carried import learnt
from studios.models import Studio

LISTED = 20
"""More open items than this are counted, not listed."""
LAST = 5
"""So many of what was done last are named."""


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


def done(user, person) -> dict:
    """The month items he answered for in the studios the user may see, by year, the latest first.

    Rates are those of every figure: cancelled and tolerated items count nowhere.
    """
    own = PlanItem.objects.visible_to(user).filter(owner=person, plan__kind="month")
    finished = Q(state=PlanItem.State.DONE)
    years = own.exclude(state=PlanItem.State.CANCELLED).order_by().values("plan__year")
    counts = years.annotate(
        counted=Count("pk", filter=~Q(state=PlanItem.State.TOLERATED)),
        done=Count("pk", filter=finished),
        on_time=Count("pk", filter=finished & Q(done_on__lte=F("due_on"))),
        tolerated=Count("pk", filter=Q(state=PlanItem.State.TOLERATED)),
    )
    return {
        "years": list(counts.order_by("-plan__year")),
        "last": list(own.done().select_related("plan").order_by("-done_on", "-pk")[:LAST]),
        "all": f"{reverse('items')}?person={person.pk}&state=done&level=month",
    }


def figures(user, person) -> dict:
    """The four numbers at the head: what he carries now, his latest year, and his points."""
    done_in, learnt_in = done(user, person)["years"], learnt(user, person)["years"]
    seen = PlanItem.objects.visible_to(user).open()
    entries = PointEntry.objects.visible_to(user).filter(person=person)
    return {
        "open": seen.carried_by(person).filter(plan__kind="month").count(),
        "items": f"{reverse('items')}?person={person.pk}&state=open&level=month",
        "done": done_in[0] if done_in else None,
        "learnt": learnt_in[0] if learnt_in else None,
        "points": signed(entries.aggregate(total=Sum("points"))["total"] or 0).replace("+0", "0"),
    }


def points(user, person) -> dict:
    """His points in the studios the user may see, each sum with its entries; and what came with them."""
    seen = PointEntry.objects.visible_to(user).filter(person=person)
    sums = dict(seen.order_by().values_list("studio").annotate(Sum("points")))
    studios = Studio.objects.in_bulk(sums)
    rewards = Consequence.objects.visible_to(user).filter(
        person=person, kind=Consequence.Kind.REACHED, state=Consequence.State.CONFIRMED
    )
    return {
        "rewards": [
            (reward.record, reward.honours, reward.record.get_absolute_url())
            for reward in rewards.select_related("item", "topic").order_by("-decided_at", "-pk")[:LISTED]
            if reward.honours
        ],
        "total": signed(sum(sums.values())) if sums else "0",
        "studios": [
            (studios[pk], signed(total), f"{reverse('studio-points', args=[pk])}?person={person.pk}#ledger")
            for pk, total in sums.items()
        ],
    }
