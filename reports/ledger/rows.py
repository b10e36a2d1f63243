"""What a ledger says, row by row, in our own words and codes: plain values, nothing of the database.

Dates are dates, amounts are decimals of 10,000 yuan, percentages are decimals between 0 and 100, choices are
codes. ``row`` is the row as the spreadsheet counts it, ``id`` the record that a row was collected from where
it did not come from a file; neither takes part in comparison.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class StudioRow:
    name: str
    type: str
    unit: str
    level: str
    naming_document: str = ""
    named_on: date | None = None
    lead: str = ""
    lead_honours: str = ""
    profession: str = ""
    address: str = ""
    area: Decimal | None = None
    founded_on: date | None = None
    yearly_funds: Decimal | None = None
    liaison: str = ""
    phone: str = ""
    note: str = ""
    row: int = field(default=0, compare=False)
    id: int | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True)
class MemberRow:
    studio: str
    name: str
    staff_number: str = ""
    sex: str = ""
    born_on: date | None = None
    education: str = ""
    post: str = ""
    title: str = ""
    skill_grade: str = ""
    trade: str = ""
    team: str = ""
    role: str
    duty: str = ""
    indicator: str = ""
    joined_on: date | None = None
    left_on: date | None = None
    leaving_reason: str = ""
    phone: str = ""
    row: int = field(default=0, compare=False)
    id: int | None = field(default=None, compare=False)

    @property
    def who(self) -> tuple[str, ...]:
        """What a person is known by: the staff number, or within a studio the name."""
        return (self.staff_number,) if self.staff_number else (self.studio, self.name)


@dataclass(frozen=True, kw_only=True)
class TopicRow:
    number: str
    studio: str
    name: str
    source: str
    kind: str
    horizon: str
    baseline: str = ""
    target: str = ""
    measure: str = ""
    starts_on: date | None = None
    due_on: date | None = None
    owner: str = ""
    participants: tuple[str, ...] = ()
    budget: Decimal | None = None
    state: str
    note: str = ""
    row: int = field(default=0, compare=False)
    id: int | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True)
class ItemRow:
    """One line of a plan. ``period`` is a key like "2026-Q3", ``progress`` is 0 to 100 or None."""

    number: str
    parent: str = ""
    studio: str
    level: str
    period: str
    content: str
    kind: str
    topic: str = ""
    done_when: str = ""
    owner: str = ""
    helpers: tuple[str, ...] = ()
    starts_on: date | None = None
    due_on: date | None = None
    weight: Decimal = Decimal(1)
    progress: Decimal | None = None
    state: str = "not_started"
    done_on: date | None = None
    undone_reason: str = ""
    carried_from: str = ""
    row: int = field(default=0, compare=False)
    id: int | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True)
class ActivityRow:
    number: str
    studio: str
    subject: str
    kind: str = ""
    held_on: date
    place: str = ""
    host: str = ""
    expected: int | None = None
    present: int | None = None
    on_leave: int | None = None
    absent: int | None = None
    summary: str = ""
    row: int = field(default=0, compare=False)
    id: int | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True)
class AchievementRow:
    number: str
    studio: str
    name: str
    kind: str
    topic: str = ""
    people: tuple[str, ...] = ()
    done_on: date | None = None
    used_by: str = ""
    claimed: Decimal | None = None
    verified: Decimal | None = None
    certificate: str = ""
    adopted_by: str = ""
    row: int = field(default=0, compare=False)
    id: int | None = field(default=None, compare=False)


Row = StudioRow | MemberRow | TopicRow | ItemRow | ActivityRow | AchievementRow


@dataclass(frozen=True)
class Fault:
    """Something that does not fit. An error stops the import; a warning only says so."""

    severity: str  # "error" or "warning"
    sheet: str
    row: int | None
    column: str | None
    message: str

    @property
    def is_error(self) -> bool:
        return self.severity == "error"


@dataclass(frozen=True)
class Ledger:
    """A whole ledger. ``sheets`` names the sheets that the file held; ``group`` is who filled it in."""

    studios: tuple[StudioRow, ...] = ()
    members: tuple[MemberRow, ...] = ()
    topics: tuple[TopicRow, ...] = ()
    items: tuple[ItemRow, ...] = ()
    activities: tuple[ActivityRow, ...] = ()
    achievements: tuple[AchievementRow, ...] = ()
    faults: tuple[Fault, ...] = field(default=(), compare=False)
    sheets: tuple[str, ...] = field(default=(), compare=False)
    group: str = field(default="", compare=False)

    @property
    def errors(self) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if fault.is_error)

    @property
    def warnings(self) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if not fault.is_error)
