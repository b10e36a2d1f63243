"""What changes more than one row of a studio, each in one transaction and told as an event.

Every verb starts from the studio as it was read: if somebody changed it since, nothing happens and
``NotAllowedNow`` says so.
"""

from contextlib import contextmanager
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowedNow
from core.jobs import want
from core.versions import ChangedMeanwhile, Versioned
from members.models import Person, User
from studios.models import LevelGrant, Membership, Rule, RuleTemplate, RuleVersion, Studio, StudioEvent

#: The job that brings the figures of units and of the group up to date; it lives in the app at the top.
PORTFOLIO_JOB = "portfolio"


@contextmanager
def _unless_changed():
    try:
        with transaction.atomic():
            yield
    except ChangedMeanwhile:
        raise NotAllowedNow from None


def _touch(record: Versioned, *fields: str) -> None:
    record.save_if_unchanged(seen=record.version, fields=fields)


def _stored(text) -> str:
    """A text of ours that becomes data: in the language of the house, whatever the writer reads in."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(text)


def _tell(studio, kind, *, on, by, before, after, reason=""):
    StudioEvent.objects.create(
        studio=studio, kind=kind, on=on, by=by, before=str(before), after=str(after), reason=reason
    )


def figures_follow(studio: Studio) -> None:
    """Have the figures of the units added up anew: whether, or where, the studio counts has changed."""
    for year in studio.plans.order_by("year").values_list("year", flat=True).distinct():
        want(PORTFOLIO_JOB, key=f"{PORTFOLIO_JOB}:{year}", year=year)


def change_lead(
    studio: Studio, person: Person, *, on: date, by: User, reason: str, stays: str | None = None
) -> Membership:
    """Hand the studio over to a person; the former lead goes, or stays in the role ``stays``.

    Raises NotAllowedNow if the person leads it already, if the day lies before somebody came, or if the
    studio was changed meanwhile.
    """
    with _unless_changed():
        _touch(studio)
        current = studio.memberships.filter(left_on=None).select_related("person")
        former = current.filter(role=Membership.Role.LEAD).first()
        own = current.filter(person=person).first()
        if former and former.person_id == person.pk:
            raise NotAllowedNow(_("%(name)s leads the studio already.") % {"name": person})
        if former:
            _end(former, on=on, reason=reason)
            if stays:
                studio.memberships.create(person=former.person, role=stays, joined_on=on, duty=former.duty)
        if own:
            _end(own, on=on, reason=_stored(_("became the lead")))
        lead = studio.memberships.create(person=person, role=Membership.Role.LEAD, joined_on=on)
        before = former.person if former else ""
        _tell(
            studio,
            StudioEvent.Kind.LEAD_CHANGED,
            on=on,
            by=by,
            before=before,
            after=person,
            reason=reason,
        )
    return lead


def name_after(studio: Studio, person: Person, *, instead_of: Person, on: date, by: User) -> None:
    """Put a person's name in the place of another's in the name of the studio."""
    before = studio.name
    studio.name = before.replace(instead_of.name, person.name)
    try:
        with _unless_changed():
            _touch(studio, "name")
            rename(studio, before=before, on=on, by=by)
    except IntegrityError:
        raise NotAllowedNow(_("There is a studio of this name already.")) from None


@transaction.atomic
def transfer(
    membership: Membership, studio: Studio, role: str, *, on: date, by: User, reason: str
) -> Membership:
    """Let a member go to another studio on a day: one act, told in the history of both.

    Raises NotAllowedNow for a lead, for one who belongs there already, and where the studio does not run.
    """
    if role == Membership.Role.LEAD:
        raise NotAllowedNow(_("The studio has a lead; use the change of lead."))
    if not studio.is_working or studio == membership.studio:
        raise NotAllowedNow(_("Choose another studio that is running."))
    end_membership(membership, on=on, reason=reason)
    try:
        with transaction.atomic():
            joined = studio.memberships.create(
                person=membership.person, role=role, joined_on=on, join_reason=reason
            )
    except IntegrityError:
        raise NotAllowedNow(_("%s belongs to the studio already.") % membership.person) from None
    for each in (membership.studio, studio):
        _tell(
            each,
            StudioEvent.Kind.TRANSFERRED,
            on=on,
            by=by,
            before=membership.studio,
            after=studio,
            reason=f"{membership.person}{_stored(_(': '))}{reason}",
        )
    return joined


def end_membership(membership: Membership, *, on: date, reason: str) -> None:
    """Let a member go. Raises NotAllowedNow for the lead, whose place is only ever handed over."""
    if membership.role == Membership.Role.LEAD:
        raise NotAllowedNow(_("The studio would be without a lead; use the change of lead."))
    if membership.left_on:
        raise NotAllowedNow
    with _unless_changed():
        _end(membership, on=on, reason=reason)


def change_role(membership: Membership, role: str, *, on: date) -> Membership:
    """Give a member another role: ends the membership and begins another, unless it began that very day."""
    if Membership.Role.LEAD in (role, membership.role):
        raise NotAllowedNow(_("The studio has a lead; use the change of lead."))
    with _unless_changed():
        if membership.joined_on == on:
            membership.role = role
            _touch(membership, "role")
            return membership
        _end(membership, on=on, reason=_stored(_("change of role")))
        return membership.studio.memberships.create(
            person=membership.person,
            role=role,
            duty=membership.duty,
            indicator_text=membership.indicator_text,
            joined_on=on,
        )


def _end(membership, *, on, reason):
    if membership.joined_on and on < membership.joined_on:
        raise NotAllowedNow(
            _("%(name)s joined on %(day)s; the day must not lie before.")
            % {"name": membership.person, "day": membership.joined_on}
        )
    membership.left_on, membership.leave_reason = on, reason
    _touch(membership, "left_on", "leave_reason")


def rename(studio: Studio, *, before: str, on: date, by: User) -> None:
    """Tell that the studio, saved under its new name, was called otherwise ``before``."""
    if studio.name != before:
        _tell(studio, StudioEvent.Kind.RENAMED, on=on, by=by, before=before, after=studio.name)


def follow_facts(studio: Studio, replaced: dict, *, by: User, at: datetime) -> None:
    """What follows when earlier facts are brought back: a name is told again, figures move with the unit."""
    rename(studio, before=replaced.get("name", studio.name), on=timezone.localdate(at), by=by)
    if "unit" in replaced:
        figures_follow(studio)


def raise_level(studio: Studio, level: str, *, on: date, by: User, doc_no: str = "") -> None:
    """Record the naming at a higher level. Raises NotAllowedNow if it is no higher than the present one."""
    ranks = Studio.Level.values
    if ranks.index(level) <= ranks.index(studio.level):
        raise NotAllowedNow(_("The studio has this level already, or a higher one."))
    before = studio.level
    with _unless_changed():
        # Where only the present level is known, its naming becomes part of the history now.
        studio.level_grants.get_or_create(
            level=studio.level, defaults={"doc_no": studio.naming_doc_no, "granted_on": studio.named_on}
        )
        LevelGrant.objects.update_or_create(
            studio=studio, level=level, defaults={"doc_no": doc_no, "granted_on": on}
        )
        studio.level, studio.naming_doc_no, studio.named_on = level, doc_no, on
        _touch(studio, "level", "naming_doc_no", "named_on")
        _tell(
            studio,
            StudioEvent.Kind.LEVEL_RAISED,
            on=on,
            by=by,
            before=before,
            after=level,
            reason=doc_no,
        )


def change_state(studio: Studio, state: str, *, on: date, by: User, reason: str) -> None:
    """Let a studio rectify, rest, run again or end. Raises NotAllowedNow if it is in this state already."""
    if state == studio.state:
        raise NotAllowedNow(_("The studio is in this state already."))
    before = studio.state
    with _unless_changed():
        studio.state = state
        _touch(studio, "state")
        _tell(
            studio,
            StudioEvent.Kind.STATE_CHANGED,
            on=on,
            by=by,
            before=before,
            after=state,
            reason=reason,
        )
        figures_follow(studio)


def revise(
    rule: Rule, *, text: str, effective_on: date, file, by: User, settings: dict | None = None
) -> RuleVersion:
    """Give a rule its next wording, with what the software keeps of it; the earlier ones stay readable.

    Raises NotAllowedNow if somebody else revised it since it was read.
    """
    with _unless_changed():
        _touch(rule)
        latest = rule.versions.first()
        return RuleVersion.objects.create(
            rule=rule,
            number=latest.number + 1 if latest else 1,
            text=text,
            effective_on=effective_on,
            settings=settings or {},
            file=file or "",
            file_name=file.name[-150:] if file else "",
            by=by,
        )


@transaction.atomic
def start_from_templates(studio: Studio, *, on: date, by: User) -> list[Rule]:
    """Give a studio the group's templates for the questions it has no rule about yet; it may change them."""
    written = set(studio.rules.values_list("kind", flat=True))
    titles = set(studio.rules.values_list("title", flat=True))
    begun = []
    for template in RuleTemplate.objects.exclude(kind__in=written).exclude(text=""):
        title = template.title
        if title in titles:
            title = f"{title} ({template.get_kind_display()})"[:100]
        rule, new = Rule.objects.get_or_create(studio=studio, title=title, defaults={"kind": template.kind})
        if not new:
            continue  # somebody else did so this very moment
        revise(rule, text=template.text, effective_on=on, file=None, by=by, settings=template.settings)
        begun.append(rule)
    return begun
