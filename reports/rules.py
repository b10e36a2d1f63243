"""Who may look at what of the whole. Read the table; nothing else grants anything."""

import rules

from members.models import Role
from members.rules import holds
from studios.rules import STAFF

READERS = (*STAFF, Role.COMPANY_LEADER)


@rules.predicate
def reads_unit(user, unit):
    """Holds a reading role over the unit; without one in question, over any."""
    return user.holds(*READERS) if unit is None else user.holds_over(unit, *READERS)


@rules.predicate
def reads_the_report(user, report):
    """Issued, and of a unit that one reads."""
    return report is not None and report.is_issued and user.holds_over(report.unit, *READERS)


@rules.predicate
def works_for_unit(user, unit):
    """Works for the union of the unit, or of one above it; without one in question, of any."""
    return user.holds(*STAFF) if unit is None else user.holds_over(unit, *STAFF)


@rules.predicate
def keeps_the_ledger(user, obj=None):
    """Works for the union of the whole group: the ledger holds all of its studios."""
    return any(
        role in (Role.GROUP_ADMIN, Role.GROUP_STAFF) and path.count("/") == 2 for role, path in user.scopes
    )


PERMISSIONS = {
    "reports.import_ledger": keeps_the_ledger,
    "reports.export_ledger": keeps_the_ledger,
    "reports.view_overview": reads_unit,
    "reports.view_leader": holds(*READERS),
    "reports.view_reports": holds(*READERS),
    "reports.view_report": reads_the_report,
    "reports.issue_report": works_for_unit,
    "reports.chase": holds(*STAFF),
    "reports.view_heatmap": holds(*READERS),
    "reports.view_trends": holds(*READERS),
}
for name, predicate in PERMISSIONS.items():
    rules.add_perm(name, predicate)
