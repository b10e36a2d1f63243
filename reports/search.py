"""Search: studios, people, topics, plan items and pages, as far as one may see them.

Every word must occur; what begins with the first word stands before what merely contains it. Studios and
people are also found by the first letters of their pinyin. Each kind costs one query, however much there is.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Case, F, Q, QuerySet, When
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import navigation
from members.models import Person, pinyin_initials
from projects.models import Lesson, PlanItem, Topic
from studios.models import Studio

LEAST = 2  # characters; a single one is in nearly every name
LONGEST = 60  # characters
MOST = 8  # hits of a kind
WORDS = 5


@dataclass(frozen=True)
class Hit:
    """One thing found: its name, what tells it from its namesakes, its address."""

    title: str
    sub: str
    url: str
    icon: str


@dataclass(frozen=True)
class Group:
    """The hits of one kind. ``cut``: there are more; ``more`` is the address of them all, "" without one."""

    name: str
    label: str
    hits: list[Hit]
    cut: bool = False
    more: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of record; ``name`` begins its addresses and names its list, if it has one."""

    name: str
    label: str
    icon: str
    visible: Callable[..., QuerySet]
    matching: Callable[[QuerySet, str], QuerySet]
    sub: Callable[..., str]
    title: str
    order: tuple
    initials: bool = False

    def found(self, user, words: list[str]) -> Group:
        records = self.visible(user)
        for word in words:
            records = self.matching(records, word)
        hits = [
            self.hit(record) for record in records.order_by(self._rank(words[0]), *self.order)[: MOST + 1]
        ]
        cut = len(hits) > MOST
        return Group(self.name, self.label, hits[:MOST], cut, self._list(words) if cut else "")

    def hit(self, record) -> Hit:
        return Hit(getattr(record, self.title), self.sub(record), record.get_absolute_url(), self.icon)

    def _rank(self, word):
        begins = Q(**{f"{self.title}__istartswith": word})
        if self.initials:
            begins |= Q(initials__startswith=word.lower())
        return Case(When(begins, then=0), When(**{f"{self.title}__icontains": word}, then=1), default=2)

    def _list(self, words):
        # The lists look for one run of characters; several words would find other rows there.
        try:
            return f"{reverse(self.name)}?{urlencode({'q': words[0]})}" if len(words) == 1 else ""
        except NoReverseMatch:
            return ""


def _joined(*parts) -> str:
    return " · ".join(str(part) for part in parts if part)


KINDS = (
    Kind(
        name="studios",
        label=gettext_lazy("Studios"),
        icon="building-factory",
        visible=lambda user: Studio.objects.visible_to(user).select_related("unit").with_lead(),
        matching=lambda studios, word: studios.matching(word),
        sub=lambda studio: _joined(studio.lead_name, studio.unit),
        title="name",
        order=("position", "pk"),
        initials=True,
    ),
    Kind(
        name="people",
        label=gettext_lazy("People"),
        icon="user",
        visible=lambda user: Person.objects.visible_to(user).select_related("unit"),
        matching=lambda people, word: people.named(word) | people.filter(staff_no__istartswith=word),
        sub=lambda person: _joined(person.unit, person.title or person.post),
        title="name",
        order=("name", "pk"),
        initials=True,
    ),
    Kind(
        name="topics",
        label=gettext_lazy("Topics"),
        icon="bulb",
        visible=lambda user: Topic.objects.visible_to(user).select_related("studio"),
        matching=lambda topics, word: topics.matching(word),
        sub=lambda topic: _joined(topic.studio, topic.get_state_display()),
        title="title",
        order=(F("due_on").desc(nulls_last=True), "-pk"),
    ),
    Kind(
        name="lessons",
        label=gettext_lazy("Lessons"),
        icon="books",
        visible=lambda user: Lesson.objects.visible_to(user).published().titled().select_related("studio"),
        matching=lambda lessons, word: lessons.matching(word),
        sub=lambda lesson: _joined(lesson.studio, lesson.learnt[:40]),
        title="title",
        order=(F("decided_at").desc(), "-pk"),
    ),
    Kind(
        name="items",
        label=gettext_lazy("Plan items"),
        icon="checkbox",
        visible=lambda user: PlanItem.objects.visible_to(user).select_related("plan__studio"),
        matching=lambda items, word: items.filter(Q(content__icontains=word) | Q(no__iexact=word)),
        sub=lambda item: _joined(item.studio, item.plan.span, item.get_state_display()),
        title="content",
        order=(F("due_on").desc(nulls_last=True), "-pk"),
    ),
)


def words_of(text: str) -> list[str]:
    """The words of what was typed, full-width letters made plain; none where it is too short to look for."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).replace("\0", "")
    words = plain.split()[:WORDS]
    return words if len("".join(words)) >= LEAST else []


def search(user, words: list[str]) -> list[Group]:
    """What fits all the words, by kind, best first; kinds without a hit are left out."""
    if not words:
        return []
    groups = [_pages(user, words), *(kind.found(user, words) for kind in KINDS)]
    return [group for group in groups if group.hits]


def pages(user) -> Group:
    """Where one may go without a search."""
    shown = navigation.pages_for(user)
    return Group("pages", _("Go to"), [Hit(page.label, "", page.url, page.icon) for page in shown])


def _pages(user, words):
    def fits(label, word):
        return word.lower() in label.lower() or pinyin_initials(label).startswith(word.lower())

    every = pages(user)
    hits = [hit for hit in every.hits if all(fits(str(hit.title), word) for word in words)]
    return Group(every.name, every.label, hits[:MOST])


def visited(user, addresses: Iterable[str]) -> Group:
    """The records behind beginnings of addresses such as ``studios/12``, in that order, if he may see them.

    What cannot be read, is gone or is not for him is left out without a word.
    """
    wanted = [parts for parts in map(_parts, addresses) if parts][:MOST]
    ids = defaultdict(set)
    for name, pk in wanted:
        ids[name].add(pk)
    hits = {
        (kind.name, record.pk): kind.hit(record)
        for kind in KINDS
        if ids[kind.name]
        for record in kind.visible(user).filter(pk__in=ids[kind.name])
    }
    found = [hits[parts] for parts in dict.fromkeys(wanted) if parts in hits]
    return Group("visited", _("Last visited"), found)


def _parts(address):
    name, _slash, pk = address.partition("/")
    return (name, int(pk)) if pk.isascii() and pk.isdigit() and len(pk) < 16 else None
