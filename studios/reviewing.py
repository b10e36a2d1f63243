"""The yearly review of members: who is to be reviewed, and the union's yes.

The lead reviews, the union confirms. Each verb is a conditional UPDATE on the version that was seen.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowedNow
from core.versions import ChangedMeanwhile
from members.models import User
from notifications.sending import tell
from studios.models import MemberReview, Membership, Studio


class NotAsSeen(NotAllowedNow):
    sentence = _("Somebody has changed a review meanwhile. Look at it once more.")


def reviewed_in(year: int, *, on: date) -> QuerySet:
    """The memberships that a year's review is about: everybody of that year's end but leads and advisers."""
    last = min(date(year, 12, 31), on)
    members = Membership.objects.current(on=last).filter(Q(joined_on=None) | Q(joined_on__lte=last))
    return members.exclude(role__in=[Membership.Role.LEAD, Membership.Role.ADVISER])


def without_review(year: int, *, on: date) -> QuerySet:
    """Those nobody has said anything of yet, in studios that run."""
    return (
        reviewed_in(year, on=on)
        .filter(studio__in=Studio.objects.active())
        .exclude(pk__in=MemberReview.objects.filter(year=year).values("membership"))
    )


def tell_if_complete(studio: Studio, year: int, *, on: date, by: User) -> None:
    """Once everybody is reviewed, the unit's union is told that it can confirm."""
    if without_review(year, on=on).filter(studio=studio).exists():
        return
    tell(
        User.objects.contacts(studio.unit),
        "member_reviews_done",
        about=studio,
        url=reverse("member-reviews", args=[studio.pk, year]),
        once=str(year),
        params={"year": year},
        by=by,
    )


@transaction.atomic
def confirm(reviews: Iterable[MemberReview], *, seen: Mapping[int, int], by: User, on: date) -> int:
    """The union agrees to the reviews as they were seen (id to version); how many there were.

    Raises NotAsSeen if one is new or was changed since, NotAllowedNow where nothing is to be confirmed.
    """
    waiting = [review for review in reviews if review.confirmed_on is None]
    if not waiting:
        raise NotAllowedNow(_("Nothing is to be confirmed."))
    for review in waiting:
        review.confirmed_by, review.confirmed_on = by, on
        _move(review, seen=seen.get(review.pk, 0))
    for review in waiting:
        tell(
            User.objects.filter(person=review.membership.person_id, is_active=True),
            "member_reviewed",
            about=review.studio,
            url=review.membership.person.get_absolute_url(),
            once=f"{review.pk}:{review.version}",
            params={"year": review.year},
            by=by,
        )
    return len(waiting)


def reopen(review: MemberReview, *, seen: int) -> None:
    """Let a confirmed review be changed again."""
    if review.confirmed_on is None:
        raise NotAllowedNow
    review.confirmed_by = review.confirmed_on = None
    _move(review, seen=seen)


def _move(review: MemberReview, *, seen: int) -> None:
    try:
        review.save_if_unchanged(seen=seen, fields=["confirmed_by", "confirmed_on"])
    except ChangedMeanwhile:
        raise NotAsSeen from None
