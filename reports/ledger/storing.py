"""Storing a planned import: in few statements, with a history of each change, the sums added up at the end.

Called by ``applying`` within its transaction; nothing else calls it.
"""

from __future__ import annotations

from django.db.models import Q

from projects import progress
from projects.models import PlanItem, Topic

from .storing_plans import StoringPlans
from .storing_results import StoringResults
from .storing_studios import StoringStudios


class Storing(StoringStudios, StoringPlans, StoringResults):
    """One import. Goes from the units down to the achievements, so that each finds what it refers to."""

    def store(self) -> None:
        self._store_studios()
        self._store_members()
        self._people = self._people_by_name()
        self._topics = self._store_topics()
        years = self._store_items()
        self._store_activities()
        self._store_achievements()
        for model, column in ((Topic, "topic"), (PlanItem, "planitem")):
            self._find_people_again(model, column)
        if years:
            ids = [studio.pk for studio in self.studios.values()]
            progress.store(Q(studio__in=ids, year__in=years))
