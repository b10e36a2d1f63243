"""As of when the figures of a page hold, and who last changed what they sum: a line on every summary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Change:
    """The newest change of what a page sums. ``who`` is empty where the calendar acted; ``where`` names the
    studio on a page that sums several, ``href`` opens what was changed."""

    when: datetime
    who: str
    where: str = ""
    href: str = ""


@dataclass(frozen=True)
class Seal:
    """When the figures of a closed period were sealed, and by whom; empty where the calendar closed it."""

    when: datetime
    who: str


@dataclass(frozen=True)
class AsOf:
    """``at`` is the moment of reading, ``stored_at`` that of figures which were added up in the background.

    Figures that are sealed hold as of their ``seal``, whatever the moment.
    """

    at: datetime
    change: Change | None = None
    stored_at: datetime | None = None
    seal: Seal | None = None
