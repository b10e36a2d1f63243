"""The lists of the house: their columns, and the views of them that people keep.

A view is an address under a name: filters, order and columns. What is seen is what the address says; where it
says nothing of columns, it is what the view named in it says, then what the person chose last, then all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.gathering import Grouping
from core.models import ColumnChoice, SavedView

#: What of an address is no part of a view: the page one is on, and what is said about the view itself.
NOT_OF_A_VIEW = {"page", "view", "cols", "chosen", "csrfmiddlewaretoken"}
#: ``?view=all``: the plain list, also for those whose role has a view of its own.
PLAIN = "all"


@dataclass(frozen=True)
class Column:
    """``fixed`` columns are always shown: a row has to be known by something."""

    key: str
    label: str | Promise
    fixed: bool = False


@dataclass(frozen=True)
class HouseView:
    """A view that comes with the house; it opens first for the ``roles`` where the union has set no other."""

    pk: str
    name: str | Promise
    query: str
    roles: tuple[str, ...]
    columns: tuple[str, ...] = ()
    owner_id = None


@dataclass(frozen=True)
class HouseList:
    """A list: the name of its address, its columns in their order, and what it can be gathered by."""

    name: str
    columns: tuple[Column, ...]
    groupings: tuple[Grouping, ...] = ()
    views: tuple[HouseView, ...] = ()

    @property
    def url(self) -> str:
        return reverse(self.name)

    @property
    def keys(self) -> list[str]:
        return [column.key for column in self.columns]

    def address_of(self, view: SavedView | HouseView) -> str:
        return f"{self.url}?{view.query}{'&' if view.query else ''}view={view.pk}"

    def chosen(self, keys: Iterable[str]) -> list[str]:
        """The columns named, in the order of the list, with those that are always shown."""
        keys = set(keys)
        return [column.key for column in self.columns if column.fixed or column.key in keys]


LISTS: dict[str, HouseList] = {}


def register(
    name: str,
    *columns: Column,
    groupings: tuple[Grouping, ...] = (),
    views: tuple[HouseView, ...] = (),
) -> HouseList:
    """Make a list known, so that views of it can be kept."""
    LISTS[name] = HouseList(name, columns, groupings, views)
    return LISTS[name]


def said(query: QueryDict) -> str:
    """What an address says of the rows: filters and order, without what is empty, sorted by name."""
    kept = [
        (name, value)
        for name, values in query.lists()
        if name not in NOT_OF_A_VIEW
        for value in values
        if value != ""
    ]
    return urlencode(sorted(kept))


@dataclass(frozen=True)
class Look:
    """How one person looks at a list by one address."""

    house: HouseList
    columns: list[str]
    query: str = ""
    view: SavedView | HouseView | None = None
    views: list[SavedView | HouseView] = field(default_factory=list)
    grouping: Grouping | None = None
    #: (label, url, active) of each way to gather the rows, and of none.
    ways: list[tuple] = field(default_factory=list)
    is_own: bool = False
    may_share: bool = False
    roles: list[tuple[str, str]] = field(default_factory=list)
    #: The address to go to instead where nothing was asked for: the view that opens first for this person.
    default: str = ""

    @classmethod
    def of(cls, request, house_list: HouseList) -> Look:
        """Read the address and what the person keeps. Two queries."""
        user, asked = request.user, request.GET
        kept = list(SavedView.objects.visible_to(user).filter(list_name=house_list.name))
        held = {role for role, _path in user.scopes} | set(user.studio_roles.values())
        brought = [each for each in house_list.views if held.intersection(each.roles)]
        views = [*brought, *kept]
        view = next((each for each in views if str(each.pk) == asked.get("view")), None)
        first = next((each for each in kept if each.default_for and each.default_for in held), None)
        first = first or next(iter(brought), None)
        remembered = ColumnChoice.objects.filter(user=user, list_name=house_list.name).first()
        if "cols" in asked:
            keys = asked["cols"].split(",")
        elif view is not None:
            keys = view.columns or house_list.keys
        else:
            keys = remembered.columns if remembered else house_list.keys
        return cls(
            house=house_list,
            columns=house_list.chosen(keys),
            query=said(asked),
            view=view,
            views=views,
            is_own=view is not None and view.owner_id == user.pk,
            may_share=user.has_perm("core.share_view"),
            roles=list(SavedView.roles()) if user.has_perm("core.set_default_view") else [],
            default=house_list.address_of(first) if first and not asked else "",
            grouping=next((each for each in house_list.groupings if each.key == asked.get("g")), None),
            ways=_ways(house_list, asked),
        )

    @property
    def is_changed(self) -> bool:
        """Whether the rows or columns are no longer those of the view."""
        if self.view is None:
            return False
        kept = self.house.chosen(self.view.columns or self.house.keys)
        return (self.query, self.columns) != (self.view.query, kept)

    @property
    def tabs(self):
        """(label, url, active, count) of the plain list and of each view."""
        plain = (_("All"), f"{self.house.url}?view={PLAIN}", self.view is None, None)
        return [
            plain,
            *((view.name, self.house.address_of(view), view == self.view, None) for view in self.views),
        ]

    @property
    def view_address(self) -> str:
        """Where the view is looked at as it was kept."""
        return self.house.address_of(self.view) if self.view else ""

    @property
    def choices(self):
        """(key, label, shown, fixed) of every column."""
        return [(each.key, each.label, each.key in self.columns, each.fixed) for each in self.house.columns]

    @property
    def cols(self) -> str:
        """The columns as an address says them."""
        return ",".join(self.columns)

    @property
    def address(self) -> str:
        """Where this list is looked at just so, without its columns."""
        view = f"view={self.view.pk}" if self.view else f"view={PLAIN}"
        return f"{self.house.url}?{'&'.join(filter(None, [self.query, view]))}"


def _ways(house_list: HouseList, asked: QueryDict) -> list[tuple]:
    rest = asked.copy()
    for name in ("g", "page"):
        rest.pop(name, None)
    kept, now = rest.urlencode() or f"view={PLAIN}", asked.get("g", "")
    none = (_("not grouped"), f"?{kept}", not now)
    return [none, *((each.label, f"?{kept}&g={each.key}", each.key == now) for each in house_list.groupings)]
