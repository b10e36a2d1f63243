"""A ledger that comes through the browser: kept as it was sent, shown, then applied or thrown away."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import NotAllowedNow
from reports.models import LedgerUpload

from . import applying
from .comparing import ImportPlan
from .opening import MOST_BYTES, Refused, open_container
from .reading import read

State = LedgerUpload.State


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


def apply(upload: LedgerUpload, *, by, at: datetime) -> ImportPlan:
    """Import the file that was shown, once. Raises NotAllowedNow the second time, NotPossible with errors."""
    plan = plan_of(upload)
    with transaction.atomic():
        taken = LedgerUpload.objects.filter(pk=upload.pk, state=State.WAITING).update(
            state=State.APPLIED, applied_by=by, applied_at=at
        )
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
        deleted, _rows = LedgerUpload.objects.filter(pk=upload.pk, state=State.WAITING).delete()
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
