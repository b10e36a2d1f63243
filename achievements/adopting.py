"""Offering an achievement to other studios, what they answer, and the union's word on it.

Each step is one conditional UPDATE; whoever comes second is told how it stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import chain

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from achievements.models import Achievement, Adoption, Offer
from core.errors import NotAllowedNow
from members.models import User
from notifications.sending import tell
from projects.audiences import People
from projects.lesson_library import pairs_of
from projects.progress import ReasonMissing
from studios.models import Studio

State = Adoption.State

#: From which states a studio can bring its own adoption into each.
FROM = {
    State.DECLINED: (State.OFFERED,),
    State.TRYING: (State.OFFERED, State.DECLINED, State.ENDED),
    State.IN_USE: (State.OFFERED, State.DECLINED, State.ENDED, State.TRYING),
    State.ENDED: (State.TRYING, *Adoption.IN_USE),
}
NEEDS_REASON = (State.DECLINED, State.ENDED)
_UNVERIFIED = {"verified_by": None, "verified_at": None}


class ItsOwn(NotAllowedNow):
    sentence = _("A studio does not adopt its own achievement.")


class NobodyLeft(NotAllowedNow):
    sentence = _("All of these studios have been asked already.")


def can_be_offered(achievement: Achievement):
    """The studios at work that have not been asked and have not said anything about it themselves."""
    known = Adoption.objects.filter(achievement=achievement)
    others = Studio.objects.active().exclude(pk=achievement.studio_id)
    return others.exclude(pk__in=known.values("studio"))


def resembling(achievement: Achievement, studios: Iterable[Studio]) -> list[Studio]:
    """Those whose speciality is much like that of its studio, or is named in the achievement."""
    about = pairs_of(achievement.studio.trade) | pairs_of(achievement.name)
    rated = [(len(about & pairs_of(studio.trade)), studio) for studio in studios]
    close = [row for row in rated if row[0]]
    return [studio for _count, studio in sorted(close, key=lambda row: (-row[0], row[1].position))]


@transaction.atomic
def offer(
    achievement: Achievement, studios: Iterable[Studio], *, text: str, by: User, at: datetime
) -> list[Adoption]:
    """Offer it to studios; gives what was offered. Whoever leads some of them is told once.

    Who was asked before is left out. Raises NobodyLeft where that is all of them.
    """
    chosen = can_be_offered(achievement).filter(pk__in=[studio.pk for studio in studios])
    act = Offer.objects.create(achievement=achievement, text=text.strip(), by=by, at=at)
    rows = [Adoption(achievement=achievement, studio=each, offer=act, state=State.OFFERED) for each in chosen]
    Adoption.objects.bulk_create(rows, ignore_conflicts=True)
    made = list(act.adoptions.select_related("studio"))
    if not made:
        raise NobodyLeft
    Adoption.history.bulk_history_create(made, default_user=by)
    tell(
        _leads([each.studio for each in made], at),
        "achievement_offered",
        about=achievement,
        url=f"{achievement.get_absolute_url()}#use",
        once=f"offer:{act.pk}",
        params={"studio": achievement.studio.name},
        by=by,
    )
    return made


@transaction.atomic
def answer(
    achievement: Achievement,
    studio: Studio,
    state: str,
    *,
    seen: int,
    by: User,
    at: datetime,
    reason: str = "",
    **details,
) -> Adoption:
    """What a studio says to it: not for us, trying, in use, no longer; also without having been asked.

    ``seen`` is the version of the adoption that was on the screen, 0 where there was none. ``details`` are
    fields of the adoption; in use since today where nothing else is said. The studio whose achievement it is
    is told. Raises ItsOwn, ReasonMissing or NotAllowedNow.
    """
    if studio.pk == achievement.studio_id:
        raise ItsOwn
    if state in NEEDS_REASON and not reason.strip():
        raise ReasonMissing(_("Please say why."))
    told = {
        "state": state,
        "reason": reason.strip() if state in NEEDS_REASON else "",
        "answered_by": by,
        "answered_at": at,
        **_UNVERIFIED,
        **{name: value for name, value in details.items() if value not in (None, "")},
    }
    if state in Adoption.IN_USE:
        told.setdefault("since_on", timezone.localdate(at))
    if seen:
        known = Adoption.objects.filter(achievement=achievement, studio=studio, version=seen)
        adoption = _moved(known.filter(state__in=FROM[state]), told)
    elif state in NEEDS_REASON:
        raise NotAllowedNow
    else:
        adoption = _begun(Adoption(achievement=achievement, studio=studio, **told))
    _tell_origin(adoption, by=by, at=at)
    return adoption


@transaction.atomic
def verify(adoption: Adoption, *, by: User, at: datetime, seen: int) -> Adoption:
    """The union has looked at it: it is used as the studio says, as it stood in version ``seen``."""
    told = {"state": State.VERIFIED, "verified_by": by, "verified_at": at}
    return _moved(Adoption.objects.filter(pk=adoption.pk, state=State.IN_USE, version=seen), told)


@transaction.atomic
def take_verification_back(adoption: Adoption) -> Adoption:
    """The union no longer says so."""
    verified = Adoption.objects.filter(pk=adoption.pk, state=State.VERIFIED)
    return _moved(verified, {"state": State.IN_USE, **_UNVERIFIED})


def _moved(rows, told: dict) -> Adoption:
    """One conditional UPDATE of the one row, and the version it leaves in the history."""
    pk = rows.values_list("pk", flat=True).first()
    if pk is None or not rows.filter(pk=pk).update(version=F("version") + 1, **told):
        raise NotAllowedNow
    adoption = Adoption.objects.for_list().get(pk=pk)
    adoption.save(update_fields=["version"])
    return adoption


def _begun(adoption: Adoption) -> Adoption:
    try:
        with transaction.atomic():
            adoption.save(force_insert=True)
    except IntegrityError:  # somebody else of the studio said something this very moment
        raise NotAllowedNow from None
    return adoption


def _leads(studios: list[Studio], at: datetime) -> list[User]:
    """Who leads the studios on the day, each once."""
    people = People(studios, (), on=timezone.localdate(at))
    found = chain.from_iterable(people.find("lead", studio)[0] for studio in studios)
    return list({user.pk: user for user in found}.values())


def _tell_origin(adoption: Adoption, *, by: User, at: datetime) -> None:
    """Its lead and whoever offered it hear what the studio said."""
    people = _leads([adoption.achievement.studio], at)
    if adoption.offer:
        people.append(adoption.offer.by)
    tell(
        people,
        f"adoption_{adoption.state}",
        about=adoption,
        url=adoption.get_absolute_url(),
        once=str(adoption.version),
        params={
            "studio": adoption.studio.name,
            "achievement": adoption.achievement.name,
            "reason": adoption.reason,
        },
        by=by,
    )
