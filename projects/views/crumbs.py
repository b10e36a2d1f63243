"""Where a page stands: from the register down to it."""

from django.urls import reverse
from django.utils.http import urlencode

from projects.models import Plan, PlanItem
from studios.tabs import below


def of_studio(studio) -> list[tuple[str, str]]:
    return below(studio)


def of_plan(plan: Plan) -> list[tuple[str, str]]:
    """The plans above it included, the year first."""
    line = reversed(plan.span.line)
    return [*of_studio(plan.studio), *((str(span), address(plan.studio_id, span)) for span in line)]


def of_item(item: PlanItem) -> list[tuple[str, str]]:
    return of_plan(item.plan)


def address(studio_id: int, span) -> str:
    """The page of a studio's plan for a period: the four boxes for a month."""
    return reverse("month" if span.kind == "month" else "plan", args=[studio_id, span.key])


def raising(studio, user, **hangs_on) -> str:
    """Where a problem is raised, on an item or a topic (by their ids); "" for who may not."""
    if not user.has_perm("projects.raise_problem", studio):
        return ""
    about = urlencode(hangs_on)
    return reverse("problem-new", args=[studio.pk]) + (f"?{about}" if about else "")


def period_nav(studio_id: int, span, *, name: str = "") -> dict:
    """What the component ``period_nav`` needs: a step back, a step on, and the periods of the year.

    ``name`` is that of the page to stay on in another period; the plan itself if left out.
    """

    def to(span) -> str:
        return reverse(name, args=[studio_id, span.key]) if name else address(studio_id, span)

    options = span.parent.split() if span.parent else [span.previous, span, span.next]
    if span.kind == "month":
        options = [month for quarter in span.parent.parent.split() for month in quarter.split()]
    return {
        "current": str(span),
        "previous": (str(span.previous), to(span.previous)),
        "next": (str(span.next), to(span.next)),
        "options": [(str(each), to(each), each == span) for each in options],
    }
