"""Work for later, wanted in the transaction that makes it necessary and done at least once.

``@job("name")`` registers a function, ``want("name", key=…, **args)`` asks for it. The function must be
safe to repeat: a worker may die after the work and before it could say so.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowedNow
from core.models import Job

log = logging.getLogger(__name__)

FUNCTIONS: dict[str, Callable] = {}
LABELS: dict[str, str | Promise] = {}
"""What each job does, in the words of whoever looks after the machine room; lazy texts."""

GIVEN_UP: dict[str, Callable] = {}
"""What follows when a job has failed for good: called with its arguments, safe to repeat."""

PATIENCE = timedelta(minutes=1)
"""How long a nudge may stay unanswered before the sweep repeats it."""

KEEP = timedelta(days=90)
"""How long finished jobs stay to be looked at."""

QUIET_SECONDS = 30
"""How long no nudge is tried after the broker did not answer, so that not every save has to wait."""

POKE = {"max_retries": 0, "interval_start": 0, "socket_connect_timeout": 0.5, "socket_timeout": 0.5}
"""A nudge gives up within a second; kombu's own default is to try for ever."""

_quiet_until = 0.0


def job(
    name: str, label: str | Promise = "", *, given_up: Callable | None = None
) -> Callable[[Callable], Callable]:
    """Register a function, safe to repeat and called with primitives, under the name jobs call it by.

    ``label`` says to people what it does; ``given_up`` follows, with the same arguments, once it has failed
    for good.
    """

    def register(function: Callable) -> Callable:
        if FUNCTIONS.setdefault(name, function) is not function:
            raise ValueError(f"Two jobs are called {name!r}.")
        LABELS[name] = label or name
        if given_up:
            GIVEN_UP[name] = given_up
        return function

    return register


def want(name: str, *, key: str, **args) -> None:
    """Store that a job is to be done once this transaction is committed.

    Wanted twice with one key while it still waits, it is done once, after both transactions: touching the
    waiting row locks it, so no worker can claim it before this transaction's changes are to be seen.
    """
    if name not in FUNCTIONS:
        raise LookupError(f"No job is called {name!r}.")
    waiting = Job.objects.filter(key=key, state=Job.State.WANTED)
    while not waiting.update(args=args):
        try:
            with transaction.atomic():
                stored = Job.objects.create(key=key, name=name, args=args, wake_at=timezone.now() + PATIENCE)
        except IntegrityError:
            continue  # somebody stored it in between: touch that one
        transaction.on_commit(partial(poke, [stored.pk]), robust=True)
        return


