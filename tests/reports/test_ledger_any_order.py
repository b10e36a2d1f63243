"""A ledger that goes out, is changed by a clerk and comes in again between the closings: whatever the order,
no frozen figure changes, what is refused changes nothing, and nothing drifts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.calendar import Period
from projects.freezing import find_broken
from projects.models import PlanItem
from reports import drift
from reports.ledger.applying import NotPossible, apply, known, plan_import
from reports.ledger.collecting import collect
from reports.ledger.reading import read
from reports.ledger.rows import ItemRow
from reports.ledger.writing import write
from tests.chance import seeds
from tests.projects.test_closing_any_order import Story

pytestmark = pytest.mark.django_db


class LedgerStory(Story):
    """The story of the closings, with imports in between; ``came_in`` and ``turned_away`` count them."""

    came_in = turned_away = 0

    @property
    def verbs(self):
        return [*super().verbs, self.import_changed, self.import_changed]

    def import_changed(self):
        ledger = collect()
        items = list(ledger.items)
        for _row in range(self.chance.randint(1, 3)):
            at = self.chance.randrange(len(items))
            items[at] = self.changed(items[at])
        if self.chance.random() < 0.5:
            items.append(self.fresh(items))
        before = self.stored()
        try:
            apply(self.planned(replace(ledger, items=tuple(items))), by=self.cast.li, at=self.at)
            self.came_in += 1
        except NotPossible:
            assert self.stored() == before
            self.turned_away += 1

    def planned(self, ledger):
        return plan_import(read(write(ledger, group="青川机械集团", on=date(2026, 7, 1)), **known()))

    def changed(self, row):
        percent = Decimal(self.chance.randint(0, 1000)) / 10
        return self.chance.choice(
            [
                replace(row, weight=Decimal(self.chance.randint(1, 900)) / 100),
                replace(row, progress=percent),
                replace(row, content="又一项", due_on=date(2026, 6, 30)),
                replace(row, state="done", progress=Decimal(100), done_on=date(2026, 6, 1), undone_reason=""),
                replace(row, state="cancelled", undone_reason="停产"),
            ]
        )

    def fresh(self, items):
        above = self.chance.choice([row for row in items if row.level == "quarter"])
        month = self.chance.choice(Period.parse(above.period).split())
        return ItemRow(
            number=f"H-{self.at:%H%M%S}",
            parent=above.number,
            studio=above.studio,
            level="month",
            period=month.key,
            content="新的一项",
            kind="study",
        )

    @staticmethod
    def stored():
        fields = ("pk", "weight", "percent", "state", "share", "due_on", "version")
        return list(PlanItem.objects.order_by("pk").values_list(*fields))


@pytest.mark.parametrize("seed", seeds(202, 77))
def test_between_closings_imports_change_no_frozen_figure_and_nothing_drifts(cast, seed):
    story = LedgerStory(seed, cast)

    story.run(60)

    assert len(story.seen) > 2
    assert story.came_in > 0
    assert drift.find().names == []
    assert list(find_broken()) == []
    # What goes out comes in again as it is, weights of twelve places and all.
    assert story.planned(collect()).touched == []
