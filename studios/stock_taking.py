"""The yearly stock-take: every piece preset as found, counted, closed by the studio, seen by the union."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowedNow
from members.models import Role, User
from notifications.sending import tell
from studios.models import Equipment, StockTake, StockTakeRow, Studio

State, Result = StockTake.State, StockTakeRow.Result

#: The month and day by which every studio should have counted.
COUNTED_BY = (11, 30)


@transaction.atomic
def begin(studio: Studio, *, on: date) -> StockTake:
    """Begin the count of the year with every piece that is not scrapped."""
    pieces = list(studio.equipment.to_be_counted())
    if not pieces:
        raise NotAllowedNow(_("There is no equipment to be counted."))
    try:
        with transaction.atomic():
            take = StockTake.objects.create(studio=studio, year=on.year, begun_on=on)
    except IntegrityError:
        raise NotAllowedNow(_("The stock-take of this year has begun already.")) from None
    StockTakeRow.objects.bulk_create(StockTakeRow(take=take, equipment=piece) for piece in pieces)
    return take


@transaction.atomic
def record(take: StockTake, found: dict[int, tuple[str, str]], *, seen: int) -> None:
    """Keep what was found, by the row's id: (result, remark). NotAllowedNow if somebody saved meanwhile."""
    untouched = StockTake.objects.filter(pk=take.pk, state=State.OPEN, version=seen)
    if not untouched.update(version=F("version") + 1):
        raise NotAllowedNow(_("Somebody else has saved this stock-take meanwhile. Please look once more."))
    rows = list(take.rows.filter(pk__in=found))
    for row in rows:
        row.result, row.remark = found[row.pk]
    StockTakeRow.objects.bulk_update(rows, ["result", "remark"])


@transaction.atomic
def close(take: StockTake, *, by: User, at: datetime) -> None:
    """The count is done: what is missing or damaged says so, what came to light is in use."""
    _move(take, State.OPEN, State.CLOSED, closed_by=by, closed_at=at)
    for row in take.rows.select_related("equipment"):
        piece = row.equipment
        state = _state_after(piece.state, row.result)
        if state != piece.state:
            piece.state = state
            piece.version += 1
            piece.save(update_fields=["state", "version"])
    unit = take.studio.unit
    people = list(User.objects.contacts(unit)) or User.objects.holding_today(Role.GROUP_STAFF, at=unit)
    params = {"studio": take.studio.name, "year": take.year, "count": differences(take).count()}
    tell(people, "stock_take_closed", about=take, url=take.get_absolute_url(), once="", params=params, by=by)


def see(take: StockTake, *, by: User, at: datetime) -> None:
    """The union has looked at it."""
    _move(take, State.CLOSED, State.SEEN, seen_by=by, seen_at=at)


def differences(take: StockTake) -> QuerySet[StockTakeRow]:
    """The pieces that are missing or damaged."""
    return take.rows.exclude(result=Result.FOUND)


def not_counted(year: int) -> QuerySet[Studio]:
    """Working studios with equipment whose stock-take of the year is not closed."""
    closed = StockTake.objects.filter(year=year).exclude(state=State.OPEN)
    owning = Equipment.objects.to_be_counted().values("studio")
    return Studio.objects.active().filter(pk__in=owning).exclude(pk__in=closed.values("studio"))


def _state_after(state: str, result: str) -> str:
    if state == Equipment.State.SCRAPPED:
        return state
    if result == Result.MISSING:
        return Equipment.State.MISSING
    if result == Result.DAMAGED:
        return Equipment.State.REPAIR
    return Equipment.State.IN_USE if state == Equipment.State.MISSING else state


def _move(take: StockTake, before: str, after: str, **fields) -> None:
    if not StockTake.objects.filter(pk=take.pk, state=before).update(state=after, **fields):
        raise NotAllowedNow
    take.refresh_from_db()
