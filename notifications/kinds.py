"""The catalogue of what people can be told. Each app registers its kinds when it is ready."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.dateformat import format as format_date
from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.calendar import Period
from core.shown import day
from notifications import deputies
from notifications.models import Notice, Urgency

log = logging.getLogger(__name__)


class Because(TextChoices):
    """Why a notice that was planned is not sent after all."""

    DONE = "done", pgettext_lazy("not sent because", "settled")
    NOT_YOURS = "not_yours", pgettext_lazy("not sent because", "somebody else's now")
    NO_RIGHT = "no_right", pgettext_lazy("not sent because", "no longer allowed to see it")
    GONE = "gone", pgettext_lazy("not sent because", "no longer there")
    MOVED = "moved", pgettext_lazy("not sent because", "the date was moved")
    AWAY = "away", pgettext_lazy("not sent because", "away, the deputy is told")
    BACK = "back", pgettext_lazy("not sent because", "the absent one is back")


@dataclass(frozen=True)
class Kind:
    """One kind of notice.

    ``sentence`` and ``reason`` are lazy texts with ``%(name)s`` for the notice's parameters; a parameter
    whose name ends in ``_on`` is an ISO day, one that ends in ``month`` the first day of a month, one that
    ends in ``_period`` the key of a period, and all are written in the reader's language. ``immediate``
    kinds are mailed at once, all others wait for the digest. What asks for an act goes to the ``deputy`` of
    whoever is away. ``still_true(notice)`` gives the reason (a
    `Because`) not to send it any more, or None.
    """

    name: str
    label: Promise | str
    sentence: Promise | str
    reason: Promise | str
    urgency: Urgency = Urgency.INFO
    immediate: bool = False
    deputy: bool = False
    still_true: Callable[[Notice], str | None] | None = None

    def say(self, text: Promise | str, params: dict) -> str:
        """The text with its parameters, in the active language. KeyError if one is missing."""
        return str(text) % {name: _shown(name, value) for name, value in params.items()}

    @property
    def example(self) -> str:
        """The sentence as it may come, for whoever chooses what he wants to be told by mail."""
        return str(self.sentence) % _Sample(EXAMPLE)

    @property
    def example_reason(self) -> str:
        return str(self.reason) % _Sample(EXAMPLE)

    def why_no_longer(self, notice: Notice) -> str | None:
        """The reason not to send the notice any more, None if it still holds.

        What a deputy is told must hold for the one he stands in for.
        """
        if notice.on_behalf_of_id and not deputies.stands_in(notice):
            return Because.BACK
        if self.still_true is None:
            return None
        try:
            return self.still_true(deputies.as_if_told_himself(notice))
        except Exception:
            # A fault in one kind must not cost a person the rest of the day's message.
            log.exception("Whether %s still holds cannot be told; it is sent.", notice)
            return None


#: What examples speak of; whatever is not named here is shown as an ellipsis.
EXAMPLE = {
    "subject": _("Lower the anode scrap rate"),
    "studio": _("Chen Lixin's studio"),
    "unit": _("Plant One"),
    "applicant": _("Chen Lixin"),
    "count": 3,
}
EXAMPLE_DAY = date(2026, 11, 20)


class _Sample(dict):
    """The parameters of an example, whichever a sentence asks for."""

    def __missing__(self, name):
        if name.endswith("_on"):
            return day(EXAMPLE_DAY)
        if name.endswith("month"):
            return format_date(EXAMPLE_DAY, get_format("YEAR_MONTH_FORMAT"))
        if name.endswith("period"):
            return str(Period.of_month(EXAMPLE_DAY.year, EXAMPLE_DAY.month))
        return "…"


UNKNOWN = Kind("", _("Other"), _("News about “%(subject)s”"), _("You were told about it."))

_catalogue: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Add kinds to the catalogue; a name registered again is replaced."""
    _catalogue.update({kind.name: kind for kind in kinds})


def get(name: str) -> Kind:
    """The kind of that name; a general one for rows of a kind that no longer exists."""
    return _catalogue.get(name, UNKNOWN)


def known(name: str) -> Kind:
    """The kind of that name, LookupError if nobody registered it."""
    if name not in _catalogue:
        raise LookupError(f"No kind of notice is called {name!r}.")
    return _catalogue[name]


def every() -> list[Kind]:
    """All kinds there are, the worst first."""
    return sorted(_catalogue.values(), key=lambda kind: kind.urgency)


def names() -> list[str]:
    """The names of all kinds."""
    return list(_catalogue)


def speaking_of(words: str) -> list[str]:
    """The names of the kinds whose label or sentence has the words in it, in the active language."""
    words = words.lower()
    return [
        kind.name
        for kind in _catalogue.values()
        if words in str(kind.label).lower() or words in str(kind.sentence).lower()
    ]


def _shown(name: str, value) -> str:
    if name.endswith("_on") and value:
        return day(date.fromisoformat(value))
    if name.endswith("month") and value:
        return format_date(date.fromisoformat(value), get_format("YEAR_MONTH_FORMAT"))
    if name.endswith("_period") and value:
        return str(Period.parse(value))
    return value
