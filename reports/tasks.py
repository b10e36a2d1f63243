"""What the timetable wants of this app."""

import logging
from datetime import date

from celery import shared_task
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import jobs, workdays
from core.tasks import SafeToRepeat
from members.models import Role, RoleGrant, User
from notifications.sending import tell
from projects.models import Plan
from reports import drift
from reports.kinds import DRIFT
from reports.ledger import receiving

log = logging.getLogger(__name__)

PROOF = "reports.prove_figures"


@shared_task(base=SafeToRepeat, idempotent=True, label=_("Want the proof of the figures"))
def check_figures() -> None:
    """Want the nightly proof of all stored figures."""
    on = timezone.localdate()
    jobs.want(PROOF, key=f"{PROOF}:{on}", on=on.isoformat())


@shared_task(base=SafeToRepeat, idempotent=True, label=_("End imports that nobody is at any more"))
def give_up_lost_imports() -> None:
    """Find the ledgers that count as being imported while no work is left that would do it."""
    receiving.give_up_lost(at=timezone.now())


def _import_failed(upload: int) -> None:
    receiving.give_up(upload, at=timezone.now())


@jobs.job(receiving.IMPORT, _("Import a ledger"), given_up=_import_failed)
def import_ledger(upload: int) -> None:
    """Import the ledger that somebody has looked at, and tell him how it ended."""
    receiving.finish(upload, at=timezone.now())


@jobs.job(PROOF, _("Prove the stored figures"))
def prove_figures(on: str) -> None:
    """Name every stored figure that differs, tell the administrators, and put right what was found.

    Ends with the figures of all units made anew from the plans, found wrong or not, and with what is expected
    of the plans on the new day.
    """
    found = drift.find()
    for name in found.names:
        log.error("The stored figure differs: %s", name)
    if found:
        grants = RoleGrant.objects.in_force(on=date.fromisoformat(on))
        admins = grants.filter(role__in=[Role.GROUP_ADMIN, Role.SYSTEM_ADMIN])
        tell(
            User.objects.filter(pk__in=admins.values("user")),
            DRIFT.name,
            about="reports",
            url=reverse("inbox"),
            once=on,
            params={"count": len(found), "first": found.names[0][:150]},
        )
    found.repair()
    Plan.objects.brought_to(date.fromisoformat(on), calendar=workdays.load())
