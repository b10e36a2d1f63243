"""What a person's page says of the studios he belongs to, and of what he learnt there."""

from collections import defaultdict
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.db.models.functions import ExtractYear

from studios.models import Activity, Attendance, LeaveRequest, MemberReview, Membership, Studio
from studios.rhythm import MADE_UP

Status = Attendance.Status


def memberships(user, person) -> dict:
    """His memberships in the studios the user may see, the present ones first."""
    seen = Membership.objects.visible_to(user).filter(person=person).select_related("studio__unit")
    reviews = MemberReview.objects.visible_to(user).filter(
        membership__person=person, confirmed_on__isnull=False
    )
    listed = list(seen.order_by("-joined_on", "-pk"))
    return {
        "now": [membership for membership in listed if membership.left_on is None],
        "reviews": reviews.select_related("membership__studio"),
        "past": [membership for membership in listed if membership.left_on is not None],
    }


def learnt(user, person) -> dict:
    """His years in the activities of the studios the user may see, the latest first. Two queries.

    ``hours`` are those of what he came to and of what he made up after leave.
    """
    held = Activity.objects.filter(studio__in=Studio.objects.visible_to(user), state=Activity.State.HELD)
    asked = Attendance.objects.filter(person=person, activity__in=held)
    asked = asked.exclude(status__in=[Status.NOT_ASKED, Status.INVITED]).order_by()
    came = Q(status__in=Attendance.CAME)
    rows = asked.values(year=ExtractYear("activity__held_on")).annotate(
        asked=Count("pk"), came=Count("pk", filter=came), hours=Sum("activity__hours", filter=came)
    )
    later = LeaveRequest.objects.filter(person=person, activity__in=held, made_up_on__isnull=False).order_by()
    made_up = defaultdict(lambda: (0, Decimal(0)))
    for year, count, hours in (
        later.values(year=ExtractYear("activity__held_on"))
        .annotate(count=Count("pk"), hours=MADE_UP)
        .values_list("year", "count", "hours")
    ):
        made_up[year] = (count, hours or Decimal(0))
    years = [
        {
            **row,
            "made_up": made_up[row["year"]][0],
            "hours": (row["hours"] or Decimal(0)) + made_up[row["year"]][1],
        }
        for row in rows
    ]
    return {"years": sorted(years, key=lambda row: -row["year"])}
