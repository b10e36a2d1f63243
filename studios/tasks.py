"""What the timetable wants of this app."""

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tasks import SafeToRepeat
from studios import bin


@shared_task(base=SafeToRepeat, idempotent=True, label=_("Throw away what lay in the bins for 90 days"))
def purge_bins() -> None:
    """Throw away for good whatever has lain in a bin for its time. Nightly; nobody does it by hand."""
    bin.purge(timezone.now())
