"""What a person carries, shown on his page: the apps above offer a section each when they are ready."""

from collections.abc import Callable
from dataclasses import dataclass

from members.models import Person, User


@dataclass(frozen=True)
class Section:
    """A piece of the page: a template and the function that gives it ``carried``."""

    order: int
    template: str
    carried: Callable[[User, Person], dict]


_sections: dict[str, Section] = {}


def register(order: int, template: str, carried: Callable[[User, Person], dict]) -> None:
    """Offer a section. ``carried(user, person)`` gives what the user may see of it to the template."""
    _sections[template] = Section(order, template, carried)


def sections_for(user: User, person: Person) -> list[tuple[str, dict]]:
    """(template, what it shows) in order."""
    ordered = sorted(_sections.values(), key=lambda section: section.order)
    return [(section.template, section.carried(user, person)) for section in ordered]
