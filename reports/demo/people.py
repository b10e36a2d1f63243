"""Invented people: names that do not repeat, and what stands about them on a roster."""

from collections.abc import Iterator
from datetime import date
from itertools import count
from random import Random

from members.models import Person
from reports.demo import words

#: A step that has no divisor in common with the number of names, so that every name comes before any repeats.
STRIDE = 7919


def names(start: int) -> Iterator[str]:
    """All names the words allow (over 100,000), in an order in which neighbours look unlike."""
    families, first, second = words.SURNAMES, words.FIRST, words.SECOND
    total = len(families) * len(first) * len(second)
    for number in count():
        place = (start + number * STRIDE) % total
        place, a = divmod(place, len(families))
        place, b = divmod(place, len(first))
        yield families[a] + first[b] + second[place]


class Roster:
    """Makes people, each with a number of his own."""

    def __init__(self, chance: Random, on: date):
        self.chance, self.on = chance, on
        # Leads take their names from one end and members from the other: a studio is named after its lead.
        self._leads, self._members = names(11), names(70_001)
        self._numbers = count(1)

    def lead(self, unit_id: int, trade: str, honours: str) -> Person:
        lead = self._person(
            next(self._leads),
            unit_id,
            trade,
            age=(40, 57),
            honours=honours,
            skill_grade="高级技师",
            post="首席技师",
        )
        if lead.sex == Person.Sex.FEMALE:  # women workers retire ten years before men
            lead.born_on = lead.born_on.replace(year=lead.born_on.year + 10)
        return lead

    def member(self, unit_id: int, trade: str) -> Person:
        return self._person(next(self._members), unit_id, trade, age=(24, 55))

    def official(self, unit_id: int, post: str) -> Person:
        return self._person(
            next(self._members), unit_id, "", age=(32, 54), post=post, skill_grade="", title=""
        )

    def _person(self, name: str, unit_id: int, trade: str, *, age: tuple[int, int], **known) -> Person:
        chance, number = self.chance, next(self._numbers)
        about = {
            "skill_grade": chance.choice(words.GRADES),
            "title": chance.choice(words.TITLES),
            "post": chance.choice(words.POSTS),
            **known,
        }
        if about["title"] and "skill_grade" not in known:
            about["skill_grade"] = ""  # an engineer
        person = Person(
            pk=number,
            name=name,
            staff_no=f"DS{100000 + number}",
            unit_id=unit_id,
            sex=chance.choices(Person.Sex.values, [3, 1])[0],
            born_on=date(self.on.year - chance.randint(*age), chance.randint(1, 12), 1),
            education=chance.choice(words.EDUCATION),
            trade=trade[:60],
            team=f"{chance.choice('甲乙丙丁')}班" if trade else "",
            # 199 0000 is nobody's: the numbers cannot reach a real telephone.
            mobile=f"1990000{number % 10000:04d}",
            **about,
        )
        person.settle()
        return person
