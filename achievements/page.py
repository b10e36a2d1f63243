"""What the page of an achievement shows, as far as one may see it, with the forms one may use there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from achievements import contributing
from achievements.achievement_kinds import shown
from achievements.forms import OfferForm, UseForm
from achievements.models import Achievement, Adoption
from core.forms import FilesForm
from core.history import changes_of
from studios.models import Membership, Studio
from studios.tabs import below


@dataclass(frozen=True)
class Ours:
    """What a studio for which one speaks has said to it, and the form to say something."""

    studio: Studio
    adoption: Adoption | None
    form: UseForm

    @property
    def is_asked(self) -> bool:
        return self.adoption is not None and self.adoption.is_offered

    @property
    def offers(self) -> list[str]:
        """The states that are offered as buttons, the likeliest first."""
        state = self.adoption.state if self.adoption else ""
        known = Adoption.State
        return {
            known.TRYING: [known.IN_USE],
            known.IN_USE: [],
            known.VERIFIED: [],
        }.get(state, [known.IN_USE, known.TRYING])

    @property
    def refusal(self) -> str:
        """The state that a word against it leads to; "" where there is none."""
        state = self.adoption.state if self.adoption else ""
        if state == Adoption.State.OFFERED:
            return Adoption.State.DECLINED
        return Adoption.State.ENDED if state in (Adoption.State.TRYING, *Adoption.IN_USE) else ""


def steered_by(user, achievement: Achievement):
    """The studios for which a person speaks that could use it."""
    steered = [pk for pk, role in user.studio_roles.items() if role in Membership.STEERING]
    return Studio.objects.filter(pk__in=steered).exclude(pk=achievement.studio_id)


def of(achievement: Achievement, *, user, on: date, offer_form=None, use_form=None, files_form=None) -> dict:
    """The context of the page. A form that was refused is handed in, and shown in its place."""
    inside = user.has_perm("studios.view_studio", achievement.studio)
    may_offer = user.has_perm("achievements.offer_achievement", achievement)
    adoptions = list(Adoption.objects.visible_to(user).filter(achievement=achievement).for_list())
    return {
        "achievement": achievement,
        "studio": achievement.studio,
        "kind": shown(achievement.kind),
        "inside": inside,
        "people": contributing.people_of(achievement, seen_by=user),
        "reach": achievement.adoptions.in_use().count(),
        "adoptions": adoptions,
        "ours": _ours(achievement, adoptions, user=user, on=on, refused=use_form),
        "may_change": user.has_perm("achievements.change_achievement", achievement),
        "offer_form": (offer_form or OfferForm(achievement=achievement, once=True)) if may_offer else None,
        "files": achievement.files.select_related("by__person"),
        "files_form": files_form or FilesForm(),
        "history": changes_of(achievement) if user.has_perm("studios.view_history", achievement) else None,
        "breadcrumbs": crumbs(achievement.studio)
        if inside
        else [(_("Achievements"), reverse("achievements"))],
    }


def _ours(achievement, adoptions, *, user, on, refused) -> list[Ours]:
    known = {adoption.studio_id: adoption for adoption in adoptions}
    studios = steered_by(user, achievement)
    found = []
    for studio in studios.order_by("position", "pk") if user.studio_ids else ():
        mine = refused if refused is not None and refused["studio"].value() == str(studio.pk) else None
        form = mine or UseForm(
            studios=studios,
            on=on,
            initial={"studio": studio.pk, "since_on": on},
            auto_id=f"use_{studio.pk}_%s",
        )
        found.append(Ours(studio, known.get(studio.pk), form))
    return found


def crumbs(studio, *more) -> list[tuple[str, str]]:
    """From the register down to the achievements of a studio, then ``more``."""
    return below(studio, (_("Achievements"), reverse("studio-achievements", args=[studio.pk])), *more)
