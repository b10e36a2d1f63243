"""The second part of an import: people, their time in studios, and who answers to a name."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from members.models import Person
from projects.models import Topic
from studios.models import Membership, StudioEvent

from .comparing import RowPlan
from .rows import ItemRow, MemberRow, TopicRow
from .saving import BATCH, Saving
from .sheets import MEMBERS, STUDIOS


class StoringPeople(Saving):
    """The roster, and whoever a topic or an item names."""

    def _store_members(self) -> None:
        rows = self.plan.of(MEMBERS)
        memberships = Membership.objects.in_bulk([row.old.id for row in rows if row.old is not None])
        people = self._store_people(rows, memberships)
        leads_before = self._leads()
        ending, changed, new = [], [], []
        for row in rows:
            if row.kind == "unchanged":
                continue
            member: MemberRow = row.row
            if row.old is None:
                record = Membership(studio=self.studios[member.studio])
                new.append(record)
            else:
                record = memberships[row.old.id]
                steps_down = row.old.role == "lead" != member.role
                (ending if steps_down or member.left_on else changed).append(record)
            record.person = people[member.who]
            record.role, record.duty, record.indicator_text = member.role, member.duty, member.indicator
            record.joined_on, record.left_on = member.joined_on, member.left_on
            record.leave_reason = member.leaving_reason
        # whoever steps down goes first: a studio has one lead at any time
        self._save(Membership, [], ending, _MEMBERSHIP_FIELDS)
        self._save(Membership, new, changed, _MEMBERSHIP_FIELDS)
        self._record_changes_of_lead(leads_before)

    def _store_people(self, rows: list[RowPlan], memberships: dict[int, Membership]) -> dict[tuple, Person]:
        """The people of the roster by what they are known by, created and brought up to date."""
        ids = {row.row.who: memberships[row.old.id].person_id for row in rows if row.old is not None}
        by_id = Person.objects.in_bulk(set(ids.values()))
        people = {who: by_id[pk] for who, pk in ids.items()}
        numbers = {row.row.staff_number for row in rows if row.row.who not in people and row.row.staff_number}
        people |= {(person.staff_no,): person for person in Person.objects.filter(staff_no__in=numbers)}
        honours = {
            row.row.name: row.row.lead_honours for row in self.plan.of(STUDIOS) if row.kind != "unchanged"
        }
        new: dict[tuple, Person] = {}
        changed: dict[tuple, Person] = {}
        for row in rows:
            member: MemberRow = row.row
            person = people.get(member.who)
            if person is None:
                person = people[member.who] = new[member.who] = Person(unit=self.studios[member.studio].unit)
            wanted = _personal(member)
            if member.role == "lead" and not member.left_on and member.studio in honours:
                wanted["honours"] = honours[member.studio]
            if any(getattr(person, name) != value for name, value in wanted.items()):
                for name, value in wanted.items():
                    setattr(person, name, value)
                person.settle()
                if member.who not in new:
                    changed[member.who] = person
        self._save(Person, list(new.values()), list(changed.values()), _PERSON_FIELDS)
        return people

    def _leads(self) -> dict[int, str]:
        ids = [studio.pk for studio in self.studios.values()]
        leading = Membership.objects.filter(studio__in=ids, role="lead", left_on=None)
        return dict(leading.values_list("studio", "person__name"))

    def _record_changes_of_lead(self, before: dict[int, str]) -> None:
        StudioEvent.objects.bulk_create(
            StudioEvent(
                studio_id=pk,
                kind=StudioEvent.Kind.LEAD_CHANGED,
                on=self.today,
                before=before[pk],
                after=name,
                reason=_("From the ledger"),
                by=self.by,
            )
            for pk, name in self._leads().items()
            if before.get(pk, name) != name
        )

    def _people_by_name(self) -> dict[tuple[int, str], int]:
        """Who answers to a name in a studio; those who are still there before those who left."""
        ids = [studio.pk for studio in self.studios.values()]
        rows = Membership.objects.filter(studio__in=ids).values_list(
            "studio", "person__name", "person", "left_on"
        )
        found: dict[tuple[int, str], int] = {}
        for studio, name, person, _left in sorted(rows, key=lambda row: (row[3] is not None, row[2])):
            found.setdefault((studio, name), person)
        return found

    def _name_people(self, record, row: TopicRow | ItemRow, names: tuple[str, ...]) -> list[int]:
        """Set owner and helpers by name, those nobody answers to as text; gives the helpers' ids."""
        studio = self.studios[row.studio].pk
        record.owner_id = self._people.get((studio, row.owner)) if row.owner else None
        record.owner_name = "" if record.owner_id else row.owner
        record.other_helpers = "、".join(name for name in names if (studio, name) not in self._people)
        return [self._people[studio, name] for name in names if (studio, name) in self._people]

    def _find_people_again(self, model, column: str) -> None:
        """Know by the roster who was until now only a name: it may have come after the plans."""
        path = "studio" if model is Topic else "plan__studio"
        ours = model.objects.filter(**{f"{path}__in": [studio.pk for studio in self.studios.values()]})
        records, links = [], []
        for record in ours.exclude(owner_name="", other_helpers="").select_related(
            "studio" if model is Topic else "plan"
        ):
            studio = record.studio_id if model is Topic else record.plan.studio_id
            owner = self._people.get((studio, record.owner_name))
            names = record.other_helpers.split("、")
            known = [self._people[studio, name] for name in names if (studio, name) in self._people]
            if owner:
                record.owner_id, record.owner_name = owner, ""
            if known:
                record.other_helpers = "、".join(name for name in names if (studio, name) not in self._people)
                links.append((record, known))
            if owner or known:
                records.append(record)
        model.objects.bulk_update(records, ["owner", "owner_name", "other_helpers"], batch_size=BATCH)
        self._link(model.helpers.through, column, links, fresh=True)


def _personal(row: MemberRow) -> dict[str, Any]:
    """What a member row says about the person, in the fields of a person."""
    return {
        "name": row.name,
        "staff_no": row.staff_number or None,
        "sex": row.sex,
        "born_on": row.born_on,
        "education": row.education,
        "post": row.post,
        "title": row.title,
        "skill_grade": row.skill_grade,
        "trade": row.trade,
        "team": row.team,
        "mobile": row.phone,
    }


_PERSON_FIELDS = (
    "name",
    "staff_no",
    "sex",
    "born_on",
    "education",
    "post",
    "title",
    "skill_grade",
    "trade",
    "team",
    "mobile",
    "honours",
)
_MEMBERSHIP_FIELDS = ("role", "duty", "indicator_text", "joined_on", "left_on", "leave_reason")
