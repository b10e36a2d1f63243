"""Taking back one's last act: the records get the values they had, through the door they were changed by.

Only what nobody touched since can be taken back, and only by whoever did it, within a day. The journal has no
door: what was reported is corrected by a new report.
"""

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowedNow
from core.models import Undo
from core.versions import ChangedMeanwhile


@dataclass(frozen=True)
class Door:
    """How records of a model are saved: the right it takes, and what happens around the saving.

    ``watched`` fields move without raising the version; if one has moved, there is no way back. ``around``
    gets the records and is a context; ``after`` gets each record and the values that were replaced.
    """

    permission: str
    watched: tuple[str, ...] = ()
    around: Callable[[list], Any] = lambda records: nullcontext()
    after: Callable[..., None] = lambda record, replaced, *, by, at: None


_doors: dict[str, Door] = {}


class TooLate(NotAllowedNow):
    sentence = _(
        "This can no longer be undone: it was changed again since, was undone already, or is too old."
    )


def register(model, door: Door) -> None:
    """Say how the records of a model are taken back."""
    _doors[model._meta.label_lower] = door


def step(record, fields: dict, many: dict | None = None) -> dict:
    """What brings back the ``fields`` of a record that was just saved; ``many`` are lists of ids."""
    door = _doors[record._meta.label_lower]
    return {
        "pk": record.pk,
        "version": record.version,
        "fields": fields,
        "many": many or {},
        "watched": {name: getattr(record, name) for name in door.watched},
    }


def offer(model, steps: Iterable[dict], *, by, at: datetime) -> str:
    """Keep the way back from an act and give the tag of the message that offers it; "" if nothing changed."""
    steps = [each for each in steps if each["fields"] or each["many"]]
    if not steps:
        return ""
    undo = Undo.objects.create(user=by, model=model._meta.label_lower, steps=steps, created_at=at)
    return f"undo:{undo.token}"


def offer_form(form, *, by, at: datetime) -> str:
    """``offer`` for a versioned form that was just saved."""
    one = step(form.instance, *form.replaced())
    return offer(type(form.instance), [one], by=by, at=at)


@transaction.atomic
def take_back(undo: Undo, *, by, at: datetime) -> list:
    """Bring the values back; gives the records. Raises TooLate, and then nothing is changed."""
    if not Undo.objects.usable(at).filter(pk=undo.pk, user=by).update(used_at=at):
        raise TooLate
    model, door = apps.get_model(undo.model), _doors[undo.model]
    found = model.objects.visible_to(by).in_bulk([each["pk"] for each in undo.steps])
    records = [found.get(each["pk"]) for each in undo.steps]
    if not all(record is not None and by.has_perm(door.permission, record) for record in records):
        raise TooLate
    with door.around(records):
        for record, each in zip(records, undo.steps, strict=True):
            record.refresh_from_db()
            replaced = _restore(record, each)
            door.after(record, replaced, by=by, at=at)
    return records


def _restore(record, each: dict) -> dict:
    field_of = record._meta.get_field
    if any(
        getattr(record, name) != field_of(name).to_python(value) for name, value in each["watched"].items()
    ):
        raise TooLate
    replaced = {}
    for name, value in each["fields"].items():
        field = field_of(name)
        replaced[name] = getattr(record, field.attname)
        setattr(record, field.attname, field.to_python(value))
    try:
        record.save_if_unchanged(seen=each["version"], fields=each["fields"])
    except (ChangedMeanwhile, IntegrityError) as changed:  # IntegrityError: its old name was taken meanwhile
        raise TooLate from changed
    for name, pks in each["many"].items():
        getattr(record, name).set(pks)
    return replaced
