"""Addresses of the rows behind a figure: the list that each one opens holds exactly what it counts."""

from urllib.parse import urlencode

from django.urls import reverse

#: What narrows the list of items to a count of a period.
ITEMS = {
    "planned": {"state": "planned"},
    "counted": {"state": "counted"},
    "done": {"state": "done"},
    "on_time": {"on_time": "1"},
    "overdue": {"overdue": "1"},
    "carried": {"state": "carried"},
    "tolerated": {"state": "tolerated"},
    "cancelled": {"state": "cancelled"},
}


def items(**narrowed) -> str:
    """The list of items, narrowed."""
    return f"{reverse('items')}?{urlencode(narrowed)}"


def studios(**narrowed) -> str:
    """The register, narrowed to studios that work."""
    return f"{reverse('studios')}?{urlencode({'state': 'working', **narrowed})}"


def narrowed(name: str, **narrowed) -> str:
    """One of the other lists, narrowed to the studios that work."""
    return f"{reverse(name)}?{urlencode({'studios': 'working', **narrowed})}"


def counts(**where) -> dict[str, str]:
    """The list behind each count; ``where`` is the period, and the unit or the studio."""
    return {name: items(**where, **narrowed) for name, narrowed in ITEMS.items()}
