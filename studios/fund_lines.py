"""How the lines of a studio's funds stand in a year: allowed, come in, spent, left."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum

from studios.models import FundBudget, FundEntry, Spending, Studio

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class FundLine:
    """One line of a year. ``budget`` is None where money moves on a line that has none."""

    name: str
    budget: FundBudget | None
    income: Decimal
    spent: Decimal
    #: Asked for and not decided yet.
    waiting: Decimal

    @property
    def allowed(self) -> Decimal:
        """The budget with what came in for the line."""
        return (self.budget.amount if self.budget else NOTHING) + self.income

    @property
    def left(self) -> Decimal:
        return self.allowed - self.spent

    @property
    def is_over(self) -> bool:
        return self.left < 0

    @property
    def percent(self) -> int | None:
        """How much of what is allowed is spent; None where nothing is allowed."""
        return min(int(self.spent * 100 / self.allowed), 100) if self.allowed > 0 else None


def of_year(studio: Studio, year: int) -> list[FundLine]:
    """The lines of a year: those with a budget in their order, then the others. Three queries."""
    budgets = {budget.line: budget for budget in studio.budgets.filter(year=year).order_by("pk")}
    moved = {
        line: (_cents(income), _cents(spent))
        for line, income, spent in FundEntry.objects.of(studio, year).by_line()
    }
    asked = Spending.objects.of(studio, year).waiting().order_by("line").values_list("line")
    waiting = {line: _cents(total) for line, total in asked.annotate(total=Sum("amount"))}
    names = dict.fromkeys([*budgets, *moved, *waiting])
    return [
        FundLine(name, budgets.get(name), *moved.get(name, (NOTHING, NOTHING)), waiting.get(name, NOTHING))
        for name in names
    ]


def together(lines: Iterable[FundLine]) -> dict[str, Decimal]:
    """What all lines come to."""
    lines = list(lines)
    return {
        "budget": sum((line.budget.amount for line in lines if line.budget), NOTHING),
        "income": sum((line.income for line in lines), NOTHING),
        "spent": sum((line.spent for line in lines), NOTHING),
        "waiting": sum((line.waiting for line in lines), NOTHING),
        "left": sum((line.left for line in lines), NOTHING),
    }


def together_of(entries: Iterable[FundEntry]) -> dict[str, Decimal]:
    """What the entries of a ledger come to."""
    entries = list(entries)
    return {
        "income": sum((entry.income or NOTHING for entry in entries), NOTHING),
        "spent": sum((entry.spent or NOTHING for entry in entries), NOTHING),
    }


def free(studio: Studio, year: int, name: str, *, beside: Spending | None = None) -> Decimal:
    """What is left of a line when all that waits is spent too, ``beside`` one request."""
    line = next((line for line in of_year(studio, year) if line.name == name), None)
    if line is None:
        return NOTHING
    own = beside.amount if beside and beside.pk and _counts(beside, year, name) else NOTHING
    return line.left - line.waiting + own


def _counts(spending: Spending, year: int, name: str) -> bool:
    return spending.state == Spending.State.WAITING and (spending.on.year, spending.line) == (year, name)


def entries(studio: Studio, year: int) -> list[FundEntry]:
    """The ledger of a year in its order, each with ``budget`` and ``left_after`` of its line.

    What is left starts from the budget of the line. Two queries.
    """
    budgets = dict(studio.budgets.filter(year=year).values_list("line", "amount"))
    left = dict(budgets)
    found = FundEntry.objects.of(studio, year).select_related(
        "handler", "by__person", "corrects", "corrected_by"
    )
    rows = list(found.order_by("on", "pk"))
    for entry in rows:
        change = entry.signed if entry.kind == FundEntry.Kind.INCOME else -entry.signed
        left[entry.line] = left.get(entry.line, NOTHING) + change
        entry.budget, entry.left_after = budgets.get(entry.line), left[entry.line]
    return rows


def known_lines(studio: Studio) -> list[str]:
    """The lines the studio has ever had a budget for."""
    return list(studio.budgets.order_by("line").values_list("line", flat=True).distinct())


def has_funds(studio: Studio, year: int) -> bool:
    """Whether the year has a budget of more than nothing."""
    return studio.budgets.filter(Q(amount__gt=0), year=year).exists()


def _cents(total: Decimal | None) -> Decimal:
    # SQLite adds money up as floating point.
    return (total or NOTHING).quantize(NOTHING)
