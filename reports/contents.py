"""What a report says, as plain values: made from the figures, frozen as data, drawn by page, Word and Excel.

Pure. Benefit is in 10,000 yuan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.calendar import Period
from reports.overview import Record, Total

#: So many reasons are named in a sentence.
MAIN_REASONS = 3
#: How the sentences are worded today. What was issued keeps the wording of its day; the first had no number.
WORDING = 2


@dataclass(frozen=True, kw_only=True)
class Line:
    """One studio in the period. ``studies`` are those of its activities that teach.

    ``closed_at``: when its period was closed, None while it is open; ``late``: it was closed after its last
    day, or that day is over and it still is open. ``reasons``: why items were not done, each with how many.
    """

    studio: str
    unit: str
    figure: Record
    activities: int = 0
    studies: int = 0
    achievements: int = 0
    benefit: Decimal = Decimal(0)
    reasons: tuple[tuple[str, int], ...] = ()
    closed_at: datetime | None = None
    late: bool = False

    @property
    def is_planned(self) -> bool:
        return self.figure.planned > 0


@dataclass(frozen=True, kw_only=True)
class Stuck:
    """A problem that is open; ``level`` is one of ``Problem.Level``."""

    what: str
    studio: str
    level: str
    coordinator: str
    raised_on: date
    due_on: date


@dataclass(frozen=True, kw_only=True)
class Contents:
    """The report of a unit on a period as of a day.

    ``whole_year`` is (achievements, benefit) from the start of the year on; ``made_up_by``: the day by which
    all that was carried over is due; ``focus``: the weightiest items of the period after.
    """

    unit: str
    period: Period
    on: date
    total: Total
    lines: tuple[Line, ...]
    whole_year: tuple[int, Decimal]
    made_up_by: date | None
    focus: tuple[str, ...]
    problems: tuple[Stuck, ...]
    problem_count: int
    wording: int = WORDING

    @property
    def undone(self) -> int:
        """What counts and is not done."""
        return self.total.counted - self.total.done

    @property
    def open_lines(self) -> int:
        """Studios that planned and have not closed."""
        return sum(line.is_planned and line.closed_at is None for line in self.lines)

    @property
    def late_lines(self) -> int:
        return sum(line.late for line in self.lines)

    @property
    def activities(self) -> int:
        return sum(line.activities for line in self.lines)

    @property
    def studies(self) -> int:
        return sum(line.studies for line in self.lines)

    @property
    def achievements(self) -> int:
        return sum(line.achievements for line in self.lines)

    @property
    def benefit(self) -> Decimal:
        return sum((line.benefit for line in self.lines), Decimal(0))

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why items were not done, the most frequent first."""
        counted: Counter[str] = Counter()
        for line in self.lines:
            counted.update(dict(line.reasons))
        return sorted(counted.items(), key=lambda one: (-one[1], one[0]))

    @property
    def main_reasons(self) -> list[str]:
        return [reason for reason, _count in self.reasons[:MAIN_REASONS]]

    @property
    def more_problems(self) -> int:
        """Open problems beyond those that are listed."""
        return self.problem_count - len(self.problems)

    def is_like(self, other: Contents) -> bool:
        """Whether both say the same, whatever day they are of and whatever moment they were computed."""
        return replace(_at_no_time(self), on=other.on) == _at_no_time(other)

    def as_data(self) -> dict[str, Any]:
        """Everything as JSON knows it: days and amounts are texts."""
        return _plain(
            {each.name: getattr(self, each.name) for each in fields(self)}
            | {
                "period": self.period.key,
                "total": _of_record(self.total),
                "lines": [asdict(line) | {"figure": _of_record(line.figure)} for line in self.lines],
                "problems": [asdict(one) for one in self.problems],
            }
        )

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Contents:
        count, benefit = data["whole_year"]
        return cls(
            unit=data["unit"],
            period=Period.parse(data["period"]),
            on=date.fromisoformat(data["on"]),
            total=Total(**_to_record(data["total"])),
            lines=tuple(_to_line(line) for line in data["lines"]),
            whole_year=(count, Decimal(benefit)),
            made_up_by=date.fromisoformat(data["made_up_by"]) if data["made_up_by"] else None,
            focus=tuple(data["focus"]),
            problems=tuple(
                Stuck(**{**one, **{day: date.fromisoformat(one[day]) for day in ("raised_on", "due_on")}})
                for one in data["problems"]
            ),
            problem_count=data["problem_count"],
            wording=data.get("wording", 1),
        )


def _at_no_time(contents: Contents) -> Contents:
    return replace(contents, total=replace(contents.total, at=None), wording=WORDING)


def _of_record(record: Record) -> dict[str, Any]:
    return {each.name: getattr(record, each.name) for each in fields(record)}


def _to_record(data: Mapping[str, Any]) -> dict[str, Any]:
    read = dict(data)
    if read["progress"] is not None:
        read["progress"] = Decimal(read["progress"])
    if read.get("at"):
        read["at"] = datetime.fromisoformat(read["at"])
    return read


def _to_line(data: Mapping[str, Any]) -> Line:
    return Line(
        **{
            **data,
            "figure": Record(**_to_record(data["figure"])),
            "benefit": Decimal(data["benefit"]),
            "reasons": tuple((reason, count) for reason, count in data["reasons"]),
            "closed_at": datetime.fromisoformat(data["closed_at"]) if data["closed_at"] else None,
        }
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
