"""A ledger that comes through the browser: kept as it was sent, shown, then applied or thrown away."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from core import jobs
from core.errors import NotAllowedNow
from core.models import Job
from notifications.sending import tell
from reports.kinds import IMPORT_FAILED, IMPORTED, NOT_IMPORTED
from reports.models import LedgerUpload

from . import applying
from .comparing import ImportPlan
from .opening import MOST_BYTES, Refused, open_container
from .reading import read

State = LedgerUpload.State

IMPORT = "reports.import_ledger"
"""The job that imports a ledger somebody has looked at."""


def receive(file: UploadedFile, *, by, at: datetime) -> LedgerUpload:
    """Keep a workbook that was sent. Raises Refused where it is none that can be read."""
    data = file.read(MOST_BYTES + 1)
    open_container(data)
    name = Path(file.name or "ledger.xlsx").name[:150]
    upload = LedgerUpload(name=name, sha256=hashlib.sha256(data).hexdigest(), size=len(data), by=by, at=at)
    upload.file.save(name, ContentFile(data), save=False)
    upload.save()
    return upload


def plan_of(upload: LedgerUpload) -> ImportPlan:
    """What importing the file would change now. Raises Refused where the file is gone or no ledger."""
    return applying.plan_import(read(_bytes(upload), **applying.known()))


@transaction.atomic
def start(upload: LedgerUpload, *, by) -> None:
    """Want the file that was shown to be imported by a worker, once; NotAllowedNow the second time.

    What failed may be started again.
    """
    waiting = LedgerUpload.objects.filter(pk=upload.pk, state__in=LedgerUpload.OPEN)
    if not waiting.update(state=State.RUNNING, applied_by=by):
        raise NotAllowedNow(_("This ledger has been imported already."))
    jobs.want(IMPORT, key=_key(upload.pk), upload=upload.pk)


def _key(upload_id: int) -> str:
    return f"{IMPORT}:{upload_id}"


def finish(upload_id: int, *, at: datetime) -> None:
    """Do what was started, and tell whoever started it how it ended. Safe to repeat."""
    started = LedgerUpload.objects.filter(pk=upload_id, state__in=[State.RUNNING, State.FAILED])
    upload = started.select_related("applied_by").first()
    if upload is None:
        return
    by = upload.applied_by
    about = {"about": upload, "url": upload.get_absolute_url(), "once": at.isoformat()}
    try:
        with transaction.atomic():
            plan = apply(upload, by=by, at=at)
            tell([by], IMPORTED.name, params={"count": len(plan.touched)}, **about)
    except (applying.NotPossible, Refused) as why:
        with transaction.atomic():
            if started.update(state=State.WAITING, applied_by=None):
                tell([by], NOT_IMPORTED.name, params={"reason": str(why)}, **about)


@transaction.atomic
def give_up(upload_id: int, *, at: datetime) -> None:
    """End an import that no worker could do as failed, and tell whoever started it. Safe to repeat."""
    running = LedgerUpload.objects.filter(pk=upload_id, state=State.RUNNING).select_related("applied_by")
    for upload in running:
        if running.update(state=State.FAILED):
            where = {"about": upload, "url": upload.get_absolute_url(), "once": at.isoformat()}
            tell([upload.applied_by], IMPORT_FAILED.name, **where)


def give_up_lost(*, at: datetime) -> None:
    """End every import that still counts as running while no work is left that would do it."""
    running = LedgerUpload.objects.filter(state=State.RUNNING).values_list("pk", flat=True)
    at_work = set(Job.objects.unfinished().filter(name=IMPORT).values_list("key", flat=True))
    for pk in running:
        if _key(pk) not in at_work:
            give_up(pk, at=at)


def apply(upload: LedgerUpload, *, by, at: datetime) -> ImportPlan:
    """Import the file that was shown, once. Raises NotAllowedNow the second time, NotPossible with errors."""
    plan = plan_of(upload)
    with transaction.atomic():
        not_yet = LedgerUpload.objects.filter(pk=upload.pk).exclude(state=State.APPLIED)
        taken = not_yet.update(state=State.APPLIED, applied_by=by, applied_at=at)
        if not taken:
            raise NotAllowedNow(_("This ledger has been imported already."))
        done = applying.apply(plan, by=by, at=at)
        kinds = [row.kind for row in done.touched]
        LedgerUpload.objects.filter(pk=upload.pk).update(
            new=kinds.count("new"), changed=kinds.count("changed")
        )
    return done


def throw_away(upload: LedgerUpload) -> None:
    """Forget a file that was not imported: the row first, then what it names."""
    with transaction.atomic():
        open_still = LedgerUpload.objects.filter(pk=upload.pk, state__in=LedgerUpload.OPEN)
        deleted, _rows = open_still.delete()
        if not deleted:
            raise NotAllowedNow(_("This ledger has been imported already."))
        transaction.on_commit(lambda: upload.file.storage.delete(upload.file.name))


def _bytes(upload: LedgerUpload) -> bytes:
    try:
        with upload.file.open("rb") as file:
            data = file.read()
    except OSError:
        raise Refused(_("The file cannot be opened.")) from None
    if hashlib.sha256(data).hexdigest() != upload.sha256:
        raise Refused(_("The file is not the one that was sent."))
    return data
