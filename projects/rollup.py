"""The arithmetic of progress, once and without the database.

An item's own share is a number between 0 and 1; what the levels above it come to is worked out here
from plain rows, exactly (fractions, not floats), for the writer's transaction, for the nightly check and
for the explanation on the screen alike.

The rules, in the order in which they apply:

* a cancelled or tolerated item counts nowhere above, and takes with it all that hangs below it; what
  hangs below still counts in its own month;
* an item with items below it takes its figure from them alone: an ordinary one adds weight x figure to the
  numerator and weight to the denominator, a carried one adds weight x figure to both (its rest lives on in
  the item that carries it on); nothing to divide by means no figure, which is left out one level up;
* a plan is the weighted mean of its own items that have a figure; a carried item counts there in full,
  because it was planned there and not finished.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

#: States that count in no figure; they are counted apart.
EXCLUDED = frozenset({"cancelled", "tolerated"})
CARRIED = "carried"
DONE = "done"

#: Figures are stored, compared and shown at this precision.
PLACES = Decimal("0.000000000001")
_SHOWN_PLACES = Decimal("0.000000001")


class Row(Protocol):
    """What the arithmetic needs to know of an item."""

    @property
    def id(self) -> Hashable: ...
    @property
    def parent_id(self) -> Hashable | None: ...
    @property
    def plan_id(self) -> Hashable: ...
    @property
    def weight(self) -> Decimal: ...
    @property
    def state(self) -> str: ...
    @property
    def own_share(self) -> Fraction: ...


@dataclass(frozen=True)
class Figure:
    """How far something has come. ``progress`` lies between 0 and 1 and is None where nothing is planned;
    ``complete`` tells whether every counted item at the bottom is done: only then is it 100 %."""

    progress: Fraction | None = None
    complete: bool = False

    @property
    def stored(self) -> Decimal | None:
        return None if self.progress is None else to_decimal(self.progress)


NOT_PLANNED = Figure()


@dataclass(frozen=True)
class Part:
    """One row of the explanation of a figure: what an item weighs and what it adds."""

    row: Row
    figure: Figure
    numerator: Fraction = Fraction(0)
    denominator: Fraction = Fraction(0)

    @property
    def counted(self) -> bool:
        return self.denominator != 0


def own_share(state: str, percent: Decimal | None) -> Fraction:
    """An item's own share: a done item is all done, whatever was typed; nothing typed is nothing done."""
    if state == DONE:
        return Fraction(1)
    return Fraction(percent or 0) / 100


def indicator_share(start: Decimal, target: Decimal, value: Decimal | None) -> Fraction:
    """How far a number has come from its start to its target, cut to 0..1. Falling targets work alike.

    Raises ZeroDivisionError where target equals start, which no form accepts.
    """
    if value is None:
        return Fraction(0)
    share = (Fraction(value) - Fraction(start)) / (Fraction(target) - Fraction(start))
    return min(max(share, Fraction(0)), Fraction(1))


def weighted_mean(pairs: Iterable[tuple[Decimal, Fraction]]) -> Fraction | None:
    """The mean of (weight, share) pairs, None where nothing weighs anything."""
    total, weight_sum = Fraction(0), Fraction(0)
    for weight, share in pairs:
        total += Fraction(weight) * share
        weight_sum += Fraction(weight)
    return total / weight_sum if weight_sum else None


def from_items_below(below: Iterable[tuple[Row, Figure]]) -> tuple[Figure, list[Part]]:
    """The figure of an item from the items directly below it, and the rows it is made of."""
    parts = []
    for row, figure in below:
        numerator = denominator = Fraction(0)
        if row.state not in EXCLUDED and figure.progress is not None:
            numerator = Fraction(row.weight) * figure.progress
            denominator = numerator if row.state == CARRIED else Fraction(row.weight)
        parts.append(Part(row, figure, numerator, denominator))
    # What was carried on is finished here: its rest is judged where it lives on.
    return _add_up(parts, bottom=[part for part in parts if part.row.state != CARRIED]), parts


def from_own_items(items: Iterable[tuple[Row, Figure]]) -> tuple[Figure, list[Part]]:
    """The figure of a plan from its own items, and the rows it is made of."""
    parts = []
    for row, figure in items:
        weight = Fraction(0)
        if row.state not in EXCLUDED and figure.progress is not None:
            weight = Fraction(row.weight)
        parts.append(Part(row, figure, weight * (figure.progress or 0), weight))
    return _add_up(parts, bottom=parts), parts


def _add_up(parts: list[Part], *, bottom: list[Part]) -> Figure:
    denominator = sum((part.denominator for part in parts), Fraction(0))
    if not denominator:
        return NOT_PLANNED
    return Figure(
        sum((part.numerator for part in parts), Fraction(0)) / denominator,
        complete=all(part.figure.complete for part in bottom if part.denominator),
    )


@dataclass(frozen=True)
class RolledUp:
    """Every figure of a set of items: by item id and by plan id."""

    items: Mapping[Hashable, Figure]
    plans: Mapping[Hashable, Figure]


def roll_up(rows: Iterable[Row]) -> RolledUp:
    """All figures of whole trees of items (a studio's year, say). Parents may stand before or after."""
    rows = list(rows)
    known = {row.id for row in rows}
    below: dict[Hashable, list[Row]] = defaultdict(list)
    of_plan: dict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        of_plan[row.plan_id].append(row)
        if row.parent_id in known:
            below[row.parent_id].append(row)

    figures: dict[Hashable, Figure] = {}

    def figure_of(row: Row) -> Figure:
        if row.id not in figures:
            if children := below.get(row.id):
                figures[row.id], _ = from_items_below([(child, figure_of(child)) for child in children])
            else:
                figures[row.id] = Figure(row.own_share, complete=row.state == DONE)
        return figures[row.id]

    for row in rows:
        figure_of(row)
    plans = {
        plan: from_own_items([(row, figures[row.id]) for row in own])[0] for plan, own in of_plan.items()
    }
    return RolledUp(figures, plans)


def mean(figures: Iterable[Figure]) -> Figure:
    """A unit's or the group's figure: each studio with a figure one voice."""
    voices = [figure for figure in figures if figure.progress is not None]
    if not voices:
        return NOT_PLANNED
    total = sum((voice.progress for voice in voices if voice.progress is not None), Fraction(0))
    return Figure(total / len(voices), complete=all(voice.complete for voice in voices))


def to_decimal(share: Fraction) -> Decimal:
    """A share as it is stored: twelve places."""
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(PLACES)


def shown(progress: Decimal | Fraction | None, *, complete: bool) -> str | None:
    """A figure as people see it: whole per cent rounded down, "100" only when everything counted is done,
    "<1" for a little more than nothing, None where nothing is planned."""
    if progress is None:
        return None
    share = to_decimal(progress) if isinstance(progress, Fraction) else progress
    share = share.quantize(_SHOWN_PLACES)
    percent = int(share * 100)
    if percent >= 100 and not complete:
        percent = 99
    if percent == 0 and share > 0:
        return "<1"
    return str(percent)
