"""Saying what an import does, to a person and to a program."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .comparing import ImportPlan
from .rows import Fault

FORMAT = "ledger-import/1"


def fault_line(fault: Fault) -> str:
    """A fault with its place: sheet, row, column."""
    place = [fault.sheet]
    if fault.row:
        place.append(_("row %(row)d") % {"row": fault.row})
    if fault.column:
        place.append(fault.column)
    return f"{' · '.join(place)}：{fault.message}"


def as_text(plan: ImportPlan, *, applied: bool) -> str:
    """What an import does or did, for the terminal: the faults, then what changes, then a line of counts."""
    lines = [f"{_severity(fault)} {fault_line(fault)}" for fault in plan.faults]
    if not plan.is_possible:
        errors = sum(fault.is_error for fault in plan.faults)
        said = ngettext(
            "%(count)d error; nothing was changed.", "%(count)d errors; nothing was changed.", errors
        )
        return "\n".join([*lines, said % {"count": errors}])
    for row in plan.touched:
        if row.kind == "changed":
            changes = "; ".join(
                f"{change.column} {change.old or '–'} > {change.new or '–'}" for change in row.changes
            )
            lines.append(f"{row.sheet.name} · {row.key}: {changes}")
    for count in plan.counts:
        numbers = {"new": count.new, "changed": count.changed, "unchanged": count.unchanged}
        words = _("%(new)d new, %(changed)d changed, %(unchanged)d unchanged") % numbers
        lines.append(f"{count.sheet}：{words}")
    changes = len(plan.touched)
    if applied:
        said = ngettext("Imported: %(count)d change.", "Imported: %(count)d changes.", changes)
    else:
        said = ngettext("Dry run: %(count)d change.", "Dry run: %(count)d changes.", changes)
    return "\n".join([*lines, said % {"count": changes}])


def _severity(fault: Fault) -> str:
    return _("Error") if fault.is_error else _("Warning")


def as_data(plan: ImportPlan, *, applied: bool) -> dict[str, Any]:
    """What an import does or did, as plain data."""
    return {
        "format": FORMAT,
        "ok": plan.is_possible,
        "applied": applied,
        "changes": len(plan.touched),
        "faults": [_fault_as_data(fault) for fault in plan.faults],
        "sheets": [
            {"sheet": count.sheet, "new": count.new, "changed": count.changed, "unchanged": count.unchanged}
            for count in plan.counts
        ],
        "rows": [
            {
                "sheet": row.sheet.name,
                "row": row.row.row,
                "key": row.key,
                "kind": row.kind,
                "changes": [
                    {"column": change.column, "old": change.old, "new": change.new} for change in row.changes
                ],
            }
            for row in plan.touched
        ],
    }


def refusal_as_data(message: str) -> dict[str, Any]:
    """A file that was not read at all, as plain data."""
    fault = Fault("error", "", None, None, message)
    return {
        "format": FORMAT,
        "ok": False,
        "applied": False,
        "changes": 0,
        "faults": [_fault_as_data(fault)],
        "sheets": [],
        "rows": [],
    }


def _fault_as_data(fault: Fault) -> dict[str, Any]:
    return {
        "severity": fault.severity,
        "sheet": fault.sheet or None,
        "row": fault.row,
        "column": fault.column,
        "message": fault.message,
    }
