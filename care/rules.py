"""Who may do what about care. Read the table; nothing else grants anything, and no role does by itself."""

import rules

from care.models import CareWorker, Consent
from members.models import Role


@rules.predicate
def cares_for(user, consent):
    return consent is not None and Consent.objects.visible_to(user).filter(pk=consent.pk).exists()


@rules.predicate
def is_care_worker(user, obj=None):
    return bool(CareWorker.objects.paths_of(user))


@rules.predicate
def names_workers(user, obj=None):
    """Administers units, or the unit of this worker; never himself."""
    if obj is None:
        return user.holds(Role.GROUP_ADMIN)
    return obj.user_id != user.pk and user.holds_over(obj.unit, Role.GROUP_ADMIN)


@rules.predicate
def is_about_him(user, record):
    return record is not None and record.consent.person_id == user.person_id


@rules.predicate
def wrote_it(user, record):
    return record is not None and record.written_by_id == user.pk


PERMISSIONS = {
    "care.work": is_care_worker,
    "care.read_records": cares_for,
    "care.delete_record": is_about_him | wrote_it,
    "care.name_workers": names_workers,
}
for name, predicate in PERMISSIONS.items():
    rules.add_perm(name, predicate)
