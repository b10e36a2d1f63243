"""How the rows of an import are saved: in batches, with versions and a history of each change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from core.history import IMPORT
from studios.models import Studio

from .comparing import ImportPlan, RowPlan

BATCH = 500


class Saving:
    """What every part of an import shares: whose it is, when, and the studios found so far."""

    def __init__(self, plan: ImportPlan, *, by, at: datetime) -> None:
        self.plan, self.by, self.at = plan, by, at
        self.today = timezone.localdate(at)
        self.studios: dict[str, Studio] = {}

    def _save(self, model, new: list[Any], changed: list[Any], fields: Iterable[str]) -> None:
        """Create and update in batches, each version raised and each change kept in the history."""
        for record in changed:
            record.version += 1
        model.objects.bulk_create(new, batch_size=BATCH)
        model.objects.bulk_update(changed, [*fields, *model.DERIVED, "version"], batch_size=BATCH)
        if history := getattr(model, "history", None):
            told = {"default_user": self.by, "default_change_reason": IMPORT}
            history.bulk_history_create(new, batch_size=BATCH, **told)
            history.bulk_history_create(changed, batch_size=BATCH, update=True, **told)

    def _records(self, model, rows: list[RowPlan]) -> dict[int, Any]:
        return model.objects.in_bulk([row.old.id for row in rows if row.kind == "changed"])

    @staticmethod
    def _link(through, column: str, links: list[tuple[Any, list[int]]], *, fresh: bool) -> None:
        """Say who takes part: ``links`` are records with the ids of their people, in order."""
        if not fresh:
            through.objects.filter(**{f"{column}__in": [record.pk for record, _people in links]}).delete()
        through.objects.bulk_create(
            [
                through(**{f"{column}_id": record.pk, "person_id": person})
                for record, people in links
                for person in dict.fromkeys(people)
            ],
            batch_size=BATCH,
            ignore_conflicts=True,  # a person who takes part already does so once
        )