def poke(ids: list[int]) -> None:
    """Tell the workers, if the broker listens. Never fails and never takes longer than about a second."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    from core.tasks import run_job  # which imports this module

    try:
        with current_app.connection_for_write(connect_timeout=0.5, transport_options=POKE) as connection:
            for pk in ids:
                run_job.apply_async([pk], connection=connection, retry=False)
    except Exception:
        _quiet_until = time.monotonic() + QUIET_SECONDS
        log.warning("The broker does not answer; the sweep will find jobs %s.", ids, exc_info=True)


def run(job_id: int) -> bool:
    """Do one job if it is free. False if somebody else has it, or it is done."""
    claimed = claim(job_id, now=timezone.now())
    if claimed is None:
        return False
    try:
        FUNCTIONS[claimed.name](**claimed.args)
    except Exception as error:
        log.exception("Job %s failed (attempt %s).", claimed, claimed.attempts)
        _finish(claimed, error=error)
    else:
        _finish(claimed)
    return True


def claim(job_id: int, *, now: datetime) -> Job | None:
    """Take a free job for the length of a lease, or None. Of two claimants exactly one gets it."""
    seen = Job.objects.free(now).filter(pk=job_id).first()
    if seen is None:
        return None
    taken = (
        Job.objects.free(now)
        .filter(pk=job_id, attempts=seen.attempts)
        .update(state=Job.State.CLAIMED, attempts=F("attempts") + 1, wake_at=now + Job.LEASE)
    )
    # Read again: between the look and the claim the arguments may have been renewed.
    return Job.objects.get(pk=job_id) if taken else None


def _finish(claimed: Job, *, error: Exception | None = None) -> None:
    """Write the outcome, unless the lease ran out and another worker has taken the job over."""
    now = timezone.now()
    outcome: dict = {"state": Job.State.DONE, "done_at": now, "last_error": ""}
    if error is not None:
        outcome = {"last_error": repr(error)[:500]}
        if claimed.attempts >= Job.MAX_ATTEMPTS:
            _give_up(claimed, why=outcome["last_error"])
            return
        minutes = 2**claimed.attempts * random.uniform(0.8, 1.2)
        outcome["wake_at"] = now + timedelta(minutes=minutes)
    Job.objects.filter(pk=claimed.pk, state=Job.State.CLAIMED, attempts=claimed.attempts).update(**outcome)


def _give_up(used_up: Job, *, why: str) -> None:
    """Let a job end as failed, with what follows from that, unless somebody has taken it over meanwhile.

    What follows can fail too: then the job is left as it is, for the next sweep to try again.
    """
    still = Job.objects.unfinished().filter(pk=used_up.pk, attempts=used_up.attempts)
    try:
        with transaction.atomic():
            if still.update(state=Job.State.FAILED, last_error=why) and used_up.name in GIVEN_UP:
                GIVEN_UP[used_up.name](**used_up.args)
    except Exception:
        log.exception("What follows the failure of job %s failed.", used_up)


def sweep(*, now: datetime) -> list[int]:
    """Give up what failed too often, clear old rows, and nudge again for all that waits too long."""
    for used_up in Job.objects.to_wake(now).filter(attempts__gte=Job.MAX_ATTEMPTS):
        _give_up(used_up, why="The worker died each time.")
    Job.objects.filter(state__in=Job.OVER, done_at__lt=now - KEEP).delete()
    ids = list(Job.objects.to_wake(now).order_by("wake_at").values_list("pk", flat=True)[:1000])
    # A waiting row is not nudged for again each minute, or a long queue would only get longer.
    Job.objects.filter(pk__in=ids, state=Job.State.WANTED).update(wake_at=now + 5 * PATIENCE)
    if ids:
        poke(ids)
    return ids


@transaction.atomic
def try_again(job_id: int, *, now: datetime) -> None:
    """Give a failed job all its attempts anew. NotAllowedNow if it is not failed, or waits already."""
    failed = Job.objects.filter(pk=job_id, state=Job.State.FAILED)
    try:
        with transaction.atomic():
            taken = failed.update(state=Job.State.WANTED, attempts=0, wake_at=now + PATIENCE)
    except IntegrityError:
        raise NotAllowedNow(_("The same work was wanted again meanwhile and is waiting already.")) from None
    if not taken:
        raise NotAllowedNow
    transaction.on_commit(partial(poke, [job_id]), robust=True)


def dismiss(job_id: int, *, by, now: datetime) -> None:
    """Say that a failed job need not be done any more. NotAllowedNow if it is not failed."""
    failed = Job.objects.filter(pk=job_id, state=Job.State.FAILED)
    if not failed.update(state=Job.State.DISMISSED, done_at=now, dismissed_by=by):
        raise NotAllowedNow


def run_waiting(name: str | None = None) -> int:
    """Do all that is free here and now, without a worker. Returns how many jobs were done."""
    free = Job.objects.free(timezone.now())
    if name:
        free = free.filter(name=name)
    return sum(run(pk) for pk in list(free.order_by("pk").values_list("pk", flat=True)))


def last_done(name: str) -> datetime | None:
    """When a job of this name was last finished, None if never in the time the ledger keeps."""
    return (
        Job.objects.filter(name=name, state=Job.State.DONE)
        .order_by("-done_at")
        .values_list("done_at", flat=True)
        .first()
    )
