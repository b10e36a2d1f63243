"""The yearly review of members: the lead says, beside what is on record; the union confirms."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import permitted
from core.requests import number_of, read_or_write
from core.versions import save_form
from projects import review_facts
from studios import reviewing
from studios.forms.review import MemberReviewForm
from studios.models import MemberReview, Membership, Studio
from studios.tabs import frame
from studios.views.crumbs import of_members

FIRST_YEAR = 2001


@require_safe
@permitted("studios.view_reviews", Studio)
def member_reviews(request, studio, year):
    """Everybody of a year: what is on record, what the lead says, whether the union agrees."""
    on, user = timezone.localdate(), request.user
    members = _members(studio, year, on=on)
    reviews = _reviews(studio, year)
    facts = review_facts.of_year(studio, year)
    rows = [(member, facts[member.person_id], reviews.get(member.pk)) for member in members]
    waiting = [review for _member, _facts, review in rows if review and not review.confirmed_on]

    def to(year):
        return str(year), reverse("member-reviews", args=[studio.pk, year])

    context = frame(studio, user=user, active="studio-members", on=on) | {
        "year": year,
        "rows": rows,
        "reviewed": sum(review is not None for _member, _facts, review in rows),
        "next_member": next((member for member, _facts, review in rows if review is None), None),
        "waiting": waiting,
        "may_confirm": user.has_perm("studios.confirm_reviews", studio),
        "may_change": user.has_perm("studios.change_members", studio),
        "me": user.person_id,
        "previous": to(year - 1) if year > FIRST_YEAR else None,
        "next": to(year + 1) if year < on.year else None,
        "breadcrumbs": of_members(studio),
    }
    return render(request, "projects/member_reviews.html", context)


@permitted("studios.review_member", Membership)
@read_or_write
def member_review(request, membership, year):
    """Say what becomes of one member; then the next one comes."""
    on, studio = timezone.localdate(), membership.studio
    members = _members(studio, year, on=on)
    if membership not in members:
        raise Http404

    def make_form():
        known = MemberReview.objects.filter(membership=membership, year=year).first()
        review = known or MemberReview(membership=membership, year=year)
        return MemberReviewForm(request.POST or None, instance=review, by=request.user, on=on)

    form, saved = make_form(), False
    if request.method == "POST":
        form, saved = save_form(make_form)
    if saved:
        reviewing.tell_if_complete(studio, year, on=on, by=request.user)
        messages.success(request, _("Saved."))
        left = reviewing.without_review(year, on=on).filter(studio=studio)
        following = left.exclude(person=request.user.person_id).order_by("pk").first()
        if following:
            return redirect("member-review", following.pk, year)
        return redirect("member-reviews", studio.pk, year)
    back = reverse("member-reviews", args=[studio.pk, year])
    context = {
        "form": form,
        "studio": studio,
        "membership": membership,
        "year": year,
        "facts": review_facts.of_year(studio, year)[membership.person_id],
        "back": back,
        "breadcrumbs": of_members(studio, (_("Yearly review"), back)),
    }
    return render(request, "projects/member_review.html", context)


@require_POST
@permitted("studios.confirm_reviews", Studio)
def member_reviews_confirm(request, studio, year):
    """The union agrees to what it has seen."""
    seen = {
        number_of(name.removeprefix("seen-")): number_of(version)
        for name, version in request.POST.items()
        if name.startswith("seen-")
    }
    reviews = _reviews(studio, year).values()
    count = reviewing.confirm(reviews, seen=seen, by=request.user, on=timezone.localdate())
    messages.success(request, _("Confirmed: %(count)d.") % {"count": count})
    return redirect("member-reviews", studio.pk, year)


@require_POST
@permitted("studios.confirm_reviews", MemberReview)
def member_review_reopen(request, review):
    """Let a confirmed review be changed again."""
    reviewing.reopen(review, seen=review.version)
    messages.success(request, _("The review can be changed again."))
    return redirect(review)


def _members(studio, year, *, on):
    if not FIRST_YEAR <= year <= on.year:
        raise Http404
    members = reviewing.reviewed_in(year, on=on).filter(studio=studio)
    return list(members.select_related("person").order_by("pk"))


def _reviews(studio, year):
    reviews = MemberReview.objects.filter(membership__studio=studio, year=year)
    reviews = reviews.select_related("membership__person", "membership__studio")
    return {review.membership_id: review for review in reviews}
