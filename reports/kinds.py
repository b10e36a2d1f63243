"""What this app tells people."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from core import workdays
from core.calendar import Period
from notifications.kinds import Because, Kind, register
from notifications.models import Notice, Urgency
from reports import chasing
from studios.models import Membership, Studio

DRIFT = Kind(
    "reports.drift",
    _("Stored figures that differ"),
    _("Stored figures not what their rows come to, put right: %(count)d, first %(first)s"),
    _("You administer this system; the nightly check found it."),
    urgency=Urgency.TODAY,
)


IMPORTED = Kind(
    "reports.ledger_imported",
    _("Ledger imported"),
    _("The ledger “%(subject)s” is imported. Changes: %(count)d"),
    _("You started the import."),
)
NOT_IMPORTED = Kind(
    "reports.ledger_not_imported",
    _("Ledger not imported"),
    _("The ledger “%(subject)s” was not imported, nothing has been changed: %(reason)s"),
    _("You started the import."),
    urgency=Urgency.TODAY,
)
IMPORT_FAILED = Kind(
    "reports.ledger_import_failed",
    _("Ledger import failed"),
    _("The import of the ledger “%(subject)s” failed, nothing has been changed: try it again on its page"),
    _("You started the import."),
    urgency=Urgency.TODAY,
)


def _still_missing(notice: Notice) -> str | None:
    """Holds while something of what was missing still is, and the person still steers the studio."""
    studio = Studio.objects.filter(pk=notice.about.rpartition(":")[2])
    on, month = notice.recipient.today, Period.containing(date.fromisoformat(notice.params["month"]))
    rows = chasing.grid(studio.active(), month, on=on, calendar=workdays.load())
    if not rows:
        return Because.GONE
    if not set(rows[0].missing) & set(notice.params["checks"]):
        return Because.DONE
    steers = notice.recipient.studio_roles.get(rows[0].pk) in Membership.STEERING
    return None if steers else Because.NOT_YOURS


CHASING = Kind(
    chasing.KIND,
    _("Chased by the union"),
    _("%(subject)s, %(month)s: still missing: %(missing)s"),
    _("%(by)s of the union asks. You lead the studio or write for its lead."),
    urgency=Urgency.TODAY,
    still_true=_still_missing,
)

register(DRIFT, IMPORTED, NOT_IMPORTED, IMPORT_FAILED, CHASING)
