"""Achievements: the list, one of them, registering and changing it, and those of a studio."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from achievements import contributing, page
from achievements.achievement_kinds import shown
from achievements.filters import AchievementFilter
from achievements.forms import AchievementForm
from achievements.lists import ACHIEVEMENTS
from achievements.models import Achievement, AchievementFile, Adoption
from core import file_views, undo
from core.access import open_to_all_signed_in, permitted
from core.gathering import Counted, Total, gathered, in_order_of
from core.lists import Look
from core.requests import read_or_write
from core.shown import number, wan
from core.versions import save_form
from studios import bin
from studios.models import Membership, Studio
from studios.tabs import frame

PAGE = 50
ORDERS = {
    "name": "name",
    "studio": "studio__name",
    "kind": "kind",
    "day": "achieved_on",
    "claimed": "benefit_claimed",
    "verified": "benefit_verified",
    "reach": "reach",
}
undo.register(
    Achievement,
    undo.Door(
        "achievements.change_achievement",
        after=lambda record, replaced, *, by, at: contributing.link(record),
    ),
)


@require_safe
@open_to_all_signed_in
def achievements(request):
    """Every achievement this person may see, narrowed as the address says."""
    look, user = Look.of(request, ACHIEVEMENTS), request.user
    if look.default:
        return redirect(look.default)
    narrowed = AchievementFilter(request.GET, Achievement.objects.visible_to(user), request=request)
    rows = narrowed.qs.with_reach().order_by(
        *(look.grouping.first if look.grouping else ()),
        *(in_order_of(request.GET.get("o", ""), ORDERS) or ["-achieved_on"]),
        "-pk",
    )
    sums = narrowed.qs.totals()
    listed = Counted(rows.select_related("studio__unit"), PAGE, count=sums["count"]).get_page(
        request.GET.get("page")
    )
    shown_rows = list(listed)
    for each in shown_rows:
        each.kind_shown = shown(each.kind)
    context = {
        "filter": narrowed,
        "look": look,
        "page": listed,
        "groups": gathered(shown_rows, look.grouping, narrowed.qs),
        "totals": _totals(sums, narrowed),
        "offered": Adoption.objects.filter(studio__in=_steered(user)).offered() if _steered(user) else [],
        "add_to": _adds_to(user, narrowed.used.get("studio")),
        "hidden": narrowed.left_out if narrowed.used and not shown_rows else 0,
    }
    return render(request, "achievements/achievements.html", context)


def _totals(sums, narrowed):
    """What all achievements of the list come to; the reach opens those that are used elsewhere."""
    elsewhere = "" if "elsewhere" in narrowed.used else narrowed.address_with(elsewhere="1")
    return [
        Total(_("Achievements"), number(sums["count"])),
        Total(_("Claimed (10,000 yuan)"), wan(sums["claimed"])),
        Total(_("Verified (10,000 yuan)"), wan(sums["verified"])),
        Total(_("Studios that use them"), number(sums["reach"]), elsewhere),
    ]


def _steered(user) -> list[int]:
    return [pk for pk, role in user.studio_roles.items() if role in Membership.STEERING]


def _adds_to(user, studio) -> int | None:
    """The studio (its id) for which somebody registers an achievement: that of the list, or his own one."""
    if studio is not None:
        return studio.pk if user.has_perm("achievements.change_achievement", studio) else None
    return next(iter(_steered(user)), None)


@require_safe
@permitted("achievements.view_achievement", Achievement)
def achievement(request, achievement):
    """What it is, who has a part in it, what it is worth, where it is used; and the offer to others."""
    return show(request, achievement)


def show(request, achievement, *, status=200, **refused):
    """The page of an achievement, with a form that was ``refused`` in its place."""
    context = page.of(achievement, user=request.user, on=timezone.localdate(), **refused)
    return render(request, "achievements/achievement.html", context, status=status)


@read_or_write
@permitted("achievements.change_achievement", Studio)
def achievement_new(request, studio):
    """Register an achievement; today, by oneself, out of the one topic that is running."""
    user, today = request.user, timezone.localdate()
    running = list(studio.topics.running()[:2])
    initial = {
        "achieved_on": today,
        "authors": user.person.name if studio.pk in user.studio_roles else "",
        "topic": running[0] if len(running) == 1 else None,
    }
    form = AchievementForm(
        request.POST if request.method == "POST" else None,
        instance=Achievement(studio=studio),
        initial=initial,
        on=today,
        verifies=user.has_perm("achievements.verify_benefit", studio),
        once=True,
    )
    if form.is_bound and form.is_valid():
        with transaction.atomic():
            if form.claim():
                form.save()
                messages.success(request, _("The achievement is registered. Whom could it help?"))
        made = form.instance
        to = (
            f"{made.get_absolute_url()}#offer"
            if made.pk
            else reverse("studio-achievements", args=[studio.pk])
        )
        return redirect(to)
    return _form_page(request, form, back=reverse("studio-achievements", args=[studio.pk]))


@read_or_write
@permitted("achievements.change_achievement", Achievement)
def achievement_edit(request, achievement):
    """Change an achievement; two who change it at once choose field by field."""
    verifies = request.user.has_perm("achievements.verify_benefit", achievement)

    def make_form():
        fresh = (
            Achievement.objects.visible_to(request.user).select_related("studio__unit").get(pk=achievement.pk)
        )
        sent = request.POST if request.method == "POST" else None
        return AchievementForm(sent, instance=fresh, on=timezone.localdate(), verifies=verifies)

    form, saved = save_form(make_form) if request.method == "POST" else (make_form(), False)
    if saved:
        way_back = undo.offer_form(form, by=request.user, at=timezone.now())
        messages.success(request, _("Saved."), extra_tags=way_back)
        return redirect(achievement)
    return _form_page(request, form, back=achievement.get_absolute_url())


@require_POST
@permitted("achievements.change_achievement", Achievement)
def achievement_delete(request, achievement):
    """Put an achievement into the bin that was offered to nobody."""
    kept = bin.put(achievement, by=request.user, at=timezone.now())
    messages.success(request, _("The achievement is in the bin."), extra_tags=f"bin:{kept.pk}")
    return redirect("studio-achievements", achievement.studio_id)


achievement_file_new = file_views.adding("achievements.change_achievement", Achievement, show)
achievement_file_delete = file_views.removing("achievements.change_achievement", AchievementFile)
achievement_file = file_views.opening("achievements.view_achievement", AchievementFile)


@require_safe
@permitted("studios.view_studio", Studio)
def studio_achievements(request, studio):
    """What a studio has found, what is offered to it, and what it uses of others."""
    user = request.user
    own = studio.achievements.with_reach()
    listed = Paginator(own, PAGE).get_page(request.GET.get("page"))
    for each in listed.object_list:
        each.kind_shown = shown(each.kind)
    of_others = list(studio.adoptions.for_list().order_by("-pk"))
    context = frame(studio, user=user, active="studio-achievements", on=timezone.localdate()) | {
        "page": listed,
        "sums": studio.achievements.totals(),
        "offered": [each for each in reversed(of_others) if each.is_offered],
        "of_others": [each for each in of_others if not each.is_offered],
        "behind": f"{reverse('achievements')}?studio={studio.pk}",
        "behind_used": f"{reverse('achievements')}?user={studio.pk}",
        "using": sum(each.is_in_use for each in of_others),
        "may_change": user.has_perm("achievements.change_achievement", studio),
    }
    return render(request, "achievements/of_studio.html", context)


def _form_page(request, form, *, back):
    context = {"form": form, "back": back, "breadcrumbs": _above(form.instance)}
    status = 422 if form.is_bound else 200
    return render(request, "achievements/achievement_form.html", context, status=status)


def _above(achievement):
    known = [(achievement.name, achievement.get_absolute_url())] if achievement.pk else []
    return page.crumbs(achievement.studio, *known)
