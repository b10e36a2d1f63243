"""Who has a part in an achievement: the names as written, and the people they are."""

from achievements.models import Achievement
from members.models import Person


def link(achievement: Achievement) -> None:
    """Bring the people in line with the written names: those linked already, then whoever was in the studio.

    A name that several bear, or nobody, stays a name.
    """
    known = {person.name: person for person in achievement.people.all()}
    missing = [name for name in achievement.names if name not in known]
    found: dict[str, list[Person]] = {}
    members = achievement.studio.memberships.values("person")
    for person in Person.objects.filter(name__in=missing, pk__in=members):
        found.setdefault(person.name, []).append(person)
    known |= {name: people[0] for name, people in found.items() if len(people) == 1}
    achievement.people.set([known[name] for name in achievement.names if name in known])


def people_of(achievement: Achievement, *, seen_by) -> list[tuple[str, Person | None]]:
    """(name, the person whose page one may open or None), the greatest contribution first. Two queries."""
    people = list(achievement.people.order_by("pk"))
    names = achievement.names or [person.name for person in people]
    seen = Person.objects.visible_to(seen_by).filter(pk__in=[person.pk for person in people])
    visible = {person.name: person for person in people if person in set(seen)}
    return [(name, visible.get(name)) for name in names]
