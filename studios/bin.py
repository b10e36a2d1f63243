"""Deleting into the bin and out of it again.

A record leaves with all that hangs on it and comes back under its old number, so that addresses and history
go on. What happens around both is said by the app the record belongs to.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core import serializers
from django.core.files.storage import default_storage
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.db.models.deletion import Collector
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowedNow
from studios.models import Deleted

_around: dict[str, Callable[[Any], Any]] = {}


class InUse(NotAllowedNow):
    sentence = _("Something else hangs on this, so it stays.")


class Homeless(NotAllowedNow):
    sentence = _(
        "This cannot be brought back: what it belonged to is gone, or its number or title is taken meanwhile."
    )


def register(model, around: Callable[[Any], Any] = lambda record: nullcontext()) -> None:
    """Say that records of a model can be put into the bin; ``around`` gets the record and is a context."""
    _around[model._meta.label_lower] = around


@transaction.atomic
def put(record, *, by, at: datetime) -> Deleted:
    """Delete a record into the bin. Raises InUse where something hangs on it that has to stay, and
    NotAllowedNow if somebody else has deleted it meanwhile.
    """
    label = record._meta.label_lower
    with _around[label](record):
        record = type(record)._base_manager.select_for_update().filter(pk=record.pk).first()
        if record is None:
            raise NotAllowedNow(_("Somebody has deleted this meanwhile."))
        try:
            rows, unlinked = _gather(record)
        except ProtectedError:
            raise InUse from None
        kept = Deleted.objects.create(
            studio=record.studio,
            model=label,
            title=str(record)[:300],
            rows=serializers.serialize("python", rows),
            unlinked=unlinked,
            by=by,
            at=at,
        )
        record.delete()
    return kept


def _gather(record) -> tuple[list, list]:
    """The record and all that goes with it, each after what it hangs on; and what only points at them."""
    collector = Collector(using=record._state.db)
    collector.collect([record])
    rows = [row for found in collector.data.values() for row in found]
    rows += [row for found in collector.fast_deletes for row in found if not found.model._meta.auto_created]
    pointing = {
        (field.model._meta.label_lower, field.name): sorted(row.pk for found in some for row in found)
        for (field, _value), some in collector.field_updates.items()
    }
    unlinked = [[label, name, pks] for (label, name), pks in pointing.items() if pks]
    return [record, *(row for row in rows if row != record)], unlinked


@transaction.atomic
def take_out(kept: Deleted, *, by):
    """Bring a record back as it was; gives it. Raises Homeless, or NotAllowedNow if somebody was faster."""
    if not Deleted.objects.filter(pk=kept.pk).delete()[0]:
        raise NotAllowedNow
    waiting = list(serializers.deserialize("python", kept.rows, ignorenonexistent=True))
    record = waiting[0].object
    _refuse_the_homeless(waiting)
    with _around[kept.model](record):
        try:
            with transaction.atomic():
                for each in _in_order(waiting):
                    _bring_back(each, by=by)
        except IntegrityError:
            raise Homeless from None
        for label, name, pks in kept.unlinked:
            # Unless they point elsewhere by now.
            loose = apps.get_model(label)._base_manager.filter(pk__in=pks, **{f"{name}__isnull": True})
            loose.update(**{name: record.pk})
    return record


def _in_order(waiting):
    """Each after what it hangs on."""
    left = list(waiting)
    while left:
        coming = {_key(each.object) for each in left}
        ready = [each for each in left if not coming & (_points_at(each.object) - {_key(each.object)})]
        yield from ready or left
        left = [each for each in left if ready and each not in ready]


def _key(record) -> tuple:
    return type(record), record.pk


def _points_at(record) -> set[tuple]:
    return {
        (field.related_model, pk)
        for field in record._meta.concrete_fields
        if field.is_relation and (pk := getattr(record, field.attname)) is not None
    }


def _bring_back(each, *, by) -> None:
    record = each.object
    # Raw: nothing is stamped anew. Its history then has to be told that it is here again.
    record.save_base(raw=True, force_insert=True)
    if hasattr(record, "history"):
        type(record).history.bulk_history_create([record], default_user=by)
    for name, pks in (each.m2m_data or {}).items():
        there = record._meta.get_field(name).related_model._base_manager.filter(pk__in=pks)
        getattr(record, name).set(there)


def _refuse_the_homeless(waiting) -> None:
    coming = {_key(each.object) for each in waiting}
    for model, pk in set().union(*(_points_at(each.object) for each in waiting)) - coming:
        if not model._base_manager.filter(pk=pk).exists():
            raise Homeless


@transaction.atomic
def purge(at: datetime) -> int:
    """Throw away for good whatever has lain in the bin for its time, files too; how many records."""
    over = list(Deleted.objects.over(at).select_for_update())
    for kept in over:
        rows = serializers.deserialize("python", kept.rows, ignorenonexistent=True)
        for name in [name for each in rows for name in _files(each.object)]:
            transaction.on_commit(lambda name=name: default_storage.delete(name))
        kept.delete()
    return len(over)


def _files(record) -> list[str]:
    fields = [field for field in record._meta.concrete_fields if isinstance(field, models.FileField)]
    return [value.name for field in fields if (value := getattr(record, field.attname))]
