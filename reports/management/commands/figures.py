"""``manage.py figures``: every figure of a year on a day, as a table or as JSON."""

import json
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.statement import statement

COLUMNS = ("shown", "planned", "done", "on_time", "overdue", "carried", "tolerated", "cancelled")


class Command(BaseCommand):
    help = "Print the figures of the group, its units and its studios."

    def add_arguments(self, parser):
        parser.add_argument("--on", type=date.fromisoformat, help="the day, YYYY-MM-DD; today if left out")
        parser.add_argument("--year", type=int, help="the plan year; the day's year if left out")
        parser.add_argument(
            "--period", help="the period of the table, e.g. 2026-Q3; the whole year if left out"
        )
        parser.add_argument("--json", action="store_true", help="every period, as JSON")

    def handle(self, *, on, year, period, json: bool, **options):
        on = on or timezone.localdate()
        stated = statement(year or on.year, on=on)
        if json:
            self.stdout.write(as_json(stated))
            return
        period = period or str(stated["plan_year"])
        if period not in stated["periods"]:
            raise CommandError(f"{period} is no period of {stated['plan_year']}.")
        self.stdout.write("\n".join(as_table(stated, period)))


def as_json(stated: dict) -> str:
    return json.dumps(stated, ensure_ascii=False, indent=1)


def as_table(stated: dict, period: str):
    """The figures of one period as lines of text: the group, its units, its studios."""
    yield f"{period} · {stated['on']}"
    yield "".join(f"{name:>10}" for name in ("progress", *COLUMNS[1:]))
    yield _line(stated["group"]["periods"][period], "=")
    for unit in stated["units"]:
        yield _line(unit["periods"][period], unit["name"])
        for studio in stated["studios"]:
            if studio["unit"] == unit["name"]:
                yield _line(studio["periods"][period], f"  {studio['name']}")


def _line(figures: dict, name: str) -> str:
    cells = (figures[column] for column in COLUMNS)
    return "".join(f"{'–' if cell is None else cell:>10}" for cell in cells) + f"  {name}"
