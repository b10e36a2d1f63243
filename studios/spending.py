"""Spending of a studio's funds: asked for, approved by the union, booked; mistakes taken back.

Each verb is one conditional UPDATE, so whoever comes second gets NotAllowedNow. Nobody decides about his own.
"""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowedNow
from members.models import Role, User
from notifications.sending import tell
from studios.models import FundEntry, Spending

State = Spending.State

#: What a request and its entry have in common.
COPIED = ("studio", "line", "on", "purpose", "amount", "handler", "voucher_no", "file_name")


@transaction.atomic
def ask(spending: Spending, *, by: User, at: datetime) -> None:
    """Ask the union to approve a spending."""
    spending.asked_by, spending.asked_at = by, at
    spending.save()
    _tell_deciders(spending, by=by)


@transaction.atomic
def ask_again(spending: Spending, *, by: User, at: datetime) -> None:
    """Hand in once more what came back, as it reads now."""
    _move(spending, State.RETURNED, State.WAITING, asked_at=at, decided_by=None, decided_at=None, opinion="")
    spending.asked_at = at
    spending.save(update_fields=[*COPIED, "over_reason", "file"])
    _tell_deciders(spending, by=by)


@transaction.atomic
def approve(spending: Spending, *, by: User, at: datetime, seen: str = "") -> FundEntry:
    """The money may go: it stands in the ledger.

    ``seen`` is when it was asked for on the page that was read: what was asked for anew is read anew.
    """
    _refuse_own(spending, by)
    if seen and spending.asked_at.isoformat() != seen:
        raise NotAllowedNow
    _move(spending, State.WAITING, State.APPROVED, asked=spending.asked_at, decided_by=by, decided_at=at)
    spending.refresh_from_db()
    entry = FundEntry.objects.create(
        **{name: getattr(spending, name) for name in COPIED},
        file=spending.file.name,
        year=spending.on.year,
        kind=FundEntry.Kind.SPENDING,
        spending=spending,
        by=by,
        at=at,
    )
    _tell([spending.asked_by], "spending_approved", spending, by=by)
    return entry


@transaction.atomic
def send_back(spending: Spending, *, opinion: str, by: User, at: datetime) -> None:
    """To be corrected and asked for again, or left."""
    _refuse_own(spending, by)
    _move(spending, State.WAITING, State.RETURNED, decided_by=by, decided_at=at, opinion=opinion)
    _tell([spending.asked_by], "spending_returned", spending, by=by, opinion=opinion)


def withdraw(spending: Spending) -> None:
    """It is not needed after all."""
    _move(spending, (State.WAITING, State.RETURNED), State.WITHDRAWN)


def book_income(entry: FundEntry, *, by: User, at: datetime) -> None:
    """Money came in for a line: a subsidy of the union above, a grant for a project."""
    entry.kind, entry.year, entry.by, entry.at = FundEntry.Kind.INCOME, entry.on.year, by, at
    entry.save()


@transaction.atomic
def correct(entry: FundEntry, *, reason: str, on: date, by: User, at: datetime) -> FundEntry:
    """Take an entry back by its counter-entry, booked to the same year. Only once."""
    if entry.corrects_id:
        raise NotAllowedNow(_("This takes another entry back already."))
    same = {name: getattr(entry, name) for name in ("studio", "year", "kind", "line", "amount", "handler")}
    try:
        with transaction.atomic():
            return FundEntry.objects.create(**same, on=on, purpose=reason, corrects=entry, by=by, at=at)
    except IntegrityError:
        raise NotAllowedNow(_("Somebody has taken this entry back already.")) from None


def is_own(user: User, spending: Spending) -> bool:
    """Whether a person asked for the money, or handles it."""
    return spending.asked_by_id == user.pk or (
        user.person_id is not None and spending.handler_id == user.person_id
    )


def _refuse_own(spending: Spending, by: User) -> None:
    if is_own(by, spending):
        raise NotAllowedNow(_("Nobody approves his own spending."))


def _move(
    spending: Spending, before: str | tuple, after: str, *, asked: datetime | None = None, **fields
) -> None:
    befores = [before] if isinstance(before, str) else before
    rows = Spending.objects.filter(pk=spending.pk, state__in=befores)
    if asked is not None:
        rows = rows.filter(asked_at=asked)
    if not rows.update(state=after, **fields):
        raise NotAllowedNow
    spending.state = after


def _tell_deciders(spending: Spending, *, by: User) -> None:
    """The union of the unit; the group's where the unit has nobody but the one who asks."""
    unit = spending.studio.unit
    contacts = [user for user in User.objects.contacts(unit) if user != by and not is_own(user, spending)]
    group = () if contacts else User.objects.holding_today(Role.GROUP_STAFF, at=unit)
    _tell([*contacts, *group], "spending_to_decide", spending, by=by)


def _tell(people, kind: str, spending: Spending, *, by: User, **params: str) -> None:
    tell(
        people,
        kind,
        about=spending,
        url=spending.get_absolute_url(),
        once=f"{spending.state}:{spending.asked_at.isoformat()}",
        params={"studio": spending.studio.name, "amount": f"{spending.amount:,.2f}", **params},
        by=by,
    )
