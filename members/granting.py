"""Giving and taking rights: roles, and the login itself. What is taken is gone with the next click."""

from datetime import date, timedelta

from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowedNow
from members.models import Role, RoleGrant, Unit, User


class LastAdministrator(NotAllowedNow):
    sentence = _("This is the last group administrator; first give somebody else this role.")


@transaction.atomic
def grant(user: User, role: str, unit: Unit, *, starts_on: date, ends_on: date | None, by: User) -> RoleGrant:
    """Give somebody a role over a unit, from the first day to the last (None: until it is taken).

    PermissionDenied for oneself and for a role above one's own; NotAllowedNow where he holds it already.
    """
    if user == by or not by.may_grant(role, unit):
        raise PermissionDenied("members.grant_roles")
    if RoleGrant.objects.filter(user=user, role=role, unit=unit, ends_on=None).exists():
        raise NotAllowedNow(_("This person holds this role already."))
    return RoleGrant.objects.create(user=user, role=role, unit=unit, starts_on=starts_on, ends_on=ends_on)


@transaction.atomic
def end(grant: RoleGrant, *, by: User, on: date) -> None:
    """Take a role away at once. One that began today leaves no day behind and is deleted.

    PermissionDenied for one's own and for a role above one's own; LastAdministrator if nobody would be left.
    """
    if grant.user == by or not by.may_grant(grant.role, grant.unit):
        raise PermissionDenied("members.grant_roles")
    _lock_administrators()
    if grant.role == Role.GROUP_ADMIN and not _administrators(on).exclude(grants=grant).exists():
        raise LastAdministrator
    if grant.starts_on >= on:
        grant.delete()
        return
    grant.ends_on = on - timedelta(days=1)
    grant.save(update_fields=["ends_on"])


@transaction.atomic
def lock(user: User, *, by: User, on: date) -> None:
    """Close a login and end what it has open. Not one's own, and not the last group administrator's."""
    if user == by:
        raise PermissionDenied("members.lock_user")
    _lock_administrators()
    is_administrator = _administrators(on).filter(pk=user.pk).exists()
    if is_administrator and not _administrators(on).exclude(pk=user.pk).exists():
        raise LastAdministrator
    User.objects.filter(pk=user.pk).update(is_active=False)
    sign_out_everywhere(user)


def unlock(user: User, *, by: User) -> None:
    """Open a closed login again."""
    if user == by:
        raise PermissionDenied("members.lock_user")
    User.objects.filter(pk=user.pk).update(is_active=True)


def sign_out_everywhere(user: User) -> None:
    """End every session of a person."""
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


def _administrators(on: date):
    """Active users who administer the whole group on a day."""
    grants = RoleGrant.objects.in_force(on=on).filter(role=Role.GROUP_ADMIN, unit__parent=None)
    return User.objects.filter(is_active=True, pk__in=grants.values("user"))


def _lock_administrators() -> None:
    """Two administrators who remove each other wait here, so that the second sees what the first did."""
    list(RoleGrant.objects.select_for_update().filter(role=Role.GROUP_ADMIN).order_by("pk").values_list("pk"))
    list(
        User.objects.select_for_update()
        .filter(grants__role=Role.GROUP_ADMIN)
        .order_by("pk")
        .values_list("pk")
    )
