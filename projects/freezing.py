"""The copy of a plan that is frozen when it is confirmed and when it is closed; what differs between two.

Everything is text, whole number or truth, so that the copy reads the same in every database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from projects import rollup
from projects.models import Frozen, Plan, PlanItem
from projects.models.numbers import plain


def freeze(plan: Plan, kind: str, *, by, at: datetime, texts: Mapping[str, str] | None = None, late=False):
    """Seal a copy of the plan as it stands, the next version of its kind. In the caller's transaction.

    Of a baseline that is not the first, what was added freely since the plan was confirmed is marked as that:
    it never becomes part of the promise because something else was changed.
    """
    before = plan.frozen.filter(kind=kind).first()
    number = before.number + 1 if before else 1
    data = copy_of(plan, by=by, at=at, texts=texts or {})
    if before and kind == Frozen.Kind.BASELINE:
        _mark_added(data["items"], before)
    return Frozen.objects.create(
        plan=plan, kind=kind, number=number, data=data, seal=Frozen.seal_of(data), by=by, at=at, late=late
    )


def copy_of(plan: Plan, *, by, at: datetime, texts: Mapping[str, str]) -> dict[str, Any]:
    """Items, indicators, weights, members, texts, percentages, who and when. A fixed number of queries."""
    plan = Plan.objects.select_related("studio__unit").get(pk=plan.pk)
    return copy_with(plan, rows_of([plan])[plan.pk], by=by, at=at, texts=texts)


def _mark_added(rows: Iterable[dict], before: Frozen) -> None:
    for row in rows:
        promised = before.promised.get(row["id"])
        if promised is None:
            row["added"] = True
            continue
        known = {each["id"] for each in promised["indicators"]}
        for each in row["indicators"]:
            if each["id"] not in known:
                each["added"] = True


def rows_of(plans: Iterable[Plan]) -> Mapping[int, list[dict]]:
    """The items of plans as they are frozen, by the id of the plan. A fixed number of queries."""
    plans = list(plans)
    items = PlanItem.objects.filter(plan__in=plans).for_list().select_related("parent", "carried_from__plan")
    rests = {
        rest.carried_from_id: rest
        for rest in PlanItem.objects.filter(carried_from__plan__in=plans)
        .exclude(state=PlanItem.State.CANCELLED)
        .select_related("plan")
        .order_by("-pk")
    }
    rows = defaultdict(list)
    for item in items.order_by("pk"):
        rows[item.plan_id].append(_item(item, rests.get(item.pk)))
    return rows


def copy_with(plan: Plan, rows: list[dict], *, by, at: datetime, texts: Mapping[str, str]) -> dict[str, Any]:
    """The copy of a plan whose items are known already (``rows_of``). One query."""
    members = plan.studio.memberships.current(on=min(plan.ends_on, at.date())).select_related("person")
    return {
        "studio": plan.studio.name,
        "unit": plan.studio.unit.name,
        "period": plan.period,
        "progress": _text(plan.progress),
        "complete": plan.complete,
        **{name: getattr(plan, name) for name in Plan.COUNTS},
        "items": rows,
        "members": [{"name": row.person.name, "role": row.role} for row in members.order_by("pk")],
        "texts": dict(texts),
        "by": str(by) if by else "",
        "at": at.isoformat(),
    }


def _item(item: PlanItem, rest: PlanItem | None) -> dict[str, Any]:
    return {
        "id": item.pk,
        "no": item.no or "",
        "content": item.content,
        "kind": item.kind,
        "done_when": item.done_when,
        "owner": item.owner_shown,
        "helpers": [*(person.name for person in item.helpers.all()), *filter(None, [item.other_helpers])],
        "starts_on": _text(item.starts_on),
        "due_on": _text(item.due_on),
        "weight": plain(item.weight),
        "state": item.state,
        "percent": plain(item.percent),
        "share": _text(item.share),
        "complete": item.complete,
        "done_on": _text(item.done_on),
        "reason": item.reason,
        "serves": item.parent.content if item.parent else "",
        "carries_on": item.carried_from.plan.period if item.carried_from else "",
        "rest": {"id": rest.pk, "period": rest.plan.period, "weight": plain(rest.weight)} if rest else None,
        "indicators": [
            {
                "id": row.pk,
                "person": row.person.name,
                "name": row.name,
                "kind": row.kind,
                "start": plain(row.start),
                "target": plain(row.target),
                "value": plain(row.value),
                "unit": row.unit_of_measure,
                "weight": plain(row.weight),
                "share": _text(rollup.to_decimal(row.share)),
                "milestones": [[step.title, _text(step.reached_on)] for step in row.milestones.all()],
            }
            for row in item.indicators.all()
        ],
    }


def _text(value) -> str | None:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return None if value is None else f"{value}"


def find_broken() -> Iterator[tuple[Frozen, str]]:
    """Every copy that is not what was sealed, and every closed month that no longer comes to its copy."""
    copies = Frozen.objects.select_related("plan__studio").order_by("plan", "kind", "number")
    last: Frozen | None = None
    for copy in copies.iterator(chunk_size=200):
        if not copy.is_whole:
            yield copy, "the seal is broken"
        if last and (last.plan_id, last.kind) != (copy.plan_id, copy.kind) and not _still_true(last):
            yield last, "the month has changed since"
        last = copy
    if last and not _still_true(last):
        yield last, "the month has changed since"


def _still_true(copy: Frozen) -> bool:
    """Whether a closed month still comes to the last copy. Quarters and years go on with what hangs below."""
    plan = copy.plan
    if copy.kind != Frozen.Kind.CLOSING or plan.kind != Plan.Kind.MONTH or not plan.is_closed:
        return True
    same = all(getattr(plan, name) == copy.data[name] for name in Plan.COUNTS)
    return same and (plan.progress, plan.complete) == (copy.progress, copy.data["complete"])


@dataclass(frozen=True)
class Difference:
    """One row in which two copies differ: ``before`` None is added, ``after`` None is removed."""

    content: str
    id: int
    before: dict | None
    after: dict | None
    changes: tuple[tuple[str, str, str], ...] = ()


def differences(before: Iterable[dict], after: Iterable[dict]) -> list[Difference]:
    """The rows that were added, removed or changed between two copies. Pure."""
    old, new = ({row["id"]: row for row in rows} for rows in (before, after))
    found = []
    for pk in [*old, *(pk for pk in new if pk not in old)]:
        was, now = old.get(pk), new.get(pk)
        changes = tuple(_changes(was, now)) if was and now else ()
        if changes or not (was and now):
            found.append(Difference((now or was)["content"], pk, was, now, changes))
    return found


def achievement(baseline: Frozen, items: Iterable[PlanItem]) -> rollup.Figure:
    """How much of what was confirmed is done: the weights of the baseline, each with what its item came to.

    An item that was cancelled or is gone counts as nothing done, one that was split with the weight that was
    accepted; one that was tolerated is left out. What was added since counts nowhere, neither an item nor an
    indicator.
    """
    now = {item.pk: item for item in items}
    done = planned = Fraction(0)
    complete = True
    for row in baseline.promised.values():
        item = now.get(row["id"])
        if item is not None and item.state == PlanItem.State.TOLERATED:
            continue
        weight = Fraction(row["weight"])
        planned += weight
        if item is None or item.state == PlanItem.State.CANCELLED:
            complete = False
            continue
        share, whole = _came_to(row, item)
        done += min(weight, Fraction(item.weight)) * share
        complete = complete and whole and item.weight >= weight
    return rollup.Figure(done / planned, complete) if planned else rollup.NOT_PLANNED


def _came_to(row: dict, item: PlanItem) -> tuple[Fraction, bool]:
    """What an item has come to by the indicators that were confirmed, and whether that is all."""
    known = {each["id"] for each in row["indicators"]}
    carried = list(item.indicators.all())
    promised = [each for each in carried if each.pk in known]
    as_it_stands = Fraction(item.share or 0), item.state == PlanItem.State.DONE
    if as_it_stands[1] or item.has_below or len(promised) == len(carried):
        return as_it_stands
    mean = rollup.weighted_mean((each.weight, each.share) for each in promised)
    if mean is None:
        # Confirmed without any: by what was typed on the item itself, if anything was.
        return as_it_stands if item.percent is None else (Fraction(item.percent) / 100, False)
    return mean, mean == 1


def against_baseline(plan: Plan) -> Against | None:
    """The plan as it stands beside its newest baseline; None where it was never confirmed."""
    baseline = plan.frozen.baselines().first()
    if baseline is None:
        return None
    return Against(baseline, achieved(baseline), compared(baseline, None))


def achieved(baseline: Frozen) -> str | None:
    """What is achieved of a baseline by now, as people see it. Three queries."""
    items = PlanItem.objects.filter(plan=baseline.plan_id).with_indicators()
    figure = achievement(baseline, items)
    return rollup.shown(figure.progress, complete=figure.complete)


@dataclass(frozen=True)
class Against:
    """A plan beside its baseline: what was achieved of that, and the rows that differ."""

    baseline: Frozen
    achieved: str | None
    differences: list[Difference]


def compared(before: Frozen, after: Frozen | None) -> list[Difference]:
    """What differs between two copies of a plan, or between one and the plan as it stands (None).

    Between two closings what was reported counts too, otherwise only what was planned. Beside the plan as it
    stands, what was added since it was confirmed is added, whatever was sealed meanwhile.
    """
    if after is None:
        items = PlanItem.objects.filter(plan=before.plan_id).for_list()
        rows = [_item(item, None) for item in items.select_related("parent", "carried_from__plan")]
        return differences(_as_planned(before.promised.values()), _as_planned(rows))
    sides = before.data["items"], after.data["items"]
    if before.kind == after.kind == Frozen.Kind.CLOSING:
        return differences(*sides)
    return differences(*map(_as_planned, sides))


def _as_planned(rows: Iterable[dict]) -> list[dict]:
    """The rows without what reports move: only what was planned is compared."""
    cancelled = PlanItem.State.CANCELLED
    return [
        {
            **row,
            "share": None,
            "done_on": None,
            "reason": "",
            "state": cancelled if row["state"] == cancelled else "",
            "indicators": [{**each, "value": None} for each in row["indicators"]],
        }
        for row in rows
    ]


def _changes(was: dict, now: dict):
    for name, label in LABELS().items():
        if was[name] != now[name]:
            yield label, said(name, was), said(name, now)
    targets = [{row["id"]: row for row in each["indicators"]} for each in (was, now)]
    for pk in [*targets[0], *(pk for pk in targets[1] if pk not in targets[0])]:
        one, two = (each.get(pk) for each in targets)
        if one is None or two is None:
            yield _indicator_alone(one, two)
            continue
        label = _("Indicator %(name)s") % {"name": two["name"]}
        for key in ("person", "target", "value", "weight"):
            pair = [row[key] or "" for row in (one, two)]
            if pair[0] != pair[1]:
                yield label, *pair


def _indicator_alone(one: dict | None, two: dict | None) -> tuple[str, str, str]:
    """An indicator that stands on one side only: who carries it, and how far."""
    row = two or one or {}
    label = _("Indicator %(name)s, added") if two else _("Indicator %(name)s, removed")
    said = " · ".join(filter(None, [row["person"], f"{row['target'] or ''} {row['unit']}".strip()]))
    return label % {"name": row["name"]}, "" if two else said, said if two else ""


def LABELS() -> dict[str, str]:
    """The fields in which two copies are compared, as people call them."""
    names = ("content", "owner", "due_on", "weight", "state", "share", "done_on", "reason")
    return {name: str(PlanItem._meta.get_field(name).verbose_name) for name in names} | {
        "share": _("progress (%)"),
        "serves": str(PlanItem._meta.get_field("parent").verbose_name),
    }


def said(name: str, row: dict) -> str:
    """A value of a frozen row as people read it."""
    value = row[name]
    if value is None or value == "":
        return ""
    if name == "state":
        return str(PlanItem.State(value).label)
    if name == "share":
        share = PlanItem._meta.get_field("share").to_python(value)
        return f"{rollup.shown(share, complete=row['complete'])}%"
    return value
