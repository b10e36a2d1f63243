"""An issued report as its files need it: what was frozen, the text, and who issued it when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reports.contents import Contents


@dataclass(frozen=True, kw_only=True)
class Issued:
    """``number`` is its version; ``reason`` says why there is more than one."""

    contents: Contents
    summary: str
    number: int
    reason: str
    on: date
    by: str
