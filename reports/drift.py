"""Whether every stored figure still is what the rows below it come to, and putting right what is not."""

from dataclasses import dataclass, field

from django.db.models import Q

from projects import freezing, progress
from projects.models import Plan
from reports import portfolio
from reports.models import UnitFigure


@dataclass
class Drift:
    """What was found: the names of the records that differ, and the studios that are to be added up anew."""

    names: list[str] = field(default_factory=list)
    studios: set[int] = field(default_factory=set)

    def __len__(self):
        return len(self.names)

    def repair(self) -> None:
        """Store what the figures should be."""
        if self.studios:
            progress.store(Q(studio__in=self.studios))
        for year in _years():
            portfolio.refresh(year)


def find() -> Drift:
    """Compare every stored figure of items, plans and units with what its rows come to, and every seal."""
    drift = Drift()
    for row in progress.find_drift():
        plan = row if isinstance(row, Plan) else row.plan
        drift.studios.add(plan.studio_id)
        drift.names.append(f"{row._meta.model_name} {row.pk}: {row} ({plan.studio}, {plan.period})")
    for copy, why in freezing.find_broken():
        drift.names.append(f"frozen {copy.pk}: {copy} ({copy.plan.studio}, {copy.plan.period}): {why}")
    for year in _years():
        for figure in portfolio.find_drift(year):
            drift.names.append(f"unit {figure.unit_id}: {figure}")
    return drift


def _years() -> list[int]:
    return list(UnitFigure.objects.order_by("year").values_list("year", flat=True).distinct())
