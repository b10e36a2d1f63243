"""The first part of an import: units, studios, their levels."""

from __future__ import annotations

from django.db.models import Max
from django.utils.translation import gettext as _

from members.models import Unit
from studios.models import LevelGrant, Studio, StudioEvent

from .rows import StudioRow
from .saving import BATCH, Saving
from .sheets import ACHIEVEMENTS, ACTIVITIES, ITEMS, MEMBERS, STUDIOS, TOPICS


class StoringStudios(Saving):
    """Units and studios; everything else refers to them."""

    def _store_studios(self) -> None:
        rows = self.plan.of(STUDIOS)
        named = {
            row.row.studio
            for sheet in (MEMBERS, TOPICS, ITEMS, ACTIVITIES, ACHIEVEMENTS)
            for row in self.plan.of(sheet)
        }
        names = named | {row.row.name for row in rows}
        stored = {studio.name: studio for studio in Studio.objects.filter(name__in=names)}
        units = self._units({row.row.unit for row in rows if row.kind != "unchanged"})
        position = Studio.objects.aggregate(last=Max("position"))["last"] or 0
        new, changed, events = [], [], []
        for number, row in enumerate(rows, start=1):
            if row.kind == "unchanged":
                continue
            studio = stored.get(row.row.name) or Studio(name=row.row.name, position=position + number)
            if row.kind == "changed" and row.old.level != row.row.level:
                events.append(self._level_event(studio, row.row))
            self._fill_studio(studio, row.row, units)
            (new if row.kind == "new" else changed).append(studio)
            stored[studio.name] = studio
        self._save(Studio, new, changed, _STUDIO_FIELDS)
        self.studios = stored
        self._grant_levels([row.row for row in rows if row.kind != "unchanged"])
        events += [
            StudioEvent(
                studio=studio, kind=StudioEvent.Kind.NAMED, on=studio.named_on, after=studio.name, by=self.by
            )
            for studio in new
            if studio.named_on
        ]
        StudioEvent.objects.bulk_create(events, batch_size=BATCH)

    def _units(self, names: set[str]) -> dict[str, Unit]:
        """The units by name; those that are not there yet are made below the group."""
        group = Unit.objects.filter(kind=Unit.Kind.GROUP).first() or Unit.objects.create(
            kind=Unit.Kind.GROUP, name=self.plan.ledger.group or _("The group")
        )
        found: dict[str, Unit] = {}
        for unit in Unit.objects.filter(name__in=names).order_by("kind", "position", "pk"):
            found.setdefault(unit.name, unit)
        position = Unit.objects.aggregate(last=Max("position"))["last"] or 0
        in_order = dict.fromkeys(row.row.unit for row in self.plan.of(STUDIOS) if row.row.unit in names)
        for name in in_order:
            if name not in found:
                position += 1
                found[name] = Unit.objects.create(parent=group, name=name, position=position)
        return found

    def _fill_studio(self, studio: Studio, row: StudioRow, units: dict[str, Unit]) -> None:
        studio.type, studio.level, studio.unit = row.type, row.level, units[row.unit]
        studio.trade, studio.address, studio.phone, studio.note = (
            row.profession,
            row.address,
            row.phone,
            row.note,
        )
        studio.naming_doc_no, studio.named_on, studio.founded_on = (
            row.naming_document,
            row.named_on,
            row.founded_on,
        )
        studio.area, studio.annual_funds = row.area, row.yearly_funds
        studio.settle()

    def _level_event(self, studio: Studio, row: StudioRow) -> StudioEvent:
        return StudioEvent(
            studio=studio,
            kind=StudioEvent.Kind.LEVEL_RAISED,
            on=row.named_on or self.today,
            before=studio.get_level_display(),
            after=str(Studio.Level(row.level).label),
            by=self.by,
        )

    def _grant_levels(self, rows: list[StudioRow]) -> None:
        LevelGrant.objects.bulk_create(
            [
                LevelGrant(
                    studio=self.studios[row.name],
                    level=row.level,
                    doc_no=row.naming_document,
                    granted_on=row.named_on,
                )
                for row in rows
            ],
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["studio", "level"],
            update_fields=["doc_no", "granted_on"],
        )


_STUDIO_FIELDS = (
    "type",
    "level",
    "unit",
    "trade",
    "address",
    "phone",
    "note",
    "naming_doc_no",
    "named_on",
    "founded_on",
    "area",
    "annual_funds",
)
